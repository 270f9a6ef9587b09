"""What people at the vendor decide about a partner's tier: exceptions, proposals, values."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.appointments import cancel_appointments, make_appointment
from core.events import NewEvent, record, record_many
from partners.events.tiers import (
    MeasureValueEntered,
    TierChanged,
    TierExceptionEnded,
    TierExceptionMade,
    TierProposalDeclined,
)
from partners.measures import measure_named
from partners.models import MeasureValue, Partner, TierException, TierProposal, TierStanding
from partners.models.standing import ProposalStatus
from partners.services.assessing import assess_partner, lock_partner
from partners.services.authority import require_operations
from partners.services.stays import begin_stay

END_EXCEPTION = "partners.end_tier_exception"
LONGEST = dt.timedelta(days=3 * 366)


class TierRefused(ValueError):
    """It cannot be decided so; the message says why."""


@transaction.atomic
def make_exception(
    *, actor: Actor, partner_id: int, tier_id: int | None, reason: str, last_day: dt.date
) -> TierException:
    """Gives a partner a tier until the end of a day, or holds it in its own (`tier_id` None).
    One that runs is replaced.

    Raises TierRefused, PermissionDenied.
    """
    require_operations(actor)
    partner = lock_partner(partner_id)
    today = timezone.localdate()
    if not reason.strip():
        raise TierRefused(_("Say why."))
    if not today <= last_day <= today + LONGEST:
        raise TierRefused(_("Choose a last day from today on, at most three years ahead."))
    TierException.objects.filter(partner=partner, ended_at__isnull=True).update(
        ended_at=timezone.now()
    )
    made = TierException.objects.create(
        partner=partner,
        tier_id=tier_id,
        reason=reason.strip()[:500],
        last_day=last_day,
        by=actor.label[:200],
    )
    end = dt.datetime.combine(last_day + dt.timedelta(days=1), dt.time.min, ZoneInfo("UTC"))
    make_appointment(END_EXCEPTION, partner, end)
    fact = TierExceptionMade(made.tier.name if made.tier else "", made.reason, last_day)
    record(fact, subject=partner, actor=actor, partner_id=partner.pk)
    assess_partner(partner.pk, cause="partners.tier_exception_made")
    _place_outside(actor, partner, made)
    return made


def _place_outside(actor: Actor, partner: Partner, made: TierException) -> None:
    """Where no programme decides, the exception does alone."""
    partner.refresh_from_db(fields=["tier"])
    if made.tier is None or partner.tier_id == made.tier_id:
        return
    old = partner.tier
    Partner.objects.filter(pk=partner.pk).update(tier=made.tier)
    begin_stay(partner.pk, made.tier.pk, actor=actor, note=made.reason)
    fact = TierChanged(old.name, made.tier.name, made.reason)
    record(fact, subject=partner, actor=actor, partner_id=partner.pk)


@transaction.atomic
def end_exception(*, actor: Actor, partner_id: int) -> bool:
    """Ends what excepts a partner, early or on its day; False when nothing does. The programme
    decides again, with its grace.

    Raises PermissionDenied.
    """
    require_operations(actor)
    partner = lock_partner(partner_id)
    running = TierException.objects.filter(partner=partner, ended_at__isnull=True).first()
    if running is None:
        return False
    running.ended_at = timezone.now()
    running.save(update_fields=["ended_at"])
    cancel_appointments(partner, END_EXCEPTION)
    fact = TierExceptionEnded(running.tier.name if running.tier else "")
    record(fact, subject=partner, actor=actor, partner_id=partner.pk)
    assess_partner(partner.pk, cause="partners.tier_exception_ended")
    return True


def require_staff_of(actor: Actor, partner: Partner) -> None:
    """Operations, and channel managers of the partner's region, decide proposals."""
    visible = Partner.objects.visible_to(actor).filter(pk=partner.pk).exists()
    if not (actor.is_staff and visible):
        raise PermissionDenied(_("This needs a duty in the partner's region."))


