"""What every act on a relation of two companies does: it takes the relation in order, moves it
and tells both."""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor, system
from core.appointments import cancel_appointments, make_appointment
from core.events import NewEvent, record_many
from partners.events.distribution import THE_OTHER_COMPANY, DistributionMoved
from partners.models import DistributionLink, Partner
from partners.queries.distribution import distribution_terms, in_force, name_of_other, side_of
from partners.rules import IN_BUSINESS
from partners.rules.distribution import LinkState, Side
from partners.services.lifecycle import locked_partner

EXPIRE_PROPOSAL = "partners.expire_distribution_proposal"
END_LINK = "partners.end_distribution_on_its_last_day"


DAY = dt.timedelta(days=1)


class DistributionRefused(ValueError):
    """The relation cannot be made or moved like that; the message says why."""


def locked(found: DistributionLink) -> DistributionLink:
    """A relation as it is now. All relations of one reseller change one after the other, so
    that two acceptances at once cannot both be the only one."""
    if found.reseller_id is not None:
        locked_partner(found.reseller_id)
    rows = DistributionLink.objects.select_for_update(of=("self",))
    return rows.select_related("distributor", "reseller__region").get(pk=found.pk)


def require_room(reseller: Partner, distributor: Partner, link_id: int | None) -> None:
    """Raises DistributionRefused where the programme allows one distributor and there is one, or
    one of the two is out of business."""
    if not {reseller.status, distributor.status} <= IN_BUSINESS:
        raise DistributionRefused(_("Only active partners can do this."))
    if distribution_terms(reseller.region.path, reseller.pk).several:
        return
    others = DistributionLink.objects.filter(in_force(timezone.now().date()), reseller=reseller)
    if others.exclude(pk=link_id or 0).exists():
        raise DistributionRefused(
            _("In this region a reseller works with one distributor; end the other first.")
        )


def settle(actor: Actor, link: DistributionLink, reason: str) -> DistributionLink:
    """Ends what is open, by what the state allows."""
    side = side_of(actor, link) or Side.VENDOR
    ends = {
        LinkState.ACTIVE: LinkState.ENDED,
        LinkState.PROPOSED: LinkState.WITHDRAWN
        if side in {link.proposed_by, Side.VENDOR}
        else LinkState.DECLINED,
    }
    return close(actor, link, ends[LinkState(link.state)], side, reason)


def close(
    actor: Actor, link: DistributionLink, state: LinkState, side: Side, reason: str
) -> DistributionLink:
    link.state, link.settled_by = state, side
    link.settled_at, link.reason = timezone.now(), reason.strip()[:500]
    fields = ["state", "settled_by", "settled_at", "reason"]
    if state == LinkState.ENDED:
        today = timezone.now().date()
        link.ends_on = max(link.starts_on or today, min(link.ends_on or today, today))
        fields.append("ends_on")
    link.save(update_fields=fields)
    cancel_appointments(link, EXPIRE_PROPOSAL, END_LINK)
    tell_both(actor, link)
    return link


def follow_last_day(link: DistributionLink) -> None:
    """Has the relation end when its last day is over."""
    if link.ends_on is None:
        cancel_appointments(link, END_LINK)
        return
    over = dt.datetime.combine(link.ends_on + DAY, dt.time(), timezone.get_default_timezone())
    make_appointment(END_LINK, link, over)


def tell_both(actor: Actor, link: DistributionLink) -> None:
    side = side_of(actor, link) or Side.VENDOR

    def fact(other: str) -> DistributionMoved:
        return DistributionMoved(other, link.state, link.reason, side.value)

    tell(actor, link, fact)


def tell(actor: Actor, link: DistributionLink, fact: Callable[[str], object]) -> None:
    """Records a fact for each side, in which a person of the other company has no name."""
    acting = side_of(actor, link)
    news = []
    for side, partner_id in (
        (Side.DISTRIBUTOR, link.distributor_id),
        (Side.RESELLER, link.reseller_id),
    ):
        if partner_id is not None:
            foreign = acting not in {side, Side.VENDOR}
            who = system(THE_OTHER_COMPANY) if foreign else None
            news.append(NewEvent(fact(name_of_other(link, side)), link, partner_id, actor=who))
    record_many(news, actor=actor)
