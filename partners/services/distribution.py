"""Distributors and resellers say that they work together, and that they no longer do.

Whoever proposes names the other by its web domain and learns nothing from the answer: what
leads to nobody who could accept looks the same, and expires.
"""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor, system
from core.appointments import DueAppointment, cancel_appointments, falls_due, make_appointment
from core.events import NewEvent, record_many
from core.tokens import count_call
from partners.events.distribution import (
    THE_LAST_DAY,
    THE_OTHER_COMPANY,
    DistributionAsked,
    DistributionChanged,
    DistributionMoved,
    DistributionProposed,
)
from partners.models import DistributionLink, Partner, PartnerDomain, Region
from partners.queries.distribution import (
    distribution_terms,
    in_force,
    link_for_reading,
    name_of_other,
    require_may_arrange,
    side_of,
)
from partners.registries.offboarding import Done, Step, declare_step
from partners.rules import IN_BUSINESS, PartnerType
from partners.rules.distribution import (
    OPEN_LINK,
    LinkState,
    LinkVerb,
    Side,
    may_say,
)
from partners.services.authority import require_operations
from partners.services.lifecycle import locked_partner

EXPIRE_PROPOSAL = "partners.expire_distribution_proposal"
END_LINK = "partners.end_distribution_on_its_last_day"
DAY = dt.timedelta(days=1)


class DistributionRefused(ValueError):
    """The relation cannot be made or moved like that; the message says why."""


class TooManyProposals(Exception):
    """The company has typed too many domains today."""

    def __init__(self, seconds_left: float) -> None:
        super().__init__(f"{seconds_left:.0f} seconds left")
        self.seconds_left = seconds_left


# --- partners among themselves --------------------------------------------------------------


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
    _require_room(reseller, distributor, link.pk)
    link.region_id = reseller.region_id
    link.starts_on = timezone.now().date()
    link.state = LinkState.ACTIVE
    link.save(update_fields=["region", "starts_on", "state"])
    cancel_appointments(link, EXPIRE_PROPOSAL)
    _tell_both(actor, link)
    return link


@transaction.atomic
def decline_distribution(*, actor: Actor, link_id: int, reason: str = "") -> DistributionLink:
    """The side that was asked does not want it. Raises as accept_distribution."""
    return _settle(actor, _link_for_saying(actor, link_id, LinkVerb.DECLINE), reason)


@transaction.atomic
def withdraw_distribution(*, actor: Actor, link_id: int) -> DistributionLink:
    """Whoever asked takes it back. Raises as accept_distribution."""
    return _settle(actor, _link_for_saying(actor, link_id, LinkVerb.WITHDRAW), "")


@transaction.atomic
def end_distribution(*, actor: Actor, link_id: int, reason: str) -> DistributionLink:
    """Either side, or the vendor, ends it at once; both read the reason. The distributor no
    longer sees the reseller's deals. Raises as accept_distribution."""
    if not reason.strip():
        raise DistributionRefused(_("Say why; both companies read it."))
    return _settle(actor, _link_for_saying(actor, link_id, LinkVerb.END), reason)


def _link_for_saying(actor: Actor, link_id: int, verb: LinkVerb) -> DistributionLink:
    """The relation, locked after its reseller. Http404, PermissionDenied, DistributionRefused."""
    found = link_for_reading(actor, link_id)
    require_may_arrange(actor)
    link = locked(found)
    side = side_of(actor, link)
    if side is None or not may_say(verb, link.state, side, link.proposed_by):
        raise DistributionRefused(_("This is no longer possible; look at how it stands now."))
    return link


def locked(found: DistributionLink) -> DistributionLink:
    """A relation as it is now. All relations of one reseller change one after the other, so
    that two acceptances at once cannot both be the only one."""
    if found.reseller_id is not None:
        locked_partner(found.reseller_id)
    rows = DistributionLink.objects.select_for_update(of=("self",))
    return rows.select_related("distributor", "reseller__region").get(pk=found.pk)


def _require_room(reseller: Partner, distributor: Partner, link_id: int | None) -> None:
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


def _settle(actor: Actor, link: DistributionLink, reason: str) -> DistributionLink:
    """Ends what is open, by what the state allows."""
    side = side_of(actor, link) or Side.VENDOR
    ends = {
        LinkState.ACTIVE: LinkState.ENDED,
        LinkState.PROPOSED: LinkState.WITHDRAWN
        if side in {link.proposed_by, Side.VENDOR}
        else LinkState.DECLINED,
    }
    return _close(actor, link, ends[LinkState(link.state)], side, reason)


