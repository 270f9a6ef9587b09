"""What partners do when a moment has come or they hear their own facts."""

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.appointments import DueAppointment, falls_due
from core.bidi import isolated_later
from core.events import RecordedEvent, hears
from core.notify import notify
from partners import queries
from partners.events.invitations import PersonInvited
from partners.models import Partner
from partners.rules import InvitationState
from partners.services.invitations import expire_invitation
from partners.services.withdrawing import EXPIRE_INVITATION


@falls_due(EXPIRE_INVITATION)
def end_what_ran_out(due: DueAppointment) -> None:
    expire_invitation(invitation_id=due.subject_id)


@hears(PersonInvited, name="partners.ask_vendor_about_invitation")
def ask_vendor_about_invitation(event: RecordedEvent[PersonInvited]) -> None:
    """An address outside the partner's domains waits for whoever looks after the partner."""
    if event.payload.state != InvitationState.HELD or event.partner_id is None:
        return
    partner = Partner.objects.get(pk=event.partner_id)
    notify(
        event,
        queries.managers_of(partner.pk),
        title=format_lazy(
            _("{partner} invites {email}: please decide"),
            partner=isolated_later(partner.name),
            email=isolated_later(event.payload.email),
        ),
        url=reverse("admin:partners_invitation_changelist"),
    )
