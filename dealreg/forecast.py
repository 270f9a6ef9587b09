"""What the open sales of a partner, or of many, may bring: by stage, by month, by whom.

Sums are made by the database, one query for each table of numbers. Amounts are converted to the
base currency at today's rate; weighted, an amount counts by its probability.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, DecimalField, F, Func, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core import money_rates
from core.actor import Actor
from core.money import smallest_unit
from dealreg.models import Deal
from dealreg.models.deals import IN_PIPELINE, DealQuerySet
from dealreg.rules.states import STAGES_IN_ORDER
from dealreg.sales import StageTerms, exact, stage_terms, weighted
from partners.queries.organisations import partner_names
from partners.queries.regions import region_names

MONTHS = 12
OVERDUE, LATER, UNDATED = "overdue", "later", "none"
MOST_LINES = 50
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Line:
    """Some open sales: how many, what they are worth and, weighted by probability, what may
    come of it, both in the base currency. `key` is what a list is filtered by to see them."""

    key: str
    label: str
    deals: int
    amount: Decimal
    weighted: Decimal

    @property
    def short(self) -> str:
        """The label where there is little room."""
        if not re.fullmatch(r"\d{4}-\d{2}", self.key):
            return self.label
        return str(date_format(dt.date.fromisoformat(f"{self.key}-01"), "M"))


@dataclass(frozen=True, slots=True)
class Forecast:
    """The open pipeline at `day`'s exchange rates. `uncounted` are the currencies that have no
    rate, and `unpriced` the number of deals without an amount: neither is in the sums."""

    day: dt.date
    currency: str
    by_stage: tuple[Line, ...]
    by_month: tuple[Line, ...]
    total: Line
    uncounted: tuple[str, ...]
    unpriced: int


@dataclass(frozen=True, slots=True)
class _Sum:
    stage: str
    month: str
    currency: str
    deals: int
    priced: int
    amount: Decimal
    weighted: Decimal


# --- months -----------------------------------------------------------------------------------


def month_starts(today: dt.date) -> list[dt.date]:
    """The first day of this month and of the eleven that follow."""
    first = today.year * 12 + today.month - 1
    return [dt.date((first + n) // 12, (first + n) % 12 + 1, 1) for n in range(MONTHS)]


def horizon(today: dt.date) -> dt.date:
    """The first day that is no longer told month by month."""
    last = month_starts(today)[-1]
    return dt.date(last.year + last.month // 12, last.month % 12 + 1, 1)


def close_choices() -> list[tuple[str, str]]:
    """What a list can be filtered by: the forecast's months, as of today."""
    today = timezone.localdate()
    months = [(f"{day:%Y-%m}", month_label(day)) for day in month_starts(today)]
    return [(OVERDUE, _("Overdue")), *months, (LATER, _("Later")), (UNDATED, _("No date"))]


def month_label(day: dt.date) -> str:
    return str(date_format(day, "YEAR_MONTH_FORMAT"))


def closing_in(key: str) -> Q:
    """The deals whose expected close falls into one of `close_choices`. Nothing for others."""
    today = timezone.localdate()
    if key == OVERDUE:
        return Q(expected_close__lt=today)
    if key == LATER:
        return Q(expected_close__gte=horizon(today))
    if key == UNDATED:
        return Q(expected_close__isnull=True)
    starts = {f"{day:%Y-%m}": day for day in month_starts(today)}
    if key not in starts:
        return Q(pk__in=[])
    ends = [*starts.values(), horizon(today)]
    start = starts[key]
    end = ends[ends.index(start) + 1]
    # This month begins today: what was expected before is overdue.
    return Q(expected_close__gte=max(start, today), expected_close__lt=end)


# --- sums ---------------------------------------------------------------------------------------


def pipeline(actor: Actor) -> DealQuerySet:
    """The open sales that the actor may see."""
    return Deal.objects.visible_to(actor).filter(IN_PIPELINE)


