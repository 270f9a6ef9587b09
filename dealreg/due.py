"""What deal registration does when a moment has come (core/appointments.py)."""

from core.actor import system
from core.appointments import DueAppointment, falls_due
from dealreg.services.protecting import CLOCK, LAPSE, REMIND
from dealreg.services.protecting import lapse_protection as lapse
from dealreg.services.protecting import remind_of_end as remind


@falls_due(LAPSE)
def lapse_protection(due: DueAppointment) -> None:
    lapse(actor=system(CLOCK), deal_id=due.subject_id)


@falls_due(REMIND)
def remind_of_end(due: DueAppointment) -> None:
    remind(actor=system(CLOCK), deal_id=due.subject_id, days=int(due.key))
