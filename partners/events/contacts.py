"""What is announced about whom to talk to at a partner."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind(
    "partners.contact_added",
    sentence=_("%(actor)s added the contact %(name)s"),
    public=["name", "role"],
)
@dataclass(frozen=True, slots=True)
class ContactAdded:
    """The subject is the contact."""

    name: str
    role: str


@event_kind(
    "partners.contact_changed",
    sentence=_("%(actor)s changed the contact %(name)s"),
    public=["name", "changes"],
)
@dataclass(frozen=True, slots=True)
class ContactChanged:
    """`changes` maps field to [old, new]."""

    name: str
    changes: dict[str, list[str]]


@event_kind(
    "partners.contact_removed",
    sentence=_("%(actor)s removed the contact %(name)s"),
    public=["name"],
)
@dataclass(frozen=True, slots=True)
class ContactRemoved:
    name: str
