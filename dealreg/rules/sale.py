"""The sale behind a registration: what a partner keeps current, how it closes, what it is worth."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, fields
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dealreg.rules.request import FURTHEST_CLOSE, UNREADABLE, amount_problem, unreadable
from dealreg.rules.states import OPEN_STAGES, DealStage

LONGEST_STEP = 200
LONGEST_NOTE = 1000
LONGEST_COMPETITOR = 200
MOST_REASONS = 5
# A registration may grow by this much beyond what was agreed without anybody looking again.
ROOM_TO_GROW = Decimal("1.25")
# How long after its closing somebody who closed a sale by mistake may open it again.
PARTNER_REOPENS_WITHIN = dt.timedelta(days=14)
STAFF_REOPENS_WITHIN = dt.timedelta(days=90)


class SaleField(TextChoices):
    """What of a sale has a history."""

    STAGE = "stage", _("Sales stage")
    AMOUNT = "amount", _("Expected amount")
    EXPECTED_CLOSE = "expected_close", _("Expected close")
    PROBABILITY = "probability", _("Probability")
    NEXT_STEP = "next_step", _("Next step")
    NEXT_STEP_ON = "next_step_on", _("Next step on")


@dataclass(frozen=True, slots=True)
class Sale:
    """An open sale as its seller sees it. `amount` is in the deal's currency; `probability` in
    percent, None for that of the stage."""

    stage: str
    amount: Decimal | None
    expected_close: dt.date | None
    probability: int | None = None
    next_step: str = ""
    next_step_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a sale before and after, as codes, plain numbers and ISO dates."""

    field: SaleField
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Closing:
    """How a sale ended. `amount` is what it was sold for, in the deal's currency; nothing for
    a lost one. `reasons` are codes of the reasons that operations keep."""

    outcome: DealStage
    closed_on: dt.date
    reasons: tuple[str, ...]
    amount: Decimal | None = None
    competitor: str = ""
    note: str = ""


class InvalidSale(Exception):
    """The sale cannot be kept like this; `problems` says per field what to do."""

    def __init__(self, problems: dict[str, str | Promise]) -> None:
        super().__init__("; ".join(f"{field}: {text}" for field, text in problems.items()))
        self.problems = problems


def problems_in_sale(
    new: Sale, old: Sale, *, currency: str, today: dt.date
) -> dict[str, str | Promise]:
    """What is wrong with what differs from `old`: what was fine once does not get in the way."""
    found: dict[str, str | Promise] = {}
    changed = {change.field for change in changes_between(old, new)}
    if new.stage not in OPEN_STAGES:
        found["stage"] = _("Choose an open stage; a sale is won or lost on a page of its own.")
    if SaleField.AMOUNT in changed and (wrong := amount_problem(new.amount, currency)):
        found["amount"] = wrong
    if SaleField.EXPECTED_CLOSE in changed and (late := _close_problem(new.expected_close, today)):
        found["expected_close"] = late
    if new.probability is not None and not 0 <= new.probability <= 100:
        found["probability"] = _("Enter a number from 0 to 100.")
    return found | _step_problems(new, changed, today)


def _close_problem(close: dt.date | None, today: dt.date) -> str | Promise | None:
    if close is None:
        return _("Enter the date on which you expect the order.")
    if close < today:
        return _("Enter a date that is not in the past.")
    if close > today + FURTHEST_CLOSE:
        return _("Enter a date within the next five years.")
    return None


def _step_problems(
    new: Sale, changed: Collection[SaleField], today: dt.date
) -> dict[str, str | Promise]:
    if len(new.next_step) > LONGEST_STEP:
        return {"next_step": _("Use at most 200 characters.")}
    if unreadable(new.next_step):
        return {"next_step": UNREADABLE}
    if new.next_step_on is None:
        return {}
    if not new.next_step:
        return {"next_step": _("Say what happens on that day.")}
    if SaleField.NEXT_STEP_ON in changed and not (
        today <= new.next_step_on <= today + FURTHEST_CLOSE
    ):
        return {"next_step_on": _("Enter a date from today to five years ahead.")}
    return {}


def changes_between(old: Sale, new: Sale) -> tuple[Change, ...]:
    """What differs, in the order of the fields."""
    return tuple(
        Change(SaleField(one.name), _text(getattr(old, one.name)), _text(getattr(new, one.name)))
        for one in fields(Sale)
        if getattr(old, one.name) != getattr(new, one.name)
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def plain(amount: Decimal) -> str:
    """An amount without the zeros that only a column's width adds."""
    whole = amount == amount.to_integral_value()
    return str(amount.to_integral_value() if whole else amount.normalize())


def may_grow_to(
    new: Decimal, *, in_base: Decimal | None, limit: Decimal | None, agreed: Decimal
) -> bool:
    """Whether a partner may raise an amount by itself: within what its tier's registrations are
    approved for by rule (`limit`, in the base currency like `in_base`; None for no limit), or
    near what was agreed (in the deal's currency like `new`)."""
    if limit is None or (in_base is not None and in_base <= limit):
        return True
    return new <= agreed * ROOM_TO_GROW


def problems_in_closing(
    closing: Closing,
    *,
    currency: str,
    registered_on: dt.date | None,
    today: dt.date,
    known_reasons: Collection[str],
) -> dict[str, str | Promise]:
    """What keeps a sale from being closed like this on `today`. `known_reasons` are the codes
    that may be chosen for this outcome."""
    found: dict[str, str | Promise] = {}
    if closing.closed_on > today:
        found["closed_on"] = _("Enter a date that is not in the future.")
    elif registered_on is not None and closing.closed_on < registered_on:
        found["closed_on"] = _("Enter a date after the registration.")
    if closing.outcome == DealStage.WON and (wrong := amount_problem(closing.amount, currency)):
        found["amount"] = wrong
    if closing.outcome == DealStage.LOST and closing.amount is not None:
        found["amount"] = _("A lost sale has no amount.")
    found |= _reason_problems(closing, known_reasons)
    if closing.competitor and closing.outcome != DealStage.LOST:
        found["competitor"] = _("Only a lost sale went to a competitor.")
    elif len(closing.competitor) > LONGEST_COMPETITOR:
        found["competitor"] = _("Use at most 200 characters.")
    for name, text in (("competitor", closing.competitor), ("note", closing.note)):
        if unreadable(text, besides="\n\r\t"):
            found[name] = UNREADABLE
    return found


def _reason_problems(closing: Closing, known: Collection[str]) -> dict[str, str | Promise]:
    if not closing.reasons and known:
        return {"reasons": _("Choose at least one reason.")}
    if len(closing.reasons) > MOST_REASONS:
        return {"reasons": _("Choose at most five reasons.")}
    if not set(closing.reasons) <= set(known):
        return {"reasons": _("Choose reasons from the list.")}
    return {}


def may_reopen(closed_at: dt.datetime, now: dt.datetime, *, staff: bool) -> bool:
    """Whether a sale that was closed then may be opened again by its partner, or by staff."""
    within = STAFF_REOPENS_WITHIN if staff else PARTNER_REOPENS_WITHIN
    return now - closed_at <= within
