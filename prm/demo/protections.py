"""Work on protected customers in the example: dated evidence, and a request for more time."""

import datetime as dt
from dataclasses import dataclass

from core.actor import system
from core.events import NewEvent, record_many
from dealreg.events import EvidenceAdded, ExtensionAsked
from dealreg.models import Deal, EvidenceItem, Extension
from dealreg.rules.protection import EvidenceKind
from dealreg.rules.states import DealStatus
from dealreg.services.protecting import end_of

NEEDS_TIME = "demo:nordlicht:rheinfaden:network-insight:1"
REASON = (
    "Both mills have seen the proof of concept. The works council decides in four weeks, and "
    "purchasing signs right after it."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One piece of evidence, that many days ago."""

    ref: str
    kind: EvidenceKind
    days_ago: int
    note: str


EVIDENCE = [
    Shown(NEEDS_TIME, EvidenceKind.MEETING, 48, "Workshop with plant managers of both mills"),
    Shown(NEEDS_TIME, EvidenceKind.PROOF, 13, "Proof of concept in the Krefeld mill, two weeks"),
    Shown("demo:nordlicht:hansaport:cloud-backup:1", EvidenceKind.MEETING, 9, "Site visit Hamburg"),
    Shown("demo:nordlicht:brocken:identity:1", EvidenceKind.QUOTE, 37, "Offer for 3,000 seats"),
]


def tell_of_work(now: dt.datetime) -> None:
    """Adds what is missing of it; a second run adds nothing."""
    refs = {one.ref for one in EVIDENCE}
    deals = {
        str(deal.external_ref): deal
        for deal in Deal.objects.filter(
            external_ref__in=refs, status=DealStatus.APPROVED, evidence__isnull=True
        ).select_related("created_by", "protection")
    }
    news = [new for one in EVIDENCE if one.ref in deals for new in _show(one, deals[one.ref], now)]
    if NEEDS_TIME in deals:
        news.append(_ask(deals[NEEDS_TIME], now))
    record_many(news, actor=system("example data"), heard=False)


def _show(one: Shown, deal: Deal, now: dt.datetime) -> list[NewEvent]:
    at = now - dt.timedelta(days=one.days_ago)
    EvidenceItem.objects.create(
        deal=deal,
        kind=one.kind,
        dated_on=at.date(),
        note=one.note,
        added_by=deal.created_by,
        added_by_label=str(deal.created_by or ""),
        added_at=at,
    )
    fact = EvidenceAdded(one.kind.value, at.date(), one.note)
    return [NewEvent(fact, deal, deal.partner_id, at)]


def _ask(deal: Deal, now: dt.datetime) -> NewEvent:
    at = now - dt.timedelta(days=1, hours=3)
    Extension.objects.create(
        deal=deal,
        reason=REASON,
        asked_by=deal.created_by,
        asked_at=at,
        until_before=end_of(deal.protection),
    )
    return NewEvent(ExtensionAsked(deal.customer_name, REASON), deal, deal.partner_id, at)
