"""Papers about a partner: added by the vendor's people or the partner's administrators."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor, system
from core.appointments import cancel_appointments, make_appointment
from core.events import record
from core.files import store_file
from core.rows import changed, values_of
from partners.access import speaks_for_company
from partners.events.company import DocumentChanged, DocumentExpiring, DocumentFiled, DocumentShared
from partners.models import Partner, PartnerDocument
from partners.queries.regions import policy_of
from partners.rules import DocumentKind, reminders
from partners.services.authority import require_operations

DOCUMENT_EXPIRES = "partners.document_expires"
CHANGEABLE = ("kind", "title", "expires_on", "shared", "withdrawn")


@dataclass(frozen=True, slots=True)
class NewDocument:
    kind: DocumentKind
    title: str
    expires_on: dt.date | None = None
    shared: bool = True


def partner_for_documents(actor: Actor, partner_id: int) -> Partner:
    """The partner, locked. Http404 for what is not the actor's to know, PermissionDenied for
    who may not add documents there."""
    partner = Partner.objects.visible_to(actor).filter(pk=partner_id).first()
    if partner is None:
        raise Http404
    if not (actor.is_staff or actor.is_system or speaks_for_company(actor)):
        raise PermissionDenied(_("This needs the role Administrator at the partner."))
    return Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner_id)


@transaction.atomic
def add_document(
    *, actor: Actor, partner_id: int, new: NewDocument, upload: "UploadedFile[bytes]"
) -> PartnerDocument:
    """Keeps a document with its file. What a partner adds it reads.

    Raises RefusedFile, PermissionDenied, Http404; nothing is kept then.
    """
    partner = partner_for_documents(actor, partner_id)
    document = PartnerDocument.objects.create(
        partner=partner,
        kind=new.kind,
        title=new.title.strip(),
        expires_on=new.expires_on,
        shared=new.shared or actor.partner_id is not None,
        added_by_id=actor.user_id,
    )
    store_file(actor=actor, subject=document, upload=upload)
    remind_of(document)
    told = DocumentShared if document.shared else DocumentFiled
    fact = told(document.title, document.kind, document.expires_on)
    record(fact, subject=document, actor=actor, partner_id=partner.pk)
    return document


@transaction.atomic
def change_document(*, actor: Actor, document: PartnerDocument) -> bool:
    """Stores what operations changed in what is known of a document; False if nothing
    differs. Its file stays: another file is another document. Raises PermissionDenied."""
    require_operations(actor)
    stored = PartnerDocument.objects.select_for_update().get(pk=document.pk)
    changes = changed(values_of(stored, CHANGEABLE), values_of(document, CHANGEABLE))
    if not changes:
        return False
    document.save(update_fields=list(changes))
    remind_of(document)
    fact = DocumentChanged(document.title, changes)
    record(fact, subject=document, actor=actor, partner_id=document.partner_id)
    return True


def remind_of(document: PartnerDocument) -> None:
    """Makes the appointments anew that remind of the document's end."""
    cancel_appointments(document, DOCUMENT_EXPIRES)
    if document.withdrawn:
        return
    zone = policy_of(document.partner_id).time_zone.value
    for days, at in reminders(document.expires_on, zone, timezone.now()).items():
        make_appointment(DOCUMENT_EXPIRES, document, at, key=str(days))


@transaction.atomic
def tell_of_end(*, document_id: int, days: int) -> bool:
    """Announces a document's end, unless it no longer counts or a later one of its kind has
    taken its place; whether it was announced."""
    document = PartnerDocument.objects.select_for_update().filter(pk=document_id).first()
    if document is None or document.withdrawn or document.expires_on is None:
        return False
    others = PartnerDocument.objects.filter(
        partner_id=document.partner_id, kind=document.kind, withdrawn=False
    ).exclude(pk=document.pk)
    if others.filter(expires_on__gt=document.expires_on).exists():
        return False
    fact = DocumentExpiring(document.title, document.expires_on, days)
    actor = system("documents")
    record(fact, subject=document, actor=actor, partner_id=document.partner_id)
    return True
