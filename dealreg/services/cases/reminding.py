"""Reminders before a case's deadlines: each side of its evidence, the owner of the decision."""

from django.db.models import F, Q

from core.actor import system
from core.appointments import DueAppointment, falls_due
from core.events import record
from dealreg.case_events import DecisionDueSoon, EvidenceDueSoon
from dealreg.models import ConflictCase
from dealreg.rules.cases import RUNNING, UNDECIDED
from dealreg.services.cases.opening import CASES, REMIND_OWNER, REMIND_SIDE

# Who was asked once more has to answer once more.
SILENT = Q(answered_at__isnull=True) | Q(answered_at__lt=F("asked_at"))


@falls_due(REMIND_SIDE)
def remind_side_of_evidence(due: DueAppointment) -> None:
    """A side that has said nothing yet; one that has is left alone."""
    case = _held(due)
    until = case.evidence_due_at
    side = case.sides.filter(SILENT, pk=int(due.key)).select_related("deal").first()
    if side is None or case.status not in UNDECIDED or until is None or until <= due.at:
        return
    record(
        EvidenceDueSoon(case.pk, side.deal.customer_name, side.asked, until),
        subject=side,
        actor=system(CASES),
        partner_id=side.partner_id,
    )


@falls_due(REMIND_OWNER)
def remind_owner_of_decision(due: DueAppointment) -> None:
    case = _held(due)
    if case.status in RUNNING and case.due_at > due.at:
        fact = DecisionDueSoon(case.account.name, case.due_at)
        record(fact, subject=case, actor=system(CASES))


def _held(due: DueAppointment) -> ConflictCase:
    return ConflictCase.objects.select_for_update(of=("self",)).get(pk=due.subject_id)
