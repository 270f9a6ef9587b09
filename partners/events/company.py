"""What this app announces about what companies say of themselves, and about their papers."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind(
    "partners.profile_changed",
    sentence=_("%(actor)s changed the company profile"),
    public=["changes"],
)
@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """`changes` maps field to [old, new]. The subject is the partner."""

    changes: dict[str, list[str]]


@event_kind(
    "partners.document_shared",
    sentence=_("%(actor)s added the document “%(title)s”"),
    public=["title", "document_kind", "expires_on"],
)
@dataclass(frozen=True, slots=True)
class DocumentShared:
    """The subject is the document, which the partner reads."""

    title: str
    document_kind: str
    expires_on: dt.date | None


@event_kind(
    "partners.document_filed",
    sentence=_("%(actor)s filed the document “%(title)s” about the partner"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class DocumentFiled:
    """The subject is the document, which only the vendor's people read."""

    title: str
    document_kind: str
    expires_on: dt.date | None


@event_kind(
    "partners.document_changed",
    sentence=_("%(actor)s changed what is known of the document “%(title)s”"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class DocumentChanged:
    """`changes` maps field to [old, new]."""

    title: str
    changes: dict[str, list[str]]


@event_kind(
    "partners.document_expiring",
    sentence=_("The document “%(title)s” is valid until %(expires_on)s"),
    staff_only=True,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class DocumentExpiring:
    """Told `days` before the end, 0 on its day."""

    title: str
    expires_on: dt.date
    days: int


@event_kind(
    "partners.imported_partner_taken_back",
    sentence=_("%(actor)s took the import of %(name)s back"),
    staff_only=True,
    lasting=False,
)
@dataclass(frozen=True, slots=True)
class ImportedPartnerTakenBack:
    """The partner is gone; nobody had touched it."""

    name: str
    region: str
