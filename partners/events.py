"""What this app announces."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.system_names import label_of
from partners.models import STAFF_ROLES
from partners.rules import PartnerStatus


def spoken_day(text: str) -> str:
    """A stored moment as a date in the reader's words."""
    return date_format(localtime(dt.datetime.fromisoformat(text)), "DATE_FORMAT")


@event_kind(
    "partners.region_added", sentence=_("%(actor)s added the region %(name)s"), staff_only=True
)
@dataclass(frozen=True, slots=True)
class RegionAdded:
    path: str
    name: str


@event_kind("partners.tier_added", sentence=_("%(actor)s added the tier %(name)s"), staff_only=True)
@dataclass(frozen=True, slots=True)
class TierAdded:
    """`approval_limit` is in the base currency; None means without limit."""

    name: str
    rank: int
    approval_limit: Decimal | None


@event_kind(
    "partners.partner_added",
    sentence=_("%(actor)s added the partner %(name)s"),
    public=["name", "type", "status", "tier", "region"],
)
@dataclass(frozen=True, slots=True)
class PartnerAdded:
    name: str
    type: str
    status: str
    tier: str
    region: str


@event_kind(
    "partners.person_joined",
    sentence=_("%(actor)s added %(email)s to the partner"),
    public=["email", "roles"],
)
@dataclass(frozen=True, slots=True)
class PersonJoined:
    """The subject is the user."""

    email: str
    roles: tuple[str, ...]


@event_kind(
    "partners.duty_given",
    sentence=_("%(actor)s gave the duty %(role)s"),
    spoken={"role": label_of(STAFF_ROLES)},
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class DutyGiven:
    """The subject is the user; `region` is a path, empty for everywhere."""

    role: str
    region: str


@event_kind(
    "partners.partner_changed",
    sentence=_("%(actor)s changed the partner's details"),
    public=["changes"],
)
@dataclass(frozen=True, slots=True)
class PartnerChanged:
    """`changes` is field → [old, new], as text."""

    changes: dict[str, list[str]]


@event_kind(
    "partners.status_changed",
    sentence=_("%(actor)s changed the partner's status from %(old)s to %(new)s"),
    public=["old", "new", "note"],
    spoken={"old": label_of(PartnerStatus.choices), "new": label_of(PartnerStatus.choices)},
    tone="info",
)
@dataclass(frozen=True, slots=True)
class StatusChanged:
    """`old` and `new` are statuses; `note` is read by the partner."""

    old: str
    new: str
    note: str


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
    "partners.domains_changed",
    sentence=_("%(actor)s changed the partner's internet domains"),
    public=["added", "removed"],
)
@dataclass(frozen=True, slots=True)
class DomainsChanged:
    added: tuple[str, ...]
    removed: tuple[str, ...]


@event_kind(
    "partners.roles_changed",
    sentence=_("%(actor)s changed what %(email)s does at the partner"),
    public=["email", "old_roles", "new_roles"],
)
@dataclass(frozen=True, slots=True)
class RolesChanged:
    """The subject is the user."""

    email: str
    old_roles: tuple[str, ...]
    new_roles: tuple[str, ...]


@event_kind(
    "partners.person_left",
    sentence=_("%(actor)s ended %(email)s's place at the partner"),
    public=["email"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class PersonLeft:
    """The subject is the user."""

    email: str


@event_kind(
    "partners.region_changed",
    sentence=_("%(actor)s changed the region %(name)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RegionChanged:
    """`changes` is field → [old, new]; `moved` counts the regions below whose path changed."""

    name: str
    changes: dict[str, list[str]]
    moved: int


@event_kind(
    "partners.duty_taken",
    sentence=_("%(actor)s took the duty %(role)s"),
    spoken={"role": label_of(STAFF_ROLES)},
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class DutyTaken:
    """The subject is the user; `region` is a path, empty for everywhere."""

    role: str
    region: str


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


# --- the tier programme ---------------------------------------------------------------------


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


@event_kind(
    "partners.grace_begun",
    sentence=_("The requirements of %(tier)s are no longer met; it is kept until %(until)s"),
    public=["tier", "reached", "until"],
    spoken={"until": spoken_day},
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
    spoken={"until": spoken_day},
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
