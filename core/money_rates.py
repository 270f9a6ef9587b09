"""Exchange rates as rows: which currencies the programme takes, and what an amount is worth."""

import datetime as dt
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings

from core.models import ExchangeRate
from core.money import Rate

# The dated rates as a table for SQL: `rate` counts from the day `since` until before `until`.
RATES = """(
    SELECT currency, rate, valid_from AS since,
           lead(valid_from, 1, 'infinity') OVER (PARTITION BY currency ORDER BY valid_from) AS until
    FROM core_exchangerate)"""


def base_currency() -> str:
    """The currency in which the programme's limits and sums are kept."""
    return str(settings.BASE_CURRENCY)


def accepted_currencies() -> frozenset[str]:
    """The base currency and every currency that has a rate."""
    rated = ExchangeRate.objects.order_by().values_list("currency", flat=True).distinct()
    return frozenset(rated) | {base_currency()}


def currencies_to_check(chosen: str) -> frozenset[str]:
    """The accepted currencies, as far as it takes to know about `chosen`: no query for the
    base currency, which is always one of them."""
    return frozenset({chosen}) if chosen == base_currency() else accepted_currencies()


def to_base(amount: Decimal, currency: str, on: dt.date) -> Decimal | None:
    """`amount` in the base currency at the newest rate of that day; None without a rate."""
    if currency == base_currency():
        return amount
    rate = (
        ExchangeRate.objects.filter(currency=currency, valid_from__lte=on)
        .order_by("-valid_from")
        .values_list("rate", flat=True)
        .first()
    )
    return None if rate is None else (amount * rate).quantize(Decimal("0.001"), ROUND_HALF_UP)


def dated_rates(currencies: Collection[str]) -> list[Rate]:
    """All rates of some currencies, for amounts of different days (core.money.convert). One
    query, none for the base currency alone."""
    asked = set(currencies) - {base_currency()}
    if not asked:
        return []
    rows = ExchangeRate.objects.filter(currency__in=asked).order_by("currency", "valid_from")
    return [Rate(*row) for row in rows.values_list("currency", "rate", "valid_from")]


def rates_on(day: dt.date) -> dict[str, Decimal]:
    """What one unit of each currency is worth in the base currency at the newest rate of that
    day. Currencies without a rate are not in it. One query."""
    rated = (
        ExchangeRate.objects.filter(valid_from__lte=day)
        .order_by("currency", "-valid_from")
        .distinct("currency")
        .values_list("currency", "rate")
    )
    return {**dict(rated), base_currency(): Decimal(1)}
