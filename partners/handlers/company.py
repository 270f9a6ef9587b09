"""What happens when a document about a partner comes to its end, and who may read its file."""

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.appointments import DueAppointment, falls_due
from core.bidi import isolated_later
from core.events import RecordedEvent, hears
from core.files import register_access
from core.notify import notify
from core.spoken import day_later
from partners import queries
from partners.events.company import DocumentExpiring
from partners.models import PartnerDocument
from partners.queries.documents import document_for_reading
from partners.services.documents import DOCUMENT_EXPIRES, tell_of_end


def may_read_file(actor: Actor, document_id: int) -> PartnerDocument:
    return document_for_reading(actor, document_id)


register_access("partners.partnerdocument", may_read_file)


@falls_due(DOCUMENT_EXPIRES)
def remind_of_end(due: DueAppointment) -> None:
    tell_of_end(document_id=due.subject_id, days=int(due.key))


@hears(DocumentExpiring, name="partners.tell_of_document")
def tell_of_document(event: RecordedEvent[DocumentExpiring]) -> None:
    """Its manager, and the partner's administrators if they know of the document."""
    document = PartnerDocument.objects.filter(pk=event.subject_id).first()
    if document is None:
        return
    words = {
        "title": isolated_later(event.payload.title),
        "day": day_later(event.payload.expires_on),
    }
    title = format_lazy(_("“{title}” is valid until {day}"), **words)
    managers = queries.managers_of(document.partner_id)
    address = reverse("admin:partners_partnerdocument_change", args=[document.pk])
    notify(event, managers, title=title, body=str(document.partner), url=address)
    if document.shared:
        people = queries.administrators_of(document.partner_id)
        notify(event, people, title=title, url=reverse("documents"))
