"""Before a proposal's deadline those who have not answered are reminded."""

from django.db import transaction

from core.actor import Actor, system
from core.appointments import DueAppointment, falls_due
from dealreg import split_access
from dealreg.models import Split
from dealreg.rules.splits import OPEN
from dealreg.services.split_terms import (
    SPLIT_REMINDER,
    overdue,
    parties_of,
    said,
    shares_of,
    tell,
)
from dealreg.split_events import THE_DEADLINE, SplitDueSoon


@falls_due(SPLIT_REMINDER)
def before_deadline(due: DueAppointment) -> None:
    remind_of_split(actor=system(THE_DEADLINE), split_id=due.subject_id)


@transaction.atomic
def remind_of_split(*, actor: Actor, split_id: int) -> int:
    """Tells those who have not answered the terms on the table that the deadline is near; how
    many."""
    found = Split.objects.filter(pk=split_id).values_list("deal_id", flat=True).first()
    if found is None:
        return 0
    split = split_access.locked(found, split_id)
    deadline = split.deadline
    if split.status not in OPEN or deadline is None or overdue(split):
        return 0
    shares = shares_of(split)
    silent = [
        party
        for party in parties_of(split)
        if party.partner_id is not None and party.agreed_to != split.number
    ]
    tell(
        actor,
        split,
        silent,
        lambda party: SplitDueSoon(split.deal.customer_name, said(shares, party), deadline),
    )
    return len(silent)
