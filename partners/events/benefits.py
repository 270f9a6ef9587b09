"""What is announced about benefits."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind(
    "partners.benefits_drafted",
    sentence=_("%(actor)s began a draft of the benefits v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class BenefitsDrafted:
    """`copied_from` is the version it began as a copy of; 0 for none."""

    version: int
    copied_from: int


@event_kind(
    "partners.benefits_rewritten",
    sentence=_("%(actor)s rewrote the draft of the benefits v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class BenefitsRewritten:
    """`old` and `new` are all that the draft says."""

    version: int
    old: dict[str, Any]
    new: dict[str, Any]


@event_kind(
    "partners.benefits_published",
    sentence=_("%(actor)s published the benefits v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class BenefitsPublished:
    """`effective_from` is the moment from which they count."""

    version: int
    title: str
    effective_from: dt.datetime


@event_kind(
    "partners.benefits_retired",
    sentence=_("%(actor)s retired the benefits v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class BenefitsRetired:
    version: int
    title: str


@event_kind(
    "partners.benefits_discarded",
    sentence=_("%(actor)s discarded the draft of the benefits v%(version)s"),
    staff_only=True,
    lasting=False,
)
@dataclass(frozen=True, slots=True)
class BenefitsDiscarded:
    version: int
    title: str


@event_kind(
    "partners.benefits_begun",
    sentence=_("The benefits of %(tier)s count now"),
    public=["tier"],
    tone="good",
)
@dataclass(frozen=True, slots=True)
class BenefitsBegun:
    """The day has come from which the benefits of the new tier count."""

    tier: str
    before: str
    version: int
