"""What is announced about the ideal partner profile and how partners fit it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind(
    "partners.ideal_drafted",
    sentence=_("%(actor)s began a draft of the ideal partner profile v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class IdealDrafted:
    """`copied_from` is the version it began as a copy of; 0 for none."""

    version: int
    copied_from: int


@event_kind(
    "partners.ideal_rewritten",
    sentence=_("%(actor)s rewrote the draft of the ideal partner profile v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class IdealRewritten:
    """`old` and `new` are all that the draft says."""

    version: int
    old: dict[str, Any]
    new: dict[str, Any]


@event_kind(
    "partners.ideal_published",
    sentence=_("%(actor)s published the ideal partner profile v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class IdealPublished:
    """`effective_from` is the moment from which partners are scored by it."""

    version: int
    title: str
    effective_from: dt.datetime


@event_kind(
    "partners.ideal_retired",
    sentence=_("%(actor)s retired the ideal partner profile v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class IdealRetired:
    version: int
    title: str


@event_kind(
    "partners.ideal_discarded",
    sentence=_("%(actor)s discarded the draft of the ideal partner profile v%(version)s"),
    staff_only=True,
    lasting=False,
)
@dataclass(frozen=True, slots=True)
class IdealDiscarded:
    version: int
    title: str


@event_kind(
    "partners.fit_answered",
    sentence=_("%(actor)s answered a question about the partner: %(question)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class FitAnswered:
    """`old` and `new` are "yes", "no" or "" for no answer."""

    question: str
    old: str
    new: str


@event_kind(
    "partners.scoring_asked",
    sentence=_("%(actor)s had partners scored by the ideal partner profile"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class ScoringAsked:
    """`version` is that of the draft that is tried; 0 for a scoring."""

    run_kind: str
    version: int
