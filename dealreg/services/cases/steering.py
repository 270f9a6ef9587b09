"""What the vendor's people do with a case before they decide it, and what its clocks do."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor, StaffRole, system
from core.appointments import DueAppointment, cancel_appointments, falls_due, make_appointment
from core.events import record
from core.models import User
from dealreg import access
from dealreg.case_events import (
    CaseAssigned,
    CaseClosed,
    CaseEscalated,
    EvidenceAsked,
    EvidenceOver,
)
from dealreg.models import CaseEscalation, CaseSide, ConflictCase
from dealreg.rules import cases as rules
from dealreg.rules.cases import RUNNING, CaseStatus, CaseVerb
from dealreg.rules.clocks import Who
from dealreg.service_levels import level_of
from dealreg.services.cases.opening import (
    APPEAL_ROUND,
    CASES,
    EVIDENCE_OVER,
    FIRST_ROUND,
    STEP,
    CaseRefused,
    make_steps,
    other_people,
    remind_owner,
    remind_side,
)
from dealreg.services.cases.stating import changed
from partners.queries import calendar_of, managers_of, nearest_managers, staff_for
from partners.rules import add_business_days

CLOSE = "dealreg.case_close"


@transaction.atomic
def assign_case(*, actor: Actor, case_id: int, user_id: int) -> ConflictCase:
    """Makes somebody of the vendor the owner: who looks after the region, and on an appeal not
    who decided before. Raises CaseRefused, NotInThisCaseState, PermissionDenied, Http404."""
    case = access.case_for_changing(actor, case_id, CaseVerb.ASSIGN)
    rules.require(CaseVerb.ASSIGN, case.status)
    owner = next((one for one in possible_owners(case) if one.pk == user_id), None)
    if owner is None:
        raise CaseRefused(_("Choose somebody who looks after this region."))
    case.owner = owner
    changed(case, "owner")
    fact = CaseAssigned(case.account.name, str(owner), owner.pk)
    record(fact, subject=case, actor=actor)
    return case


def possible_owners(case: ConflictCase) -> list[User]:
    decided_before = case.decided_by_id if case.status == CaseStatus.APPEALED else None
    return other_people(case, decided_before)


@transaction.atomic
def ask_for_evidence(
    *, actor: Actor, case_id: int, side_ids: Collection[int], text: str
) -> ConflictCase:
    """Asks some sides to show something, within the region's days.

    Raises CaseRefused, NotInThisCaseState, PermissionDenied, Http404.
    """
    case = access.case_for_changing(actor, case_id, CaseVerb.ASK)
    rules.require(CaseVerb.ASK, case.status)
    sides = list(case.sides.select_related("deal").filter(pk__in=side_ids))
    if not sides or not text.strip():
        raise CaseRefused(_("Say whom you ask, and for what."))
    now, path = timezone.now(), case.region.path
    until = add_business_days(now, level_of(path).evidence_days, calendar_of(path))
    for side in sides:
        side.asked, side.asked_at, side.answered_at = text.strip(), now, None
        side.save(update_fields=["asked", "asked_at", "answered_at"])
        fact = EvidenceAsked(case.pk, side.deal.customer_name, side.asked, until)
        record(fact, subject=side, actor=actor, partner_id=side.partner_id)
    case.status, case.evidence_due_at = CaseStatus.WAITING, until
    changed(case, "status", "evidence_due_at")
    make_appointment(EVIDENCE_OVER, case, until)
    for side in sides:
        remind_side(case, side, now)
    return case


@transaction.atomic
def escalate_case(*, actor: Actor, case_id: int, who: Who, why: str) -> CaseEscalation:
    """Tells others of a case by hand. Raises CaseRefused, NotInThisCaseState, PermissionDenied,
    Http404."""
    case = access.case_for_changing(actor, case_id, CaseVerb.ESCALATE)
    rules.require(CaseVerb.ESCALATE, case.status)
    if not why.strip():
        raise CaseRefused(_("Say in a sentence why."))
    return _escalate(case, who, why.strip(), f"by-hand:{case.version}", actor)


def _escalate(case: ConflictCase, who: Who, why: str, step: str, actor: Actor) -> CaseEscalation:
    told = whom(case, who)
    escalation = CaseEscalation.objects.create(
        case=case,
        step=step,
        who=who,
        told=[str(one) for one in told],
        why=why,
        by_id=actor.user_id,
    )
    fact = CaseEscalated(
        customer=case.account.name,
        who=who.value,
        names=", ".join(escalation.told),
        told=[one.pk for one in told],
        note=why,
    )
    record(fact, subject=case, actor=actor)
    changed(case)
    return escalation


def whom(case: ConflictCase, who: Who) -> list[User]:
    """The people whom a step means now."""
    path = case.region.path
    match who:
        case Who.OWNER:
            if case.owner is not None and case.owner.is_active:
                return [case.owner]
            sides = case.sides.order_by("id")
            return managers_of(sides[0].partner_id)
        case Who.REGION:
            return nearest_managers(path)
        case Who.ABOVE:
            return nearest_managers(path.rpartition(".")[0])
        case _:
            return staff_for(path, StaffRole.OPS)


def begin_appeal(case: ConflictCase) -> None:
    """The clock starts again, with somebody else as the owner. The caller holds the case."""
    now, path = timezone.now(), case.region.path
    case.status, case.appealed_at = CaseStatus.APPEALED, now
    case.due_at = add_business_days(now, level_of(path).decision_days, calendar_of(path))
    if case.owner_id == case.decided_by_id:
        case.owner = next(iter(other_people(case, case.decided_by_id)), None)
    changed(case, "status", "appealed_at", "appealed_by", "appeal", "due_at", "owner")
    cancel_appointments(case)
    make_steps(case, APPEAL_ROUND, now)
    remind_owner(case, now)


# --- what falls due -------------------------------------------------------------------------


def _held(due: DueAppointment) -> ConflictCase:
    return ConflictCase.objects.select_for_update(of=("self",)).get(pk=due.subject_id)


@falls_due(STEP)
def take_step(due: DueAppointment) -> None:
    """Reminds, or escalates to the next, when a case is undecided."""
    case = _held(due)
    round_name, days, who = due.key.split(":")
    present = APPEAL_ROUND if case.status == CaseStatus.APPEALED else FIRST_ROUND
    if case.status not in RUNNING or round_name != present:
        return
    why = f"Undecided after {days} business days."
    _escalate(case, Who(who), why, due.key, system(CASES))


@falls_due(EVIDENCE_OVER)
def end_evidence(due: DueAppointment) -> None:
    """The vendor's people go on with what they have."""
    case = _held(due)
    if case.status != CaseStatus.WAITING:
        return
    missing = case.sides.filter(asked_at__isnull=False, answered_at__isnull=True).count()
    case.status = CaseStatus.OPEN
    changed(case, "status")
    record(EvidenceOver(case.account.name, missing), subject=case, actor=system(CASES))


@falls_due(CLOSE)
def close_case(due: DueAppointment) -> None:
    """Nobody appealed in time."""
    case = _held(due)
    if case.status == CaseStatus.DECIDED:
        close(case, system(CASES))


def close(case: ConflictCase, actor: Actor) -> None:
    """Ends a case for good; every side reads so. The caller holds it."""
    case.status, case.closed_at = CaseStatus.CLOSED, timezone.now()
    changed(case, "status", "closed_at")
    cancel_appointments(case)
    for side in CaseSide.objects.filter(case=case).select_related("deal"):
        fact = CaseClosed(case.pk, side.deal.customer_name)
        record(fact, subject=side, actor=actor, partner_id=side.partner_id)
