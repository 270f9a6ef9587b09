"""What the vendor's CRM knows of its own sales: what customers have bought, and which of them its
own people work on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from core.actor import Actor
from core.events import NewEvent, record_many
from core.facts import RowAdded
from core.rows import change_row, values_of
from dealreg.models import DirectOpportunity, Purchase
from dealreg.services.importing import BATCH, Imported, wait_for_other_imports

FOLLOWED = ("stage", "owner", "closed_on")


@dataclass(frozen=True, slots=True)
class PastPurchase:
    """`ref` is the CRM's reference, unique; `ends_on` None runs until further notice."""

    ref: str
    account_id: int
    product_line_id: int
    bought_on: dt.date
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class OwnOpportunity:
    """A direct opportunity as the CRM has it now. Without product line it counts for all."""

    ref: str
    account_id: int
    product_line_id: int | None
    stage: str
    owner: str
    opened_on: dt.date
    closed_on: dt.date | None = None


@transaction.atomic
def import_purchases(*, actor: Actor, purchases: Sequence[PastPurchase]) -> Imported:
    """Adds purchases whose reference is not known; what is known stays as it is."""
    wait_for_other_imports()
    there = Purchase.objects.filter(external_ref__in=[one.ref for one in purchases])
    known = {str(ref): pk for ref, pk in there.values_list("external_ref", "pk")}
    rows = Purchase.objects.bulk_create(
        [
            Purchase(
                external_ref=one.ref,
                account_id=one.account_id,
                product_line_id=one.product_line_id,
                bought_on=one.bought_on,
                ends_on=one.ends_on,
            )
            for one in purchases
            if one.ref not in known
        ],
        batch_size=BATCH,
    )
    return _imported(known, rows, actor)


@transaction.atomic
def import_direct_opportunities(
    *, actor: Actor, opportunities: Sequence[OwnOpportunity]
) -> Imported:
    """Adds direct opportunities, and brings known ones to the CRM's stage, owner and close: an
    opportunity that was closed there keeps no partner out any longer."""
    wait_for_other_imports()
    refs = [one.ref for one in opportunities]
    known = DirectOpportunity.objects.filter(external_ref__in=refs)
    there = {str(row.external_ref): row for row in known}
    for one in opportunities:
        if one.ref in there:
            _follow(there[one.ref], one, actor)
    rows = DirectOpportunity.objects.bulk_create(
        [
            DirectOpportunity(
                external_ref=one.ref,
                account_id=one.account_id,
                product_line_id=one.product_line_id,
                stage=one.stage,
                owner=one.owner,
                opened_on=one.opened_on,
                closed_on=one.closed_on,
            )
            for one in opportunities
            if one.ref not in there
        ],
        batch_size=BATCH,
    )
    return _imported({ref: row.pk for ref, row in there.items()}, rows, actor)


def _follow(row: DirectOpportunity, told: OwnOpportunity, actor: Actor) -> None:
    before = [getattr(row, name) for name in FOLLOWED]
    for name in FOLLOWED:
        setattr(row, name, getattr(told, name))
    if before != [getattr(row, name) for name in FOLLOWED]:
        change_row(actor=actor, row=row, fields=FOLLOWED)


def _imported(
    known: dict[str, int], rows: Sequence[Purchase | DirectOpportunity], actor: Actor
) -> Imported:
    facts = (
        NewEvent(RowAdded(str(row._meta.verbose_name), row.external_ref or "", values_of(row)), row)
        for row in rows
    )
    record_many(facts, actor=actor)
    added = {str(row.external_ref): row.pk for row in rows}
    return Imported(known | added, frozenset(added))
