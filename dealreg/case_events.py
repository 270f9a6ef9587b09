"""What conflict cases announce. What is recorded about a side is the side's to read; what is
recorded about the case itself is for staff."""

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.system_names import in_readers_words, label_of
from dealreg.rules.cases import SideOutcome


def moment_of(stored: str) -> str:
    """A stored moment in the reader's words."""
    moment = localtime(dt.datetime.fromisoformat(stored))
    return date_format(moment, "SHORT_DATETIME_FORMAT")


@event_kind(
    "dealreg.case_opened",
    sentence=_("%(opened_by)s opened a conflict case about %(customer)s"),
    spoken={"opened_by": in_readers_words},
    staff_only=True,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class CaseOpened:
    customer: str
    opened_by: str
    origin: str
    note: str
    sides: int


@event_kind(
    "dealreg.case_side_joined",
    sentence=_("The registration of %(customer)s became part of a conflict case"),
    public=["customer", "evidence_until", "own"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class SideJoined:
    """`own`: the side itself asked for the case."""

    case_id: int
    customer: str
    evidence_until: dt.datetime
    own: bool


@event_kind(
    "dealreg.case_statement_made",
    sentence=_("%(actor)s made a statement"),
    public=["note", "files"],
)
@dataclass(frozen=True, slots=True)
class StatementMade:
    case_id: int
    note: str
    files: list[str]


@event_kind(
    "dealreg.case_evidence_asked",
    sentence=_("%(actor)s asked for evidence"),
    public=["note", "until"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class EvidenceAsked:
    case_id: int
    customer: str
    note: str
    until: dt.datetime


@event_kind(
    "dealreg.case_evidence_over",
    sentence=_("The time for evidence is over"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class EvidenceOver:
    customer: str
    missing: int


@event_kind(
    "dealreg.case_evidence_due_soon",
    sentence=_("The time for evidence ends on %(until)s"),
    public=["customer", "note", "until"],
    spoken={"until": moment_of},
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class EvidenceDueSoon:
    """`note` is what the side was asked for, empty when nobody asked for anything in particular."""

    case_id: int
    customer: str
    note: str
    until: dt.datetime


@event_kind(
    "dealreg.case_decision_due_soon",
    sentence=_("The decision is due on %(due)s"),
    spoken={"due": moment_of},
    staff_only=True,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class DecisionDueSoon:
    customer: str
    due: dt.datetime


@event_kind(
    "dealreg.case_assigned",
    sentence=_("%(actor)s made %(owner)s the owner of the case"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class CaseAssigned:
    customer: str
    owner: str
    owner_id: int


@event_kind(
    "dealreg.case_escalated",
    sentence=_("The case was escalated to: %(names)s"),
    staff_only=True,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class CaseEscalated:
    """`told` are the ids of those whom `names` lists."""

    customer: str
    who: str
    names: str
    told: list[int]
    note: str


@event_kind(
    "dealreg.case_decided",
    sentence=_("%(actor)s decided the case"),
    staff_only=True,
    tone="good",
)
@dataclass(frozen=True, slots=True)
class CaseDecided:
    """`outcomes` is partner → outcome."""

    customer: str
    reason: str
    note: str
    outcomes: dict[str, str]
    final: bool
    minutes: int
    in_time: bool


@event_kind(
    "dealreg.case_side_decided",
    sentence=_("%(actor)s decided: your company %(outcome)s"),
    public=["customer", "outcome", "note", "appeal_until"],
    spoken={"outcome": label_of(SideOutcome.choices)},
    tone="info",
)
@dataclass(frozen=True, slots=True)
class SideDecided:
    """`appeal_until` is None where nothing can be appealed, or no longer."""

    case_id: int
    customer: str
    outcome: str
    note: str
    appeal_until: dt.datetime | None


@event_kind(
    "dealreg.case_appealed",
    sentence=_("%(actor)s appealed against the decision"),
    public=["note"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class CaseAppealed:
    case_id: int
    customer: str
    note: str


@event_kind(
    "dealreg.case_taken_back",
    sentence=_("%(actor)s took the case back"),
    public=["note"],
)
@dataclass(frozen=True, slots=True)
class CaseTakenBack:
    case_id: int
    customer: str
    note: str


@event_kind(
    "dealreg.case_closed",
    sentence=_("The case is closed"),
    public=["customer"],
)
@dataclass(frozen=True, slots=True)
class CaseClosed:
    case_id: int
    customer: str
