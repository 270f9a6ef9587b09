"""Which way a registration goes, as it is registered or kept as a draft."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise

from core.actor import Actor
from core.appointments import make_appointment
from core.events import NewEvent
from dealreg.distribution_events import DealKept, DealRouted, EndorsementAsked
from dealreg.models import Deal, DealRoute
from dealreg.rules.distribution import KEEP, Endorsement, NotAWay, way_of
from dealreg.rules.request import RegistrationRequest
from partners.queries import calendar_of
from partners.queries.distribution import Distributor, distribution_terms, distributors_of
from partners.rules import RegistrationRights, add_business_days
from partners.rules.distribution import DistributionTerms

ENDORSE_BY = "dealreg.go_on_without_endorsement"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The way that was chosen; None is direct, because there is no distributor."""

    route: DealRoute | None
    through: Distributor | None
    terms: DistributionTerms
    problems: dict[str, str | Promise]

    @property
    def asks_first(self) -> bool:
        return (
            self.route is not None
            and self.terms.endorses_first
            and self.through is not None
            and self.route.endorsement != Endorsement.ENDORSED
        )


DIRECT = Chosen(None, None, DistributionTerms(), {})


def chosen_way(request: RegistrationRequest, deal: Deal, rights: RegistrationRights) -> Chosen:
    """The way that the request asks for, or that the deal had, among those open to the partner.
    No query where there is no distributor, three where there is one."""
    found = distributors_of(rights.partner_id, rights.region_path) if rights.resells else []
    links = {one.link_id: one for one in found}
    known = DealRoute.objects.filter(deal_id=deal.pk).first() if deal.pk else None
    if not links:
        if known is not None:
            known.delete()
        return DIRECT
    terms = distribution_terms(rights.region_path, rights.partner_id)
    choice = request.distributor
    if choice is None:
        choice = _as_before(known, links, may_keep=terms.may_keep)
    try:
        way = way_of(choice, links, may_keep=terms.may_keep)
    except NotAWay as wrong:
        return Chosen(None, None, terms, {"distributor": wrong.args[0]})
    through = links[way.link_id] if way.link_id else None
    route = known or DealRoute()
    moved = route.distributor_id != (through.partner_id if through else None)
    route.kept = way.kept
    route.link_id, route.distributor_id = way.link_id, through.partner_id if through else None
    if moved:
        route.endorsement, route.answer_until, route.note = Endorsement.NONE, None, ""
    return Chosen(route, through, terms, {})


def _as_before(known: DealRoute | None, links: dict[int, Distributor], *, may_keep: bool) -> str:
    """What was chosen for the deal, as far as it is still open."""
    if known is None or (known.kept and not may_keep):
        return ""
    if known.kept:
        return KEEP
    return str(known.link_id) if known.link_id in links else ""


def keep_way(deal: Deal, chosen: Chosen) -> None:
    """Stores the way of a stored deal."""
    if chosen.route is not None:
        chosen.route.deal = deal
        chosen.route.save()


def tell_way(actor: Actor, deal: Deal, chosen: Chosen) -> list[NewEvent]:
    """What there is to tell of the way that a registration takes."""
    if chosen.route is None:
        return []
    if chosen.through is None:
        return [NewEvent(DealKept(deal.customer_name), deal, deal.partner_id, actor=actor)]
    told = DealRouted(deal.customer_name, chosen.through.name)
    return [NewEvent(told, deal, deal.partner_id, actor=actor)]


def ask_distributor(deal: Deal, chosen: Chosen, now: dt.datetime) -> NewEvent:
    """Has the distributor endorse first, within the business days that the region gives it."""
    assert chosen.route is not None
    assert chosen.through is not None  # asks_first
    route = chosen.route
    calendar = calendar_of(deal.partner_id)
    end = add_business_days(now, chosen.terms.endorse_days, calendar)
    route.endorsement, route.answer_until = Endorsement.WAITING, end
    route.answered_at, route.answered_by_id, route.note = None, None, ""
    keep_way(deal, chosen)
    make_appointment(ENDORSE_BY, deal, end)
    asked = EndorsementAsked(deal.customer_name, chosen.through.name, end)
    return NewEvent(asked, deal, deal.partner_id)
