"""What partners announce about two-tier distribution.

Each side hears of it in an event of its own, in which `other` is what it may call the other: the
company's name, or the domain that it typed itself as long as nobody has accepted.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.events import event_kind
from core.system_names import declare_name, label_of
from partners.rules.distribution import LinkState

THE_OTHER_COMPANY = declare_name(gettext_noop("The other company"))
THE_LAST_DAY = declare_name(gettext_noop("The last day"))
STATES = {"state": label_of(LinkState.choices)}


@event_kind(
    "partners.distribution_proposed",
    sentence=_("%(actor)s proposed two-tier distribution to %(other)s"),
    public=["other", "note", "answer_until"],
)
@dataclass(frozen=True, slots=True)
class DistributionProposed:
    """For the side that asks."""

    other: str
    note: str
    answer_until: dt.datetime


@event_kind(
    "partners.distribution_asked",
    sentence=_("%(other)s proposes two-tier distribution to your company"),
    public=["other", "note", "answer_until"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class DistributionAsked:
    """For the side that is asked; `other` is the company that asks."""

    other: str
    note: str
    answer_until: dt.datetime


@event_kind(
    "partners.distribution_moved",
    sentence=_("%(actor)s: distribution with %(other)s is now “%(state)s”"),
    public=["other", "state", "note"],
    spoken=STATES,
    tone="info",
)
@dataclass(frozen=True, slots=True)
class DistributionMoved:
    """Accepted, declined, withdrawn, expired, ended; `note` is the reason, if there is one.
    `answered_by` is the side that said so."""

    other: str
    state: str
    note: str
    answered_by: str


@event_kind(
    "partners.distribution_changed",
    sentence=_("%(actor)s changed the distribution with %(other)s"),
    public=["other", "changes"],
)
@dataclass(frozen=True, slots=True)
class DistributionChanged:
    """`changes`: field → [old, new]."""

    other: str
    changes: dict[str, list[str]]
