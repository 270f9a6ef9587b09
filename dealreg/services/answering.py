"""What becomes of a registration that was sent back: reminders, and its end without an answer."""

import datetime as dt

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.actor import system
from core.appointments import (
    DueAppointment,
    cancel_appointments,
    falls_due,
    make_appointment,
)
from core.events import record
from core.system_names import declare_name
from dealreg.events import AnswerMissed, AnswerReminded, DealWithdrawn
from dealreg.models import Deal
from dealreg.rules.answering import ANSWER_DAYS, answer_until, reminders
from dealreg.rules.states import DealStatus

REMIND = "dealreg.remind_of_answer"
GIVE_UP = "dealreg.withdraw_unanswered"
DEADLINES = system(declare_name(gettext_noop("Deadline for answers")))


def await_answer(deal: Deal, asked_at: dt.datetime) -> None:
    """Makes the appointments of a registration that was just sent back."""
    for day, at in reminders(asked_at).items():
        make_appointment(REMIND, deal, at, key=day)
    make_appointment(GIVE_UP, deal, answer_until(asked_at))


def await_no_answer(deal: Deal) -> None:
    """Cancels what was to happen to a registration that waits for its partner no longer."""
    cancel_appointments(deal, REMIND, GIVE_UP)


@falls_due(REMIND)
def remind_of_answer(due: DueAppointment) -> None:
    deal = _waiting(due)
    if deal is None:
        return
    asked = deal.decisions.latest("id")
    record(
        AnswerReminded(
            customer=deal.customer_name, note=asked.message, until=answer_until(asked.decided_at)
        ),
        subject=deal,
        actor=DEADLINES,
        partner_id=deal.partner_id,
    )


@falls_due(GIVE_UP)
def withdraw_unanswered(due: DueAppointment) -> None:
    deal = _waiting(due)
    if deal is None:
        return
    old_status = deal.status
    deal.status, deal.updated_at = DealStatus.WITHDRAWN, timezone.now()
    deal.version += 1
    deal.save(update_fields=["status", "updated_at", "version"])
    with translation.override(settings.LANGUAGE_CODE):
        note = _("There was no answer within %(days)s days.") % {"days": ANSWER_DAYS}
    withdrawn = DealWithdrawn(customer=deal.customer_name, note=note, old_status=old_status)
    for fact in (withdrawn, AnswerMissed(customer=deal.customer_name, days=ANSWER_DAYS)):
        record(fact, subject=deal, actor=DEADLINES, partner_id=deal.partner_id)


def _waiting(due: DueAppointment) -> Deal | None:
    """The deal, locked, if it still waits for its partner."""
    deal = Deal.objects.select_for_update(of=("self",)).filter(pk=due.subject_id).first()
    return deal if deal is not None and deal.status == DealStatus.NEEDS_INFO else None