def forecast(rows: DealQuerySet) -> Forecast:
    """The forecast over `rows` of the pipeline. Three queries: terms, rates, sums."""
    today = timezone.localdate()
    terms, rates = stage_terms(), money_rates.rates_on(today)
    sums = _sums(rows, today, terms)
    months = dict(close_choices())
    return Forecast(
        day=today,
        currency=money_rates.base_currency(),
        by_stage=_lines(sums, {s.value: s.label for s in STAGES_IN_ORDER}, rates, _stage_of),
        by_month=_lines(sums, months, rates, _month_of),
        total=_line("", _("All open sales"), sums, rates),
        uncounted=tuple(sorted({one.currency for one in sums if one.priced} - rates.keys())),
        unpriced=sum(one.deals - one.priced for one in sums),
    )


def _stage_of(one: _Sum) -> str:
    return one.stage


def _month_of(one: _Sum) -> str:
    return one.month


def _sums(rows: DealQuerySet, today: dt.date, terms: Mapping[str, StageTerms]) -> list[_Sum]:
    month = Case(
        When(expected_close__isnull=True, then=Value(UNDATED)),
        When(expected_close__lt=today, then=Value(OVERDUE)),
        When(expected_close__gte=horizon(today), then=Value(LATER)),
        default=Func(F("expected_close"), Value("YYYY-MM"), function="to_char"),
        output_field=CharField(),
    )
    found = (
        rows.order_by()
        .annotate(month=month)
        .values("stage", "month", "currency")
        .annotate(
            deals=Count("id"),
            priced=Count("amount"),
            total=Coalesce(Sum("amount"), Decimal(0)),
            expected=Coalesce(Sum(weighted(terms)), Decimal(0)),
        )
    )
    return [
        _Sum(
            row["stage"],
            row["month"],
            row["currency"],
            row["deals"],
            row["priced"],
            row["total"],
            row["expected"] / HUNDRED,
        )
        for row in found
    ]


def _lines(
    sums: Iterable[_Sum],
    labels: Mapping[str, str | Promise],
    rates: Mapping[str, Decimal],
    key_of: Callable[[_Sum], str],
) -> tuple[Line, ...]:
    rows = list(sums)
    return tuple(
        _line(key, str(label), [one for one in rows if key_of(one) == key], rates)
        for key, label in labels.items()
    )


def _line(key: str, label: str, sums: Iterable[_Sum], rates: Mapping[str, Decimal]) -> Line:
    rows = list(sums)
    unit = smallest_unit(money_rates.base_currency())
    nothing = Decimal(0)
    amount = sum((one.amount * rates.get(one.currency, nothing) for one in rows), nothing)
    expected = sum((one.weighted * rates.get(one.currency, nothing) for one in rows), nothing)
    return Line(
        key,
        label,
        sum(one.deals for one in rows),
        amount.quantize(unit),
        expected.quantize(unit),
    )


# --- for managers -------------------------------------------------------------------------------


def by_partner(rows: DealQuerySet) -> tuple[Line, ...]:
    """The partners with the largest weighted pipeline, at most 50. Four queries."""
    found = _grouped(rows, "partner_id")
    names = partner_names([key for key, *_rest in found])
    return tuple(
        Line(str(key), names.get(key, ""), deals, amount, expected)
        for key, deals, amount, expected in found
    )


def by_region(rows: DealQuerySet) -> tuple[Line, ...]:
    """The regions in which partners have open sales, at most 50. Four queries."""
    names = region_names()
    return tuple(
        Line(str(key), names.get(key, str(key)), deals, amount, expected)
        for key, deals, amount, expected in _grouped(rows, "partner__region__path")
    )


def _grouped(rows: DealQuerySet, field: str) -> list[tuple[Any, int, Decimal, Decimal]]:
    unit = smallest_unit(money_rates.base_currency())
    rates = money_rates.rates_on(timezone.localdate())
    rate = Case(
        *(When(currency=code, then=Value(one)) for code, one in rates.items()),
        default=Value(Decimal(0)),
        output_field=DecimalField(max_digits=18, decimal_places=9),
    )
    found = (
        rows.order_by()
        .values_list(field)
        .annotate(
            deals=Count("id"),
            total=Coalesce(Sum(exact(F("amount") * rate)), Decimal(0)),
            expected=Coalesce(Sum(exact(weighted(stage_terms()) * rate)), Decimal(0)),
        )
        .order_by("-expected", field)[:MOST_LINES]
    )
    return [
        (key, deals, total.quantize(unit), (expected / HUNDRED).quantize(unit))
        for key, deals, total, expected in found
    ]