def _close(
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
    _tell_both(actor, link)
    return link


def _tell_both(actor: Actor, link: DistributionLink) -> None:
    side = side_of(actor, link) or Side.VENDOR

    def fact(other: str) -> DistributionMoved:
        return DistributionMoved(other, link.state, link.reason, side.value)

    _tell(actor, link, fact)


def _tell(actor: Actor, link: DistributionLink, fact: Callable[[str], object]) -> None:
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


# --- the vendor -----------------------------------------------------------------------------


@transaction.atomic
def set_distribution(
    *,
    actor: Actor,
    distributor_id: int,
    reseller_id: int,
    region_id: int | None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
) -> DistributionLink:
    """The vendor says that two companies work together; an open proposal of theirs is thereby
    accepted. Raises DistributionRefused, PermissionDenied."""
    require_operations(actor)
    locked_partner(reseller_id)
    reseller = Partner.objects.select_related("region").get(pk=reseller_id)
    distributor = Partner.objects.get(pk=distributor_id)
    kinds = {reseller.type == PartnerType.DISTRIBUTOR, distributor.type != PartnerType.DISTRIBUTOR}
    if True in kinds:
        raise DistributionRefused(
            _("Choose a partner of the type Distributor, and one that is of another type.")
        )
    _require_dates(starts_on, ends_on)
    known = DistributionLink.objects.select_for_update(of=("self",)).filter(
        distributor=distributor, reseller=reseller, state__in=sorted(OPEN_LINK)
    )
    link = known.first() or DistributionLink(
        distributor=distributor, reseller=reseller, proposed_by=Side.VENDOR
    )
    if link.state == LinkState.ACTIVE:
        raise DistributionRefused(_("These two work together already."))
    _require_room(reseller, distributor, link.pk)
    link.region_id, link.starts_on, link.ends_on = region_id, starts_on, ends_on
    link.state = LinkState.ACTIVE
    link.save()
    cancel_appointments(link, EXPIRE_PROPOSAL)
    _follow_last_day(link)
    _tell_both(actor, link)
    return link


@transaction.atomic
def change_distribution(
    *,
    actor: Actor,
    link_id: int,
    region_id: int | None,
    starts_on: dt.date,
    ends_on: dt.date | None,
) -> bool:
    """Where and between which days an active relation counts; False if nothing differs. Raises
    DistributionRefused, PermissionDenied, Http404."""
    require_operations(actor)
    link = locked(link_for_reading(actor, link_id))
    if link.state != LinkState.ACTIVE:
        raise DistributionRefused(_("Only what is active can be changed."))
    _require_dates(starts_on, ends_on)
    paths = dict(
        Region.objects.filter(pk__in=[link.region_id, region_id]).values_list("pk", "path")
    )
    pairs = {
        "region": (paths.get(link.region_id or 0, ""), paths.get(region_id or 0, "")),
        "starts_on": (str(link.starts_on or ""), str(starts_on)),
        "ends_on": (str(link.ends_on or ""), str(ends_on or "")),
    }
    changes = {field: [old, new] for field, (old, new) in pairs.items() if old != new}
    if not changes:
        return False
    link.region_id, link.starts_on, link.ends_on = region_id, starts_on, ends_on
    link.save(update_fields=["region", "starts_on", "ends_on"])
    _follow_last_day(link)
    _tell(actor, link, lambda other: DistributionChanged(other, changes))
    return True


def _require_dates(starts_on: dt.date, ends_on: dt.date | None) -> None:
    if ends_on is not None and ends_on < max(starts_on, timezone.now().date()):
        raise DistributionRefused(_("The last day is today or later, and not before the first."))


def _follow_last_day(link: DistributionLink) -> None:
    """Has the relation end when its last day is over."""
    if link.ends_on is None:
        cancel_appointments(link, END_LINK)
        return
    over = dt.datetime.combine(link.ends_on + DAY, dt.time(), timezone.get_default_timezone())
    make_appointment(END_LINK, link, over)


# --- later ----------------------------------------------------------------------------------


@falls_due(EXPIRE_PROPOSAL)
def expire_proposal(due: DueAppointment) -> None:
    """Nobody answered."""
    _at_its_end(due.subject_id, LinkState.PROPOSED, LinkState.EXPIRED, "")


@falls_due(END_LINK)
def end_on_last_day(due: DueAppointment) -> None:
    # Kept in the record, which has one language.
    _at_its_end(due.subject_id, LinkState.ACTIVE, LinkState.ENDED, "The agreed last day is over.")


def _at_its_end(link_id: int, old: LinkState, new: LinkState, reason: str) -> None:
    found = DistributionLink.objects.filter(pk=link_id, state=old).first()
    link = locked(found) if found else None
    if link is not None and link.state == old:
        _close(system(THE_LAST_DAY), link, new, Side.VENDOR, reason)


# --- offboarding ----------------------------------------------------------------------------


@transaction.atomic
def end_all_distribution(actor: Actor, partner_id: int, reason: str) -> Done:
    """What is open with distributors or resellers ends when a partner is let go."""
    rows = DistributionLink.objects.filter(state__in=sorted(OPEN_LINK))
    both = rows.filter(distributor=partner_id) | rows.filter(reseller=partner_id)
    # Locked in one order, resellers first.
    found = list(both.order_by("reseller_id", "pk")[:MOST_AT_ONCE])
    for one in found:
        _settle(actor, locked(one), reason)
    left = len(found) == MOST_AT_ONCE
    return Done(_("Relations ended: %d") % len(found), whole=not left)


MOST_AT_ONCE = 200
declare_step(
    Step("partners.end_distribution", gettext_lazy("End distribution"), 25, end_all_distribution)
)
