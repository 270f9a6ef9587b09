"""Partners’ ways through the tiers: moves, grace, proposals, exceptions, recalculations."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.spoken import stored_day


@event_kind(
    "partners.tier_changed",
    sentence=_("%(actor)s moved the partner from %(old)s to %(new)s"),
    public=["old", "new", "note"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class TierChanged:
    """`old` and `new` are names of tiers; `note` is read by the partner."""

    old: str
    new: str
    note: str


@event_kind(
    "partners.grace_begun",
    sentence=_("The requirements of %(tier)s are no longer met; it is kept until %(until)s"),
    public=["tier", "reached", "until"],
    spoken={"until": stored_day},
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class GraceBegun:
    """`tier` is kept until the moment `until`; `reached` is what follows if nothing changes."""

    tier: str
    reached: str
    until: dt.datetime


@event_kind(
    "partners.grace_ending",
    sentence=_("The grace for %(tier)s ends on %(until)s"),
    public=["tier", "reached", "until"],
    spoken={"until": stored_day},
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class GraceEnding:
    tier: str
    reached: str
    until: dt.datetime


@event_kind(
    "partners.grace_left",
    sentence=_("The requirements of %(tier)s are met again"),
    public=["tier"],
    tone="good",
)
@dataclass(frozen=True, slots=True)
class GraceLeft:
    tier: str


@event_kind(
    "partners.tier_proposed",
    sentence=_("The tier programme proposes %(new)s instead of %(old)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class TierProposed:
    old: str
    new: str


@event_kind(
    "partners.tier_proposal_declined",
    sentence=_("%(actor)s declined the move from %(old)s to %(new)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class TierProposalDeclined:
    old: str
    new: str
    note: str


@event_kind(
    "partners.tier_exception_made",
    sentence=_("%(actor)s made a tier exception until %(last_day)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class TierExceptionMade:
    """`tier` is empty when the partner is held in the one it has."""

    tier: str
    reason: str
    last_day: dt.date


@event_kind(
    "partners.tier_exception_ended",
    sentence=_("The tier exception ended"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class TierExceptionEnded:
    tier: str


@event_kind(
    "partners.recalculation_asked",
    sentence=_("%(actor)s had tiers recalculated"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RecalculationAsked:
    """`kind` is "recalculate" or "simulate"; `version` the simulated programme's, else 0."""

    kind: str
    version: int


@event_kind(
    "partners.measure_value_entered",
    sentence=_("%(actor)s entered a value of %(measure)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class MeasureValueEntered:
    measure: str
    day: dt.date
    value: Decimal
    source: str
