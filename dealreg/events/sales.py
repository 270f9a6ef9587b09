"""What the sale of a deal announces."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.system_names import label_of
from dealreg.rules.states import DealStage


def amount_in_words(amount: str) -> str:
    return number_format(Decimal(amount), use_l10n=True, force_grouping=True) if amount else "—"


def day_in_words(day: str) -> str:
    return str(date_format(dt.date.fromisoformat(day), "DATE_FORMAT")) if day else "—"


def percent_in_words(percent: str) -> str:
    return gettext("%(number)s %%") % {"number": percent} if percent else gettext("by stage")


STAGE_IN_WORDS = label_of(DealStage.choices)
A_CHANGE = ["customer", "note", "old", "new"]


@event_kind(
    "dealreg.stage_changed",
    sentence=_("%(actor)s moved the sale from %(old_stage)s to %(new_stage)s"),
    public=["customer", "note", "old_stage", "new_stage"],
    spoken={"old_stage": STAGE_IN_WORDS, "new_stage": STAGE_IN_WORDS},
    tone="info",
)
@dataclass(frozen=True, slots=True)
class StageChanged:
    """From one open stage to another; how a sale ends is DealWon, DealLost and DealReopened."""

    customer: str
    note: str
    old_stage: str
    new_stage: str


@event_kind(
    "dealreg.sale_amount_changed",
    sentence=_("%(actor)s changed the amount from %(old)s to %(new)s %(currency)s"),
    public=[*A_CHANGE, "currency"],
    spoken={"old": amount_in_words, "new": amount_in_words},
)
@dataclass(frozen=True, slots=True)
class SaleAmountChanged:
    customer: str
    note: str
    old: str
    new: str
    currency: str


@event_kind(
    "dealreg.sale_close_moved",
    sentence=_("%(actor)s moved the expected close from %(old)s to %(new)s"),
    public=A_CHANGE,
    spoken={"old": day_in_words, "new": day_in_words},
)
@dataclass(frozen=True, slots=True)
class SaleCloseMoved:
    customer: str
    note: str
    old: str
    new: str


@event_kind(
    "dealreg.sale_probability_changed",
    sentence=_("%(actor)s changed the probability from %(old)s to %(new)s"),
    public=A_CHANGE,
    spoken={"old": percent_in_words, "new": percent_in_words},
)
@dataclass(frozen=True, slots=True)
class SaleProbabilityChanged:
    """Empty: that of the stage."""

    customer: str
    note: str
    old: str
    new: str


@event_kind(
    "dealreg.sale_next_step_changed",
    sentence=_("%(actor)s changed the next step: %(new)s"),
    public=[*A_CHANGE, "field"],
)
@dataclass(frozen=True, slots=True)
class SaleNextStepChanged:
    """`field` says whether its words or its day changed."""

    customer: str
    note: str
    field: str
    old: str
    new: str


@event_kind(
    "dealreg.sale_confirmed",
    sentence=_("%(actor)s confirmed that the sale is up to date"),
    public=["customer", "note"],
)
@dataclass(frozen=True, slots=True)
class SaleConfirmed:
    customer: str
    note: str


@event_kind(
    "dealreg.sale_went_stale",
    sentence=_("%(customer)s: no update for %(days)s days"),
    public=["customer", "days"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class SaleWentStale:
    """Said once, until the sale is updated and goes quiet again."""

    customer: str
    days: int


@event_kind(
    "dealreg.deal_won",
    sentence=_("%(actor)s won %(customer)s: %(amount)s %(currency)s"),
    public=["customer", "note", "closed_on", "reasons", "amount", "currency"],
    spoken={"amount": amount_in_words},
    tone="good",
)
@dataclass(frozen=True, slots=True)
class DealWon:
    """`reasons` are codes; `amount` is what it was sold for. The protection ended with it."""

    customer: str
    note: str
    closed_on: dt.date
    reasons: list[str]
    amount: str
    currency: str


@event_kind(
    "dealreg.deal_lost",
    sentence=_("%(actor)s lost %(customer)s"),
    public=["customer", "note", "closed_on", "reasons", "competitor"],
    tone="bad",
)
@dataclass(frozen=True, slots=True)
class DealLost:
    """`reasons` are codes. The protection ended with it."""

    customer: str
    note: str
    closed_on: dt.date
    reasons: list[str]
    competitor: str


@event_kind(
    "dealreg.deal_reopened",
    sentence=_("%(actor)s opened the sale of %(customer)s again: %(new_stage)s"),
    public=["customer", "note", "old_stage", "new_stage"],
    spoken={"new_stage": STAGE_IN_WORDS},
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class DealReopened:
    """What was left of the protection runs again."""

    customer: str
    note: str
    old_stage: str
    new_stage: str
