"""What is announced about quarterly reviews."""

import datetime as dt
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.system_names import label_of


@event_kind(
    "partners.review_planned",
    sentence=_("%(actor)s planned the review %(title)s"),
    public=["title", "meets_at"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class ReviewPlanned:
    title: str
    meets_at: dt.datetime


@event_kind(
    "partners.review_changed",
    sentence=_("%(actor)s changed the review %(title)s"),
    public=["title", "changes"],
)
@dataclass(frozen=True, slots=True)
class ReviewChanged:
    """`changes` is field → [old, new]."""

    title: str
    changes: dict[str, list[str]] = field(default_factory=dict)


@event_kind(
    "partners.review_due",
    sentence=_("The review %(title)s is tomorrow"),
    public=["title", "meets_at"],
)
@dataclass(frozen=True, slots=True)
class ReviewDue:
    title: str
    meets_at: dt.datetime


@event_kind(
    "partners.review_held",
    sentence=_("%(actor)s held the review %(title)s; its numbers stay as they are"),
    public=["title"],
    tone="good",
)
@dataclass(frozen=True, slots=True)
class ReviewHeld:
    title: str


@event_kind(
    "partners.review_cancelled",
    sentence=_("%(actor)s cancelled the review %(title)s"),
    public=["title", "note"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class ReviewCancelled:
    title: str
    note: str


@event_kind(
    "partners.review_noted",
    sentence=_("%(actor)s wrote the notes of the review %(title)s"),
    public=["title"],
)
@dataclass(frozen=True, slots=True)
class ReviewNoted:
    """`old` and `new` are the notes."""

    title: str
    old: str
    new: str


@event_kind(
    "partners.pack_asked",
    sentence=_("%(actor)s had the pack of %(title)s made (%(language)s)"),
    public=["title", "language"],
    spoken={"language": label_of(settings.LANGUAGES)},
)
@dataclass(frozen=True, slots=True)
class PackAsked:
    title: str
    language: str


@event_kind(
    "partners.pack_made",
    sentence=_("The pack of %(title)s is ready (%(language)s)"),
    public=["title", "language"],
    spoken={"language": label_of(settings.LANGUAGES)},
    tone="good",
)
@dataclass(frozen=True, slots=True)
class PackMade:
    title: str
    language: str
    asked_by_id: int | None = None
