"""Reads of the papers about a partner."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone

from core.actor import Actor
from core.models import StoredFile
from core.sql import LARGEST_ID
from partners.models import Partner, PartnerDocument

MOST_DOCUMENTS = 100
SOON = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DocumentShown:
    """`tone` tells a document that has ended, or does soon. `file_id` may be None."""

    title: str
    kind: str
    added_at: dt.datetime
    expires_on: dt.date | None
    tone: str
    file_id: uuid.UUID | None
    size: int


def document_for_reading(actor: Actor, document_id: int) -> PartnerDocument:
    """A document whose partner is the actor's to see; people at the partner only get what is
    shared with them and still counts. Raises Http404."""
    if not 0 < document_id <= LARGEST_ID:
        raise Http404
    row = PartnerDocument.objects.filter(pk=document_id).first()
    if row is None or not Partner.objects.visible_to(actor).filter(pk=row.partner_id).exists():
        raise Http404
    if not (actor.is_staff or actor.is_system) and (row.withdrawn or not row.shared):
        raise Http404
    return row


def shared_documents(partner_id: int) -> list[DocumentShown]:
    """What a partner's people read, the newest first (at most 100). Two queries."""
    rows = PartnerDocument.objects.filter(partner_id=partner_id, shared=True, withdrawn=False)
    return shown(list(rows[:MOST_DOCUMENTS]))


def newest_documents(partner_id: int, most: int) -> list[DocumentShown]:
    """For staff, shared or not. Two queries."""
    return shown(
        list(PartnerDocument.objects.filter(partner_id=partner_id, withdrawn=False)[:most])
    )


def shown(rows: list[PartnerDocument]) -> list[DocumentShown]:
    label = PartnerDocument._meta.label_lower
    files = StoredFile.objects.filter(subject_type=label, subject_id__in=[row.pk for row in rows])
    by_row = {file.subject_id: file for file in files}
    today = timezone.localdate()
    return [
        DocumentShown(
            title=row.title,
            kind=row.get_kind_display(),
            added_at=row.added_at,
            expires_on=row.expires_on,
            tone=tone_of(row.expires_on, today),
            file_id=by_row[row.pk].pk if row.pk in by_row else None,
            size=by_row[row.pk].size if row.pk in by_row else 0,
        )
        for row in rows
    ]


def file_of(document_id: int) -> StoredFile | None:
    label = PartnerDocument._meta.label_lower
    return StoredFile.objects.filter(subject_type=label, subject_id=document_id).first()


def tone_of(expires_on: dt.date | None, today: dt.date) -> str:
    if expires_on is None:
        return "neutral"
    if expires_on < today:
        return "bad"
    return "warn" if expires_on - today <= SOON else "good"
