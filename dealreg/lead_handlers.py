"""Who is told of leads: the partner that gets one, the vendor when it comes back."""

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import StaffRole
from core.events import RecordedEvent, hears
from core.notify import notify
from dealreg.lead_events import LeadMoved, LeadOffered
from dealreg.models import Lead
from dealreg.rules.leads import BACK_AT_VENDOR
from partners import queries as partners


@hears(LeadOffered, name="dealreg.tell_partner_of_lead")
def tell_partner(event: RecordedEvent[LeadOffered]) -> None:
    if event.partner_id is None:
        return
    notify(
        event,
        partners.sellers_of(event.partner_id),
        title=format_lazy(
            _("A customer asks for you: {reference}"), reference=event.payload.reference
        ),
        body=_("Accept or decline it in time; afterwards the vendor has it back."),
        url=reverse("lead_detail", args=[event.subject_id]),
    )


@hears(LeadMoved, name="dealreg.tell_vendor_of_returned_lead")
def tell_vendor(event: RecordedEvent[LeadMoved]) -> None:
    if event.payload.state not in BACK_AT_VENDOR:
        return
    lead = Lead.objects.select_related("region").filter(pk=event.subject_id).first()
    if lead is None or lead.partner_id is not None:
        return
    notify(
        event,
        partners.staff_for(lead.region.path, StaffRole.CHANNEL_MANAGER),
        title=format_lazy(
            _("The lead {reference} is back and needs a partner"),
            reference=event.payload.reference,
        ),
        body=event.payload.note,
        url=reverse("admin:dealreg_lead_change", args=[event.subject_id]),
    )
