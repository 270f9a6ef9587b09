"""Operations tell the portal under which other names and domains a customer is known."""

from django.db import transaction

from core.actor import Actor
from core.rows import add_row, change_row, remove_row
from dealreg.models import Account, AccountAlias
from dealreg.rules.names import name_key, registrable_domain
from dealreg.services.customers import require_operations
from dealreg.services.indexing import reindex_accounts


@transaction.atomic
def add_alias(*, actor: Actor, account_id: int, name: str = "", domain: str = "") -> AccountAlias:
    """From now on the customer is found under `name` and `domain` too. Raises NotADomain,
    PermissionDenied, IntegrityError when it has this one already or both are empty."""
    require_operations(actor)
    alias = AccountAlias(account=Account.objects.get(pk=account_id))
    _carry_over(alias, name, domain)
    add_row(actor=actor, row=alias)
    reindex_accounts([alias.account])
    return alias


@transaction.atomic
def change_alias(*, actor: Actor, alias_id: int, name: str, domain: str) -> bool:
    """Sets what differs; False if nothing does. Raises as add_alias."""
    require_operations(actor)
    alias = AccountAlias.objects.select_related("account").get(pk=alias_id)
    _carry_over(alias, name, domain)
    changed = change_row(actor=actor, row=alias, fields=["name", "name_key", "domain"])
    if changed:
        reindex_accounts([alias.account])
    return changed


@transaction.atomic
def remove_alias(*, actor: Actor, alias_id: int) -> None:
    """The customer is no longer found under this name and domain. Raises PermissionDenied."""
    require_operations(actor)
    alias = AccountAlias.objects.select_related("account").get(pk=alias_id)
    account = alias.account
    remove_row(actor=actor, row=alias)
    reindex_accounts([account])


def _carry_over(alias: AccountAlias, name: str, domain: str) -> None:
    alias.name, alias.name_key = name, name_key(name)
    alias.domain = registrable_domain(domain)
