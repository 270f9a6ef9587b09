"""Money: an amount with its currency. Exact decimals, never floats, never two currencies
in one sum."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import cache

from babel.core import Locale, get_global
from babel.numbers import (
    format_compact_currency,
    format_currency,
    get_currency_precision,
    list_currencies,
)
from django.utils import translation

# Enough digits that no sum or product of stored amounts (18 digits) and rates (18) is rounded
# unseen; division says where it rounds.
EXACT = Context(prec=60, traps=[])


class CurrencyMismatch(TypeError):
    """Amounts of two currencies were added or compared."""


class UnknownCurrency(ValueError):
    """Not the code of any currency."""


class NoRate(LookupError):
    """No exchange rate of that currency was in force on that day."""

    def __init__(self, currency: str, on: dt.date) -> None:
        super().__init__(f"No exchange rate for {currency} on {on}.")
        self.currency = currency
        self.on = on


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount. Equal only to the same amount of the same currency (1.0 is 1.00).

    Raises UnknownCurrency, and TypeError for an amount that is not a Decimal.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError("An amount of money is a Decimal.")
        if not self.amount.is_finite():
            raise ValueError("An amount of money is a number.")
        if self.currency not in past_and_present_currencies():
            raise UnknownCurrency(self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(EXACT.add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(EXACT.subtract(self.amount, self._same(other)), self.currency)

    def __neg__(self) -> "Money":
        return Money(EXACT.minus(self.amount), self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        """Exact; `quantize` the product before it is paid or shown."""
        if not isinstance(factor, Decimal | int) or isinstance(factor, bool):
            return NotImplemented
        return Money(EXACT.multiply(self.amount, Decimal(factor)), self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _same(self, other: object) -> Decimal:
        if not isinstance(other, Money):
            raise TypeError(f"Money and {type(other).__name__} do not mix.")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix.")
        return other.amount

    def quantize(self, rounding: str = ROUND_HALF_EVEN) -> "Money":
        """Rounded to the currency's smallest unit, halves to the even neighbour."""
        unit = smallest_unit(self.currency)
        return Money(self.amount.quantize(unit, rounding, EXACT), self.currency)

    def split(self, parts: int | Sequence[Decimal | int]) -> list["Money"]:
        """Shares in whole smallest units that add up to exactly this amount.

        `parts` is a number of equal shares or the weights of the shares (not negative, not
        all zero). What does not divide goes, one smallest unit each, to the shares that lost
        most by rounding, the first of equals first. Raises ValueError for an amount finer than
        the smallest unit.
        """
        weights = [Decimal(1)] * parts if isinstance(parts, int) else [Decimal(p) for p in parts]
        if not weights or min(weights) < 0 or not any(weights):
            raise ValueError("Shares need weights, none negative and not all zero.")
        unit = smallest_unit(self.currency)
        if self.quantize().amount != self.amount:
            raise ValueError(f"{self} is finer than the smallest unit.")
        counts = apportion(int(EXACT.divide(self.amount, unit)), weights)
        return [Money(EXACT.multiply(unit, Decimal(n)), self.currency) for n in counts]


