"""What the sharing of deals announces.

Each partner in a split hears of it in an event of its own, which says nothing of the others:
who acted is then “another partner”. The whole is in `SplitRecorded`, for staff.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.events import event_kind
from core.system_names import declare_name, label_of
from dealreg.rules.splits import SplitRole, SplitStatus

ANOTHER_PARTNER = declare_name(gettext_noop("Another partner"))
THE_DEADLINE = declare_name(gettext_noop("The deadline"))
THE_DEALS_END = declare_name(gettext_noop("The end of the deal"))


def said_parts(stored: str) -> str:
    """Parts as an event keeps them ("sell:70.00 influence:5.50") in the reader's words."""
    labels = dict(SplitRole.choices)
    pairs = (part.split(":") for part in stored.split())
    return ", ".join(
        f"{labels.get(role, role)} {percent_in_words(Decimal(percent))}" for role, percent in pairs
    )


def percent_in_words(percent: Decimal) -> str:
    """ "12.5 %": without zeros that say nothing, in the reader's way of writing numbers."""
    return f"{number_format(percent.normalize().__format__('f'))}\u00a0%"


SPOKEN = {"yours": said_parts}
ACTS = [
    ("propose", _("proposed")),
    ("counter", SplitStatus.COUNTERED.label),
    ("accept", _("agreed")),
    ("in_force", SplitStatus.IN_FORCE.label),
    ("decline", _("declined")),
    ("withdraw", SplitStatus.WITHDRAWN.label),
    ("expire", SplitStatus.EXPIRED.label),
    ("replace", SplitStatus.SUPERSEDED.label),
]


@event_kind(
    "dealreg.split_proposed",
    sentence=_("%(actor)s proposed how to share the deal for %(customer)s; your part: %(yours)s"),
    public=["customer", "yours", "note", "deadline"],
    spoken=SPOKEN,
    tone="info",
)
@dataclass(frozen=True, slots=True)
class SplitProposed:
    """`yours` are the reader's own parts, role:percent, in every event about a split."""

    customer: str
    yours: str
    note: str
    deadline: dt.datetime


@event_kind(
    "dealreg.split_countered",
    sentence=_("%(actor)s made another proposal for %(customer)s; your part would be: %(yours)s"),
    public=["customer", "yours", "note"],
    spoken=SPOKEN,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class SplitCountered:
    customer: str
    yours: str
    note: str


@event_kind(
    "dealreg.split_accepted",
    sentence=_("%(actor)s accepted the split of the deal for %(customer)s"),
    public=["customer"],
    tone="good",
)
@dataclass(frozen=True, slots=True)
class SplitAccepted:
    """One of several has agreed; the others have not yet."""

    customer: str


@event_kind(
    "dealreg.split_in_force",
    sentence=_("The split of the deal for %(customer)s is in force; your part: %(yours)s"),
    public=["customer", "yours", "note", "basis"],
    spoken=SPOKEN,
    tone="good",
)
@dataclass(frozen=True, slots=True)
class SplitInForce:
    """`basis`: by agreement, by default or by the vendor, whose reason is `note`."""

    customer: str
    yours: str
    basis: str
    note: str


@event_kind(
    "dealreg.split_declined",
    sentence=_("%(actor)s declined the split of the deal for %(customer)s"),
    public=["customer", "note"],
    tone="bad",
)
@dataclass(frozen=True, slots=True)
class SplitDeclined:
    customer: str
    note: str


@event_kind(
    "dealreg.split_withdrawn",
    sentence=_("%(actor)s withdrew the proposed split of the deal for %(customer)s"),
    public=["customer", "note"],
)
@dataclass(frozen=True, slots=True)
class SplitWithdrawn:
    customer: str
    note: str


@event_kind(
    "dealreg.split_due_soon",
    sentence=_(
        "The split of the deal for %(customer)s waits for your answer; your part: %(yours)s"
    ),
    public=["customer", "yours", "deadline"],
    spoken=SPOKEN,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class SplitDueSoon:
    """For each partner that has not answered yet."""

    customer: str
    yours: str
    deadline: dt.datetime


@event_kind(
    "dealreg.split_credited",
    sentence=_("The deal for %(customer)s is won; your part: %(yours)s"),
    public=["customer", "yours"],
    spoken=SPOKEN,
    tone="good",
)
@dataclass(frozen=True, slots=True)
class SplitCredited:
    """For the partners who have a part of another one's deal."""

    customer: str
    yours: str


@event_kind(
    "dealreg.split_credit_ended",
    sentence=_("The deal for %(customer)s is open again; your part counts when it is won"),
    public=["customer"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class SplitCreditEnded:
    customer: str


@event_kind(
    "dealreg.split_expired",
    sentence=_("The proposed split of the deal for %(customer)s found no agreement in time"),
    public=["customer"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class SplitExpired:
    customer: str


@event_kind(
    "dealreg.split_replaced",
    sentence=_("The split of the deal for %(customer)s was replaced"),
    public=["customer", "note"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class SplitReplaced:
    """For those who are not part of what holds now."""

    customer: str
    note: str


@event_kind(
    "dealreg.split_recorded",
    sentence=_("%(actor)s: split %(reference)s of the deal, %(act)s, version %(number)s"),
    spoken={"act": label_of(ACTS)},
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class SplitRecorded:
    """The whole of what happened, for staff: the act, the status after it, and all parts of the
    terms on the table as {partner, invited_as, role, percent}."""

    reference: str
    act: str
    status: str
    number: int
    parts: tuple[dict[str, Any], ...]
