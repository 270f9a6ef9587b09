"""Versions of the tier programme: drafted, published, retired."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind(
    "partners.programme_drafted",
    sentence=_("%(actor)s began the tier programme v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class ProgrammeDrafted:
    """`copied_from` is the version it began as a copy of; 0 for none."""

    version: int
    copied_from: int


@event_kind(
    "partners.programme_rewritten",
    sentence=_("%(actor)s rewrote the draft of the tier programme v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class ProgrammeRewritten:
    """`old` and `new` are all that the draft says."""

    version: int
    old: dict[str, Any]
    new: dict[str, Any]


@event_kind(
    "partners.programme_published",
    sentence=_("%(actor)s published the tier programme v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class ProgrammePublished:
    """`effective_from` is the moment from which it decides."""

    version: int
    title: str
    effective_from: dt.datetime


@event_kind(
    "partners.programme_retired",
    sentence=_("%(actor)s retired the tier programme v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class ProgrammeRetired:
    version: int
    title: str


@event_kind(
    "partners.programme_discarded",
    sentence=_("%(actor)s discarded the draft of the tier programme v%(version)s"),
    staff_only=True,
    lasting=False,
)
@dataclass(frozen=True, slots=True)
class ProgrammeDiscarded:
    version: int
    title: str