def apportion(units: int, weights: Sequence[Decimal]) -> list[int]:
    """`units` shared out in whole numbers by weight, by the largest remainder."""
    shift = max(0, *(-int(weight.as_tuple().exponent) for weight in weights))
    whole = [int(weight.scaleb(shift, EXACT)) for weight in weights]
    total, sign, units = sum(whole), (-1 if units < 0 else 1), abs(units)
    shares = [units * weight // total for weight in whole]
    lost = [units * weight % total for weight in whole]
    by_loss = sorted(range(len(whole)), key=lambda place: (-lost[place], place))
    for place in by_loss[: units - sum(shares)]:
        shares[place] += 1
    return [sign * share for share in shares]


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Their sum; zero of `currency` for none. Raises CurrencyMismatch."""
    return sum(amounts, Money(Decimal(0), currency))


@cache
def known_currencies() -> frozenset[str]:
    """The currencies that are legal tender somewhere today (ISO 4217 codes)."""
    return frozenset(
        code
        for currencies in get_global("territory_currencies").values()
        for code, _start, end, tender in currencies
        if tender and end is None
    )


@cache
def past_and_present_currencies() -> frozenset[str]:
    """Also those that were given up: what was written in one must stay readable."""
    return frozenset(list_currencies())


@cache
def minor_units(currency: str) -> int:
    """How many decimals the currency has: 0 (JPY), 2 (EUR), 3 (KWD). Raises UnknownCurrency."""
    if currency not in past_and_present_currencies():
        raise UnknownCurrency(currency)
    return int(get_currency_precision(currency))


def smallest_unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-minor_units(currency))


def in_its_unit(amount: Decimal | None, currency: str) -> Decimal | None:
    """The amount with the decimals that its currency has, as programs are told it: 12.500 EUR is
    12.50, 900.000 JPY is 900. One that is finer than that, or without currency, stays."""
    if amount is None or not currency:
        return amount
    shown = amount.quantize(smallest_unit(currency))
    return shown if shown == amount else amount


def format_money(money: Money, locale: str | None = None) -> str:
    """As a reader of `locale` writes it ("de": "1.234,50 €"); default: the active language."""
    written = babel_locale(locale or translation.get_language() or "en")
    text = format_currency(money.amount, money.currency, locale=written)
    # Where a currency has no sign, its code does not stick to the number.
    return sign_in_place(CODE_BESIDE_NUMBER.sub(NO_BREAK, text))


def short_money(amount: Decimal, currency: str) -> str:
    """As a headline: three digits and a word for the rest ("€1.84M"), in the active language."""
    written = babel_locale(translation.get_language() or "en")
    size = len(str(int(abs(amount))))
    digits = 0 if size <= 3 else 2 - (size - 1) % 3
    text = str(format_compact_currency(amount, currency, locale=written, fraction_digits=digits))
    if LONG_NUMBER.search(text):
        # German, say, has no short word for thousands: "881.800 €".
        standard = Locale.parse(written).currency_formats["standard"].pattern
        whole = standard.replace("0.00", "0")
        text = format_currency(amount, currency, whole, locale=written, currency_digits=False)
    return sign_in_place(text)


NO_BREAK = "\xa0"
LONG_NUMBER = re.compile(r"\d{4}")
LEFT_TO_RIGHT_MARK = "\u200e"
SIGN_BEHIND_LETTERS = re.compile(r"(?<=[A-Z])[^\w\s.,]")
CODE_BESIDE_NUMBER = re.compile(r"(?<=[A-Z]{3})(?=[-−\d])|(?<=\d)(?=[A-Z]{3})")


def sign_in_place(text: str) -> str:
    """Between words from right to left "US$" would be turned into "$US"."""
    if not translation.get_language_bidi():
        return text
    return SIGN_BEHIND_LETTERS.sub(rf"\g<0>{LEFT_TO_RIGHT_MARK}", text)


@cache
def babel_locale(language: str) -> str:
    """Babel's name for one of Django's languages ("pt-br": "pt_BR")."""
    return translation.to_locale(language)


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of `currency` is worth in the base currency from `valid_from` on."""

    currency: str
    rate: Decimal
    valid_from: dt.date


def convert(money: Money, to: str, *, on: dt.date, base: str, rates: Iterable[Rate]) -> Money:
    """`money` in `to` at the rates in force on that day, rounded to `to`'s smallest unit.

    The base currency is worth 1 on every day. Raises NoRate and UnknownCurrency.
    """
    if money.currency == to:
        return money
    known = list(rates)
    source = rate_on(money.currency, on, base, known)
    target = rate_on(to, on, base, known)
    with localcontext(EXACT):
        return Money(money.amount * source / target, to).quantize()


def rate_on(currency: str, on: dt.date, base: str, rates: Iterable[Rate]) -> Decimal:
    """What one unit was worth that day in the base currency. Raises NoRate."""
    if currency == base:
        return Decimal(1)
    dated = [rate for rate in rates if rate.currency == currency and rate.valid_from <= on]
    if not dated:
        raise NoRate(currency, on)
    return max(dated, key=lambda rate: rate.valid_from).rate
