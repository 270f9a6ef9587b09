"""What a partner earned with the programme against what that cost it, quarter by quarter. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from partners.rules.periods import Period, PeriodKind, period_at

HUNDREDTH = Decimal("0.01")
NOTHING = Decimal(0)


class EarningKind(TextChoices):
    MARGIN = "margin", _("Margin")
    FUNDS = "funds", _("Marketing funds")
    COMMISSIONS = "commissions", _("Commissions")


class CostKind(TextChoices):
    CERTIFICATION = "certification", _("Certification and training")
    PEOPLE = "people", _("People")
    EVENTS = "events", _("Events and marketing")
    OTHER = "other", _("Other")


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost as the partner states it."""

    kind: CostKind
    day: dt.date
    amount: Decimal
    currency: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """An amount of a day, already in the currency of the statement."""

    kind: str
    day: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A quarter or a year. `earned_by` and `cost_by` are kind → amount, those without any left
    out."""

    period: Period
    earned_by: dict[str, Decimal] = field(default_factory=dict)
    cost_by: dict[str, Decimal] = field(default_factory=dict)

    @property
    def earned(self) -> Decimal:
        return sum(self.earned_by.values(), NOTHING)

    @property
    def cost(self) -> Decimal:
        return sum(self.cost_by.values(), NOTHING)

    @property
    def result(self) -> Decimal:
        return self.earned - self.cost

    @property
    def ratio(self) -> Decimal | None:
        """How much came back for each unit spent, to hundredths; None where nothing was."""
        return (self.earned / self.cost).quantize(HUNDREDTH, ROUND_HALF_UP) if self.cost else None


def quarters_of(year: int) -> list[Period]:
    return [period_at(PeriodKind.QUARTER, 0, dt.date(year, month, 1)) for month in (1, 4, 7, 10)]


def year_of(year: int) -> Period:
    return period_at(PeriodKind.YEAR, 0, dt.date(year, 1, 1))


def lines(
    periods: Sequence[Period], earned: Iterable[Booked], costs: Iterable[Booked]
) -> list[Line]:
    """What falls into each period. What lies in none counts nowhere; in periods that do not
    overlap each amount counts once."""
    found = [Line(period) for period in periods]
    for one in earned:
        for line in found:
            _add(line, line.earned_by, one)
    for one in costs:
        for line in found:
            _add(line, line.cost_by, one)
    return found


def _add(line: Line, sums: dict[str, Decimal], one: Booked) -> None:
    if line.period.first <= one.day <= line.period.last:
        sums[one.kind] = sums.get(one.kind, NOTHING) + one.amount


def problem_with(cost: Cost, today: dt.date) -> str:
    """Why a cost cannot be stated so; "" when it can."""
    if not cost.amount.is_finite() or not 0 < cost.amount < Decimal(10) ** 14:
        return str(_("The amount is more than zero."))
    if not dt.date(2000, 1, 1) <= cost.day <= dt.date(today.year + 1, 12, 31):
        return str(_("The day lies between 2000 and the end of next year."))
    return ""
