"""Customers and product lines from elsewhere."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from core.actor import Actor
from core.events import NewEvent, record_many
from dealreg.events import AccountCreated, ProductLineAdded
from dealreg.models import Account, ProductLine
from dealreg.rules.names import name_key
from dealreg.services.importing.past import Imported, PastAccount
from dealreg.services.importing.turns import BATCH, wait_for_other_imports
from dealreg.services.indexing import copy_keys


@transaction.atomic
def import_product_lines(*, actor: Actor, lines: Mapping[str, str]) -> dict[str, int]:
    """Adds product lines (code → name) that are not there; answers code → id for all."""
    wait_for_other_imports()
    known = set(ProductLine.objects.filter(code__in=lines).values_list("code", flat=True))
    rows = ProductLine.objects.bulk_create(
        ProductLine(code=code, name=name) for code, name in lines.items() if code not in known
    )
    record_many([NewEvent(ProductLineAdded(row.code, row.name), row) for row in rows], actor=actor)
    return dict(ProductLine.objects.filter(code__in=lines).values_list("code", "id"))


@transaction.atomic
def import_accounts(*, actor: Actor, accounts: Sequence[PastAccount]) -> Imported:
    """Adds customers and joins them to their parents.

    A customer that the portal knows already, by name and country and without a reference, is
    taken over instead of being added a second time.
    """
    wait_for_other_imports()
    ids = {str(row.external_ref): row.merged_into_id or row.pk for row in _accounts(accounts)}
    missing = [one for one in accounts if one.ref not in ids]
    adopted = _adopt(missing)
    rows = Account.objects.bulk_create(
        [
            Account(
                name=one.name,
                name_key=name_key(one.name),
                domain=one.domain,
                country=one.country,
                sector=one.sector,
                employees=one.employees,
                external_ref=one.ref,
                created_at=one.created_at,
            )
            for one in missing
            if one.ref not in adopted
        ],
        batch_size=BATCH,
    )
    copy_keys(rows)
    record_many(
        [
            NewEvent(AccountCreated(row.name, row.domain, row.country), row, None, row.created_at)
            for row in rows
        ],
        actor=actor,
    )
    added = {str(row.external_ref): row.pk for row in rows}
    ids |= adopted | added
    _join_parents([one for one in missing if one.parent], ids)
    return Imported(ids, frozenset(added), frozenset(adopted))


def _adopt(missing: Sequence[PastAccount]) -> dict[str, int]:
    """Gives a reference to customers that partners brought in before the import."""
    wanted = {(name_key(one.name), one.country): one for one in missing}
    rows = Account.objects.filter(
        external_ref__isnull=True,
        merged_into__isnull=True,
        name_key__in={key for key, _country in wanted},
    ).order_by("id")
    adopted: dict[str, int] = {}
    for row in rows:
        one = wanted.pop((row.name_key, row.country), None)
        if one is None:
            continue
        row.external_ref = one.ref
        row.sector = row.sector or one.sector
        row.employees = row.employees if row.employees is not None else one.employees
        row.save(update_fields=["external_ref", "sector", "employees"])
        adopted[one.ref] = row.pk
    return adopted


def _join_parents(children: Sequence[PastAccount], ids: Mapping[str, int]) -> None:
    rows = {str(row.external_ref): row for row in _accounts(children) if not row.merged_into_id}
    changed = []
    for child in children:
        row, parent_id = rows.get(child.ref), ids.get(child.parent)
        if row is not None and row.parent_id is None and parent_id not in (None, row.pk):
            row.parent_id = parent_id
            changed.append(row)
    Account.objects.bulk_update(changed, ["parent"], batch_size=BATCH)


def _accounts(accounts: Sequence[PastAccount]) -> Iterable[Account]:
    return Account.objects.filter(external_ref__in=[one.ref for one in accounts])