@transaction.atomic
def decide_proposal(*, actor: Actor, proposal_id: int, approve: bool, note: str = "") -> None:
    """Carries out a proposed move, or declines it: it is not proposed again while the partner
    reaches the same.

    Raises TierRefused when it no longer waits, PermissionDenied, TierProposal.DoesNotExist.
    """
    partner = lock_partner(TierProposal.objects.get(pk=proposal_id).partner_id)
    require_staff_of(actor, partner)
    proposal = TierProposal.objects.select_related("before", "after").get(pk=proposal_id)
    if proposal.status != ProposalStatus.WAITING or proposal.before_id != partner.tier_id:
        raise TierRefused(_("This proposal has been overtaken."))
    now = timezone.now()
    proposal.status = ProposalStatus.APPROVED if approve else ProposalStatus.DECLINED
    proposal.decided_at, proposal.decided_by = now, actor.label[:200]
    proposal.note = note.strip()[:500]
    proposal.save(update_fields=["status", "decided_at", "decided_by", "note"])
    standing = TierStanding.objects.filter(partner=partner)
    old, new = proposal.before.name, proposal.after.name
    if not approve:
        standing.update(declined=proposal.after)
        fact = TierProposalDeclined(old, new, proposal.note)
        record(fact, subject=partner, actor=actor, partner_id=partner.pk)
        return
    Partner.objects.filter(pk=partner.pk).update(tier=proposal.after)
    standing.update(grace_since=None, grace_until=None, warned_at=None, declined=None)
    begin_stay(partner.pk, proposal.after_id, actor=actor, note=proposal.note, now=now)
    moved = TierChanged(old, new, proposal.note)
    record(moved, subject=partner, actor=actor, partner_id=partner.pk)


@dataclass(frozen=True, slots=True)
class NewValue:
    partner_id: int
    measure: str
    day: dt.date
    value: Decimal
    source: str


@transaction.atomic
def enter_values(*, actor: Actor, values: Iterable[NewValue]) -> int:
    """Enters values of stored measures; one of the same partner, measure and day is replaced,
    and what is there already is left alone. Returns how many were new or changed.

    Raises TierRefused for a measure that is not entered by hand, PermissionDenied.
    """
    require_operations(actor)
    wanted = {(one.partner_id, one.measure, one.day): one for one in values}
    for one in wanted.values():
        check_value(one)
    known = {
        (row.partner_id, row.measure, row.day): row
        for row in MeasureValue.objects.select_for_update().filter(
            partner__in={one.partner_id for one in wanted.values()}
        )
    }
    fresh = [
        one for key, one in wanted.items() if key not in known or known[key].value != one.value
    ]
    rows = _put(fresh)
    facts = [
        NewEvent(
            MeasureValueEntered(one.measure, one.day, one.value, one.source), row, one.partner_id
        )
        for one, row in zip(fresh, rows, strict=True)
    ]
    record_many(facts, actor=actor)
    return len(fresh)


def _put(fresh: Sequence[NewValue]) -> list[MeasureValue]:
    """Adds values, in place of those of the same partner, measure and day."""
    return MeasureValue.objects.bulk_create(
        (
            MeasureValue(
                partner_id=one.partner_id,
                measure=one.measure,
                day=one.day,
                value=one.value,
                source=one.source[:120],
            )
            for one in fresh
        ),
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["partner", "measure", "day"],
        update_fields=["value", "source", "entered_at"],
    )


def entered_row(one: NewValue) -> MeasureValue:
    """Where a value that was entered stands."""
    return MeasureValue.objects.get(partner=one.partner_id, measure=one.measure, day=one.day)


def check_value(one: NewValue) -> None:
    """Raises TierRefused for a value that nobody may enter."""
    measure = measure_named(one.measure)
    if not measure.stored:
        raise TierRefused(_("“%s” is counted by the portal and cannot be entered.") % measure.label)
    if one.value < 0 or one.value >= Decimal(10) ** 15:
        raise TierRefused(_("Enter a value from 0 on."))
