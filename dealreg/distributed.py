"""What a distributor reads of its resellers' deals: the least that its region lays down.

Never their margins, protections, notes, files, decisions or people.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from core.actor import Actor
from core.money import Money
from core.ui import Text
from dealreg.distribution_access import may_endorse, route_for_reading
from dealreg.models import Deal, DealRoute
from dealreg.models.distribution import DealRouteQuerySet
from dealreg.rules.distribution import Endorsement
from dealreg.rules.states import DealStatus
from partners.queries.distribution import terms_of_resellers
from partners.rules.distribution import DistributionTerms


@dataclass(frozen=True, slots=True)
class DistributedDeal:
    """One deal as its distributor sees it; empty is what it is not to see."""

    deal_id: int
    reference: str
    reseller: str
    product_line: str
    status: str
    status_label: str
    submitted_at: dt.datetime | None
    customer: str
    country: str
    amount: Money | None
    expected_close: dt.date | None
    endorsement: Endorsement
    answer_until: dt.datetime | None
    answered_at: dt.datetime | None
    note: str
    may_answer: bool

    @property
    def waits(self) -> bool:
        return self.endorsement == Endorsement.WAITING


def routes(actor: Actor, *, waiting: bool = False) -> DealRouteQuerySet:
    """The deals that run through the actor's company, for a list."""
    rows = DealRoute.objects.visible_to(actor).select_related(
        "deal__partner__region", "deal__product_line"
    )
    if waiting:
        rows = rows.filter(endorsement=Endorsement.WAITING, deal__status=DealStatus.IN_REVIEW)
    return rows


def waiting_number(actor: Actor) -> int:
    """How many wait for the company's endorsement (counted up to 100)."""
    return routes(actor, waiting=True).order_by()[:100].count()


def shown(actor: Actor, rows: Iterable[DealRoute]) -> list[DistributedDeal]:
    """Rows as the distributor sees them. One query."""
    rows = list(rows)
    terms = terms_of_resellers({row.deal.partner_id: row.deal.partner.region.path for row in rows})
    answers = may_endorse(actor)
    return [_shown(row, terms[row.deal.partner_id], answers) for row in rows]


def distributed_deal(actor: Actor, deal_id: int) -> DistributedDeal:
    """One of them by right (Http404)."""
    return shown(actor, [route_for_reading(actor, deal_id)])[0]


def _shown(row: DealRoute, terms: DistributionTerms, answers: bool) -> DistributedDeal:
    deal: Deal = row.deal
    waits = row.endorsement == Endorsement.WAITING and deal.status == DealStatus.IN_REVIEW
    endorsement = Endorsement(row.endorsement)
    if endorsement == Endorsement.WAITING and not waits:
        endorsement = Endorsement.PASSED_OVER
    priced = terms.amounts_shown and deal.amount is not None
    return DistributedDeal(
        deal_id=deal.pk,
        reference=deal.reference,
        reseller=deal.partner.name,
        product_line=deal.product_line.name if deal.product_line else "",
        status=deal.status,
        status_label=str(deal.get_status_display()),
        submitted_at=deal.submitted_at,
        customer=deal.customer_name if terms.customers_shown else "",
        country=deal.customer_country if terms.customers_shown else "",
        amount=Money(deal.amount, deal.currency) if priced and deal.amount is not None else None,
        expected_close=deal.expected_close,
        endorsement=endorsement,
        answer_until=row.answer_until if waits else None,
        answered_at=row.answered_at,
        note=row.note,
        may_answer=waits and answers,
    )


@dataclass(frozen=True, slots=True)
class RouteShown:
    """The way of a deal as its reseller and the vendor read it."""

    distributor: str
    kept: bool
    endorsement: Text
    waits: bool
    answer_until: dt.datetime | None
    note: str


def route_shown(deal: Deal) -> RouteShown | None:
    """The way of a deal whose reader was let through to it; None where there is none to tell of.
    One query."""
    route = DealRoute.objects.select_related("distributor").filter(deal=deal).first()
    if route is None:
        return None
    asked = route.endorsement != Endorsement.NONE
    return RouteShown(
        distributor=route.distributor.name if route.distributor else "",
        kept=route.kept,
        endorsement=Endorsement(route.endorsement).label if asked else "",
        waits=route.endorsement == Endorsement.WAITING and deal.status == DealStatus.IN_REVIEW,
        answer_until=route.answer_until,
        note=route.note,
    )


def awaits_endorsement(deal: Deal) -> bool:
    """Whether a distributor is asked first and has not answered yet. One query."""
    return DealRoute.objects.filter(
        deal_id=deal.pk, deal__status=DealStatus.IN_REVIEW, endorsement=Endorsement.WAITING
    ).exists()
