"""What is kept about a partner: what it does, where, and notes about it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind(
    "partners.focus_changed",
    sentence=_("%(actor)s changed the partner's specialisations and verticals"),
    public=["added", "removed"],
)
@dataclass(frozen=True, slots=True)
class FocusChanged:
    """Names of specialisations and verticals."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


@event_kind(
    "partners.territories_changed",
    sentence=_("%(actor)s changed the partner's territories"),
    public=["added", "removed"],
)
@dataclass(frozen=True, slots=True)
class TerritoriesChanged:
    """Codes of countries."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


@event_kind(
    "partners.note_shared",
    sentence=_("%(actor)s wrote a note to the partner"),
    public=["text"],
)
@dataclass(frozen=True, slots=True)
class NoteShared:
    text: str


@event_kind(
    "partners.note_kept",
    sentence=_("%(actor)s wrote a note about the partner"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class NoteKept:
    text: str
