"""Distributors and resellers say that they work together, and that they no longer do.

Whoever proposes names the other by its web domain and learns nothing from the answer: what
leads to nobody who could accept looks the same, and expires.
"""

import datetime as dt

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor, system
from core.appointments import cancel_appointments, make_appointment
from core.events import NewEvent, record_many
from core.tokens import count_call
from partners.events.distribution import THE_OTHER_COMPANY, DistributionAsked, DistributionProposed
from partners.models import DistributionLink, Partner, PartnerDomain
from partners.queries.distribution import (
    distribution_terms,
    link_for_reading,
    require_may_arrange,
    side_of,
)
from partners.rules import IN_BUSINESS, PartnerType
from partners.rules.distribution import OPEN_LINK, LinkState, LinkVerb, Side, may_say
from partners.services.distribution.relations import (
    DAY,
    EXPIRE_PROPOSAL,
    DistributionRefused,
    locked,
    require_room,
    settle,
    tell_both,
)


class TooManyProposals(Exception):
    """The company has typed too many domains today."""

    def __init__(self, seconds_left: float) -> None:
        super().__init__(f"{seconds_left:.0f} seconds left")
        self.seconds_left = seconds_left


def propose_distribution(*, actor: Actor, domain: str, note: str = "") -> DistributionLink:
    """Asks the company at a web domain: a distributor asks a reseller, anybody else asks a
    distributor. Raises DistributionRefused, TooManyProposals, PermissionDenied."""
    require_may_arrange(actor)
    if actor.partner_id is None:
        raise PermissionDenied(_("The vendor sets this in the back office."))
    calls, left = count_call(f"distribution-invite:{actor.partner_id}", DAY)
    if calls > settings.INVITATIONS_A_DAY:
        raise TooManyProposals(left)
    try:
        return _propose(actor, actor.partner_id, domain.strip().lower(), note.strip())
    except IntegrityError as error:
        if "asked_once" not in str(error):
            raise
    raise DistributionRefused(_("You have asked this company already; it has time to answer."))


@transaction.atomic
def _propose(actor: Actor, partner_id: int, domain: str, note: str) -> DistributionLink:
    own = Partner.objects.select_related("region").get(pk=partner_id)
    if own.status not in IN_BUSINESS:
        raise DistributionRefused(_("Only active partners can do this."))
    terms = distribution_terms(own.region.path, own.pk)
    if not terms.partners_propose:
        raise DistributionRefused(_("In your region the vendor says who works with whom."))
    side = Side.DISTRIBUTOR if own.type == PartnerType.DISTRIBUTOR else Side.RESELLER
    other = _who_could_accept(own, side, domain)
    link = DistributionLink(
        invited_as=domain,
        proposed_by=side,
        note=note,
        answer_until=timezone.now() + dt.timedelta(days=terms.answer_days),
    )
    setattr(link, side.value, own)
    if other is not None:
        setattr(link, side.other.value, other)
    link.save()
    assert link.answer_until is not None
    make_appointment(EXPIRE_PROPOSAL, link, link.answer_until)
    news = [NewEvent(DistributionProposed(domain, note, link.answer_until), link, own.pk)]
    if other is not None:
        asked = DistributionAsked(own.name, note, link.answer_until)
        news.append(NewEvent(asked, link, other.pk, actor=system(THE_OTHER_COMPANY)))
    record_many(news, actor=actor)
    return link


def _who_could_accept(own: Partner, side: Side, domain: str) -> Partner | None:
    """The company at a domain, if it may stand on the other side and is not asked already."""
    found = PartnerDomain.objects.select_related("partner").filter(domain=domain).first()
    if found is None or found.partner.status not in IN_BUSINESS:
        return None
    other = found.partner
    is_distributor = other.type == PartnerType.DISTRIBUTOR
    if is_distributor != (side == Side.RESELLER):
        return None
    between = {side.value: own, side.other.value: other, "state__in": sorted(OPEN_LINK)}
    return None if DistributionLink.objects.filter(**between).exists() else other


@transaction.atomic
def accept_distribution(*, actor: Actor, link_id: int) -> DistributionLink:
    """The side that was asked agrees: from today on, where the reseller is. Raises
    DistributionRefused, PermissionDenied, Http404."""
    link = _link_for_saying(actor, link_id, LinkVerb.ACCEPT)
    reseller, distributor = link.reseller, link.distributor
    assert reseller is not None
    assert distributor is not None  # otherwise nobody could accept
    require_room(reseller, distributor, link.pk)
    link.region_id = reseller.region_id
    link.starts_on = timezone.now().date()
    link.state = LinkState.ACTIVE
    link.save(update_fields=["region", "starts_on", "state"])
    cancel_appointments(link, EXPIRE_PROPOSAL)
    tell_both(actor, link)
    return link


@transaction.atomic
def decline_distribution(*, actor: Actor, link_id: int, reason: str = "") -> DistributionLink:
    """The side that was asked does not want it. Raises as accept_distribution."""
    return settle(actor, _link_for_saying(actor, link_id, LinkVerb.DECLINE), reason)


@transaction.atomic
def withdraw_distribution(*, actor: Actor, link_id: int) -> DistributionLink:
    """Whoever asked takes it back. Raises as accept_distribution."""
    return settle(actor, _link_for_saying(actor, link_id, LinkVerb.WITHDRAW), "")


@transaction.atomic
def end_distribution(*, actor: Actor, link_id: int, reason: str) -> DistributionLink:
    """Either side, or the vendor, ends it at once; both read the reason. The distributor no
    longer sees the reseller's deals. Raises as accept_distribution."""
    if not reason.strip():
        raise DistributionRefused(_("Say why; both companies read it."))
    return settle(actor, _link_for_saying(actor, link_id, LinkVerb.END), reason)


def _link_for_saying(actor: Actor, link_id: int, verb: LinkVerb) -> DistributionLink:
    """The relation, locked after its reseller. Http404, PermissionDenied, DistributionRefused."""
    found = link_for_reading(actor, link_id)
    require_may_arrange(actor)
    link = locked(found)
    side = side_of(actor, link)
    if side is None or not may_say(verb, link.state, side, link.proposed_by):
        raise DistributionRefused(_("This is no longer possible; look at how it stands now."))
    return link
