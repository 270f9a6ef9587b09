"""What is announced about joint business plans."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.system_names import label_of
from partners.rules.swot import Quadrant


@event_kind(
    "partners.plan_begun",
    sentence=_("%(actor)s began the plan %(title)s, revision %(revision)s"),
    public=["title", "revision", "first", "last"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class PlanBegun:
    title: str
    revision: int
    first: dt.date
    last: dt.date


@event_kind(
    "partners.plan_rewritten",
    sentence=_("%(actor)s rewrote the plan %(title)s"),
    public=["title", "old", "new"],
)
@dataclass(frozen=True, slots=True)
class PlanRewritten:
    """`old` and `new` are all that the draft says."""

    title: str
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)


@event_kind(
    "partners.plan_proposed",
    sentence=_("%(actor)s signed and proposed the plan %(title)s"),
    public=["title", "side"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class PlanProposed:
    """`side` has signed."""

    title: str
    side: str


@event_kind(
    "partners.plan_taken_up",
    sentence=_("%(actor)s took the plan %(title)s up again"),
    public=["title"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class PlanTakenUp:
    """It had ended when the partner was to be let go."""

    title: str


@event_kind(
    "partners.plan_agreed",
    sentence=_("%(actor)s signed the plan %(title)s: it is agreed"),
    public=["title", "side"],
    tone="good",
)
@dataclass(frozen=True, slots=True)
class PlanAgreed:
    title: str
    side: str


@event_kind(
    "partners.plan_sent_back",
    sentence=_("%(actor)s took the plan %(title)s back to draft"),
    public=["title", "side", "note"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class PlanSentBack:
    title: str
    side: str
    note: str


@event_kind(
    "partners.plan_replaced",
    sentence=_("The plan %(title)s was replaced by revision %(revision)s"),
    public=["title", "revision"],
)
@dataclass(frozen=True, slots=True)
class PlanReplaced:
    title: str
    revision: int


@event_kind(
    "partners.plan_closed",
    sentence=_("%(actor)s closed the plan %(title)s"),
    public=["title", "note", "results"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class PlanClosed:
    """`results` is measure → value, as text; empty for a value that is not known."""

    title: str
    note: str
    results: dict[str, str]


@event_kind(
    "partners.plan_discarded",
    sentence=_("%(actor)s discarded the draft of the plan %(title)s"),
    public=["title"],
)
@dataclass(frozen=True, slots=True)
class PlanDiscarded:
    title: str


@event_kind(
    "partners.plan_commented",
    sentence=_("%(actor)s commented on the plan %(title)s"),
    public=["title", "side", "note"],
)
@dataclass(frozen=True, slots=True)
class PlanCommented:
    title: str
    side: str
    note: str


@event_kind(
    "partners.swot_changed",
    sentence=_("%(actor)s changed the %(quadrant)s: %(new)s"),
    public=["quadrant", "old", "new"],
    spoken={"quadrant": label_of(Quadrant.choices)},
    lasting=False,
)
@dataclass(frozen=True, slots=True)
class SwotChanged:
    """`old` is empty for a new line, `new` for one that was removed."""

    quadrant: str
    old: str
    new: str
