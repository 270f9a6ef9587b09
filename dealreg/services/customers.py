"""Operations keep the vendor's list of customers."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from core.rows import change_row
from dealreg.events import AccountCreated
from dealreg.models import Account
from dealreg.rules.names import name_key, registrable_domain
from dealreg.services.indexing import index_new_account, reindex_accounts

FIELDS = ("name", "domain", "country", "parent_id", "sector", "employees", "external_ref")


@dataclass(frozen=True, slots=True)
class CustomerDetails:
    """What is known of a customer. `domain` may be written as an address of the company."""

    name: str
    domain: str = ""
    country: str = ""
    parent_id: int | None = None
    sector: str = ""
    employees: int | None = None
    external_ref: str | None = None


class OwnParent(ValueError):
    """A company cannot belong to itself, neither directly nor around a corner."""


def require_operations(actor: Actor) -> None:
    """Raises PermissionDenied for anyone but operations and the portal itself."""
    if not (actor.is_ops or actor.is_system):
        raise PermissionDenied(_("Changing customers needs the duty Partner operations."))


@transaction.atomic
def add_customer(*, actor: Actor, details: CustomerDetails) -> Account:
    """A new customer. Raises NotADomain, PermissionDenied."""
    require_operations(actor)
    account = Account()
    _carry_over(details, account)
    account.save(force_insert=True)
    index_new_account(account)
    fact = AccountCreated(name=account.name, domain=account.domain, country=account.country)
    record(fact, subject=account, actor=actor)
    return account


@transaction.atomic
def change_customer(*, actor: Actor, account_id: int, details: CustomerDetails) -> bool:
    """Sets what differs; False if nothing does. Raises NotADomain, OwnParent, PermissionDenied."""
    require_operations(actor)
    account = Account.objects.get(pk=account_id)
    if details.parent_id is not None and details.parent_id in _below(account_id):
        raise OwnParent(_("A company cannot belong to itself or to one of its subsidiaries."))
    _carry_over(details, account)
    fields = ["name", "name_key", "domain", "country", "parent", "sector", "employees"]
    changed = change_row(actor=actor, row=account, fields=[*fields, "external_ref"])
    if changed:
        reindex_accounts([account])
    return changed


def _carry_over(details: CustomerDetails, account: Account) -> None:
    for name in FIELDS:
        setattr(account, name, getattr(details, name))
    account.name_key = name_key(account.name)
    account.domain = registrable_domain(account.domain)
    account.external_ref = account.external_ref or None


def _below(account_id: int) -> set[int]:
    """The company with all its subsidiaries, one query for each level."""
    found = level = {account_id}
    while level:
        rows = Account.objects.filter(parent_id__in=level).values_list("pk", flat=True)
        level = set(rows) - found
        found = found | level
    return found
