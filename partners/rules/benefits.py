"""What a tier brings: the benefits that a catalogue may name, their typed values, and from when
a partner has them. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

UNLIMITED = "unlimited"
YES, NO = "yes", "no"
HUNDRED = Decimal(100)


class BenefitKind(TextChoices):
    PERCENT = "percent", gettext_lazy("percent")
    COUNT = "count", gettext_lazy("number")
    MONEY = "money", gettext_lazy("money")
    LEVEL = "level", gettext_lazy("level")
    YES_NO = "yes_no", gettext_lazy("yes or no")


class Starts(TextChoices):
    """When benefits follow a change of tier."""

    AT_ONCE = "at_once", gettext_lazy("at once")
    MONTH = "month", gettext_lazy("on the first day of the next month")
    QUARTER = "quarter", gettext_lazy("on the first day of the next quarter")


@dataclass(frozen=True, slots=True)
class Benefit:
    """One thing that tiers may bring. `levels` are its words, the least first; `unlimited`
    says that there may be no limit."""

    name: str
    kind: BenefitKind
    label: str | Promise
    description: str | Promise
    levels: tuple[tuple[str, str | Promise], ...] = ()
    unlimited: bool = False


BENEFITS = {
    one.name: one
    for one in (
        Benefit(
            "margin",
            BenefitKind.PERCENT,
            gettext_lazy("Margin"),
            gettext_lazy("Of the list price, on registered deals."),
        ),
        Benefit(
            "fund",
            BenefitKind.PERCENT,
            gettext_lazy("Marketing funds"),
            gettext_lazy("Of the revenue that you bring, for marketing together."),
        ),
        Benefit(
            "content",
            BenefitKind.LEVEL,
            gettext_lazy("Content"),
            gettext_lazy("Which documents and campaigns you can use."),
            (
                ("basic", gettext_lazy("Basics")),
                ("sales", gettext_lazy("Sales content")),
                ("all", gettext_lazy("Everything")),
            ),
        ),
        Benefit(
            "leads",
            BenefitKind.LEVEL,
            gettext_lazy("Leads"),
            gettext_lazy("How early you are asked when we have a lead."),
            (
                ("last", gettext_lazy("After others")),
                ("normal", gettext_lazy("In turn")),
                ("first", gettext_lazy("First")),
            ),
        ),
        Benefit(
            "support",
            BenefitKind.LEVEL,
            gettext_lazy("Support"),
            gettext_lazy("Who helps you, and how fast."),
            (
                ("standard", gettext_lazy("Standard")),
                ("priority", gettext_lazy("Priority")),
                ("named", gettext_lazy("Named engineer")),
            ),
        ),
        Benefit(
            "registrations",
            BenefitKind.COUNT,
            gettext_lazy("Open registrations"),
            gettext_lazy("How many registrations may be open at a time."),
            unlimited=True,
        ),
        Benefit(
            "approval",
            BenefitKind.MONEY,
            gettext_lazy("Automatic approval up to"),
            gettext_lazy("Deals up to this amount need no person’s approval."),
            unlimited=True,
        ),
        Benefit(
            "forecast",
            BenefitKind.YES_NO,
            gettext_lazy("Forecast"),
            gettext_lazy("The forecast of your open sales."),
        ),
        Benefit(
            "export",
            BenefitKind.YES_NO,
            gettext_lazy("Export of deals"),
            gettext_lazy("Your deals as a file for a spreadsheet."),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Value:
    """A typed value: a number, or a word (a level, yes or no, unlimited)."""

    number: Decimal | None = None
    word: str = ""


Grants = Mapping[str, Value]


def rank_of(benefit: Benefit, value: Value | None) -> Decimal:
    """Where a value stands among those of its benefit: more is better, none is the least."""
    if value is None:
        return Decimal(-1)
    if value.word == UNLIMITED:
        return Decimal("Infinity")
    if benefit.kind == BenefitKind.LEVEL:
        return Decimal([word for word, _label in benefit.levels].index(value.word))
    if benefit.kind == BenefitKind.YES_NO:
        return Decimal(value.word == YES)
    return value.number or Decimal(0)


def wrong_with(benefit: Benefit, value: Value) -> str:
    """Why a value is none of its benefit; "" when it is one."""
    if (value.number is None) == (not value.word):
        return _("%s: one value is needed.") % benefit.label
    if value.word == UNLIMITED and benefit.unlimited:
        return ""
    words = {word for word, _label in benefit.levels}
    if benefit.kind == BenefitKind.YES_NO:
        words = {YES, NO}
    if words:
        return "" if value.word in words else _("%s: choose one of the levels.") % benefit.label
    number = value.number
    if number is None or not number.is_finite() or number < 0:
        return _("%s: a number that is not negative is needed.") % benefit.label
    if benefit.kind == BenefitKind.PERCENT and number > HUNDRED:
        return _("%s: at most 100 percent.") % benefit.label
    if benefit.kind == BenefitKind.COUNT and number != number.to_integral_value():
        return _("%s: a whole number is needed.") % benefit.label
    return ""


def problems_of(tiers: Sequence[tuple[str, Grants]]) -> list[str]:
    """What keeps a catalogue from being published. `tiers` are names with what they bring, the
    lowest first: no tier may bring less than the one below it, and one must bring something."""
    problems = []
    for _tier, grants in tiers:
        for name, value in grants.items():
            if name not in BENEFITS:
                problems.append(_("Nobody knows the benefit %s.") % name)
            elif wrong := wrong_with(BENEFITS[name], value):
                problems.append(wrong)
    if problems:
        return problems
    if not any(grants for _tier, grants in tiers):
        return [_("No tier brings anything yet.")]
    for benefit in BENEFITS.values():
        for (lower, less), (higher, more) in pairwise(tiers):
            if rank_of(benefit, more.get(benefit.name)) < rank_of(benefit, less.get(benefit.name)):
                words = {"benefit": benefit.label, "higher": higher, "lower": lower}
                problems.append(_("%(benefit)s: %(higher)s brings less than %(lower)s.") % words)
    return problems


def begins(since: dt.datetime, starts: str, zone: dt.tzinfo) -> dt.datetime:
    """When the benefits of a tier begin that a partner has been in since `since`: midnight in
    `zone` of the stated day, never before `since`."""
    if starts == Starts.AT_ONCE:
        return since
    day = since.astimezone(zone).date()
    months = 1 if starts == Starts.MONTH else 3 - (day.month - 1) % 3
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.datetime(year, month + 1, 1, tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Held:
    """A time of which the benefits of a tier are a partner's."""

    tier_id: int
    since: dt.datetime


def times_held(
    stays: Sequence[tuple[int, dt.datetime]], starts: str, zone: dt.tzinfo
) -> list[Held]:
    """From when which tier's benefits count, oldest first, from (tier, since) in that order. The
    first tier counts at once; of two that begin together the later one counts."""
    held: list[Held] = []
    for place, (tier_id, since) in enumerate(stays):
        at = begins(since, starts, zone) if place else since
        if held and held[-1].since >= at:
            held.pop()
        if not held or held[-1].tier_id != tier_id:
            held.append(Held(tier_id, at))
    return held


def held_at(held: Sequence[Held], at: dt.datetime) -> Held | None:
    """The one that counts at a moment; before the first one, that one."""
    begun = [one for one in held if one.since <= at]
    return begun[-1] if begun else held[0] if held else None
