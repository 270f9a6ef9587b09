"""What deal registration does when a moment has come (core/appointments.py)."""

from django.utils.translation import gettext_noop

from core.actor import system
from core.appointments import DueAppointment, falls_due
from core.system_names import declare_name
from dealreg.services import protecting

CLOCK = declare_name(gettext_noop("The protection's clock"))


@falls_due(protecting.LAPSE)
def lapse_protection(due: DueAppointment) -> None:
    protecting.lapse_protection(actor=system(CLOCK), deal_id=due.subject_id)


@falls_due(protecting.REMIND)
def remind_of_end(due: DueAppointment) -> None:
    protecting.remind_of_end(actor=system(CLOCK), deal_id=due.subject_id, days=int(due.key))
