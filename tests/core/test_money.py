import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    CurrencyMismatch,
    Money,
    NoRate,
    Rate,
    UnknownCurrency,
    convert,
    format_money,
    known_currencies,
    minor_units,
    short_money,
    total,
)


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def test_sums_stay_exact():
    assert eur("0.10") + eur("0.20") == eur("0.30")
    assert eur("1.00") - eur("1.01") == eur("-0.01")
    assert total([eur("0.10")] * 10, "EUR") == eur("1")
    assert eur("19.99") * Decimal("0.075") == eur("1.49925")


@pytest.mark.parametrize(
    "mix",
    [
        lambda: eur("1") + Money(Decimal(1), "USD"),
        lambda: eur("1") < Money(Decimal(1), "USD"),
        lambda: total([Money(Decimal(1), "USD")], "EUR"),
    ],
)
def test_two_currencies_do_not_mix(mix):
    with pytest.raises(CurrencyMismatch):
        mix()


def test_equal_means_same_currency():
    assert eur("1.0") == eur("1.00")
    assert eur("1") != Money(Decimal(1), "USD")


@pytest.mark.parametrize(
    ("amount", "currency", "error"),
    [
        (1.5, "EUR", TypeError),
        (Decimal("NaN"), "EUR", ValueError),
        (Decimal("Infinity"), "EUR", ValueError),
        (Decimal(1), "EURO", UnknownCurrency),
        (Decimal(1), "eur", UnknownCurrency),
    ],
)
def test_what_is_no_money_is_refused(amount, currency, error):
    with pytest.raises(error):
        Money(amount, currency)


def test_a_float_is_no_factor():
    with pytest.raises(TypeError):
        eur("1") * 1.1  # type: ignore[operator]


@pytest.mark.parametrize(("currency", "units"), [("JPY", 0), ("EUR", 2), ("KWD", 3), ("DEM", 2)])
def test_minor_units(currency, units):
    assert minor_units(currency) == units


def test_known_currencies_are_those_in_use():
    assert {"EUR", "USD", "JPY", "KWD"} <= known_currencies()
    assert not {"DEM", "XXX", "XAU"} & known_currencies()


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("2.345", "EUR", "2.34"),
        ("2.355", "EUR", "2.36"),
        ("2.5", "JPY", "2"),
        ("0.0015", "KWD", "0.002"),
        ("-2.345", "EUR", "-2.34"),
    ],
)
def test_rounding_goes_to_the_even_neighbour(amount, currency, rounded):
    assert str(Money(Decimal(amount), currency).quantize().amount) == rounded


def test_rounding_can_be_chosen():
    assert eur("2.345").quantize(ROUND_HALF_UP) == eur("2.35")


@pytest.mark.parametrize(
    ("whole", "parts", "shares"),
    [
        ("100.00", 3, ["33.34", "33.33", "33.33"]),
        ("0.05", [1, 1, 1], ["0.02", "0.02", "0.01"]),
        ("-100.00", 3, ["-33.34", "-33.33", "-33.33"]),
        ("10.00", [Decimal("0.5"), Decimal("0.25"), Decimal("0.25")], ["5.00", "2.50", "2.50"]),
        ("0.01", [0, 1], ["0.00", "0.01"]),
        ("0.00", 2, ["0.00", "0.00"]),
    ],
)
def test_shares(whole, parts, shares):
    assert [str(share.amount) for share in eur(whole).split(parts)] == shares


@pytest.mark.parametrize("parts", [0, [], [0, 0], [1, -1]])
def test_shares_need_weights(parts):
    with pytest.raises(ValueError, match="weights"):
        eur("1").split(parts)


def test_half_a_cent_cannot_be_shared():
    with pytest.raises(ValueError, match="smallest unit"):
        eur("0.005").split(2)


amounts = st.integers(-(10**17), 10**17)
weights = st.lists(
    st.decimals(0, 10**6, places=4, allow_nan=False), min_size=1, max_size=30
).filter(any)


@given(amounts, weights, st.sampled_from(["JPY", "EUR", "KWD"]))
def test_c4_shares_add_up_to_the_whole_and_are_fair(units, weights, currency):
    whole = Money(Decimal(units).scaleb(-minor_units(currency)), currency)
    shares = whole.split(weights)

    assert total(shares, currency) == whole
    for share, weight in zip(shares, weights, strict=True):
        fair = whole.amount * weight / sum(weights)
        assert abs(share.amount - fair) <= Decimal(1).scaleb(-minor_units(currency))


DAY = dt.date(2026, 6, 15)
RATES = [
    Rate("USD", Decimal("0.90"), dt.date(2026, 1, 1)),
    Rate("USD", Decimal("0.80"), dt.date(2026, 6, 15)),
    Rate("USD", Decimal("0.10"), dt.date(2026, 6, 16)),
    Rate("JPY", Decimal("0.006"), dt.date(2026, 1, 1)),
]


@pytest.mark.parametrize(
    ("amount", "currency", "to", "worth"),
    [
        ("100.00", "USD", "EUR", "80.00"),
        ("80.00", "EUR", "USD", "100.00"),
        ("100.00", "USD", "JPY", "13333"),
        ("5.005", "USD", "USD", "5.005"),
    ],
)
def test_conversion_at_the_rate_of_the_day(amount, currency, to, worth):
    money = Money(Decimal(amount), currency)

    assert str(convert(money, to, on=DAY, base="EUR", rates=RATES).amount) == worth


@pytest.mark.parametrize(("to", "on"), [("GBP", DAY), ("USD", dt.date(2025, 12, 31))])
def test_no_rate_no_conversion(to, on):
    with pytest.raises(NoRate) as refused:
        convert(eur("1"), to, on=on, base="EUR", rates=RATES)

    assert (refused.value.currency, refused.value.on) == (to, on)


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "written"),
    [
        ("1234.5", "EUR", "de", "1.234,50\xa0€"),
        ("1234.5", "EUR", "en", "€1,234.50"),
        ("1234", "JPY", "en", "¥1,234"),
        ("1.5", "KWD", "en", "KWD\xa01.500"),
    ],
)
def test_money_is_written_as_its_reader_does(amount, currency, locale, written):
    assert format_money(Money(Decimal(amount), currency), locale) == written


def test_the_template_tag():
    template = Template("{% load money %}{% money amount 'EUR' %}|{% money none 'EUR' %}")

    assert template.render(Context({"amount": Decimal("5"), "none": None})) == "€5.00|–"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "€0"),
        ("950", "€950"),
        ("1840", "€1.84K"),
        ("88180", "€88.2K"),
        ("403512", "€404K"),
        ("1840000", "€1.84M"),
    ],
)
def test_a_headline_has_three_digits(amount, shown):
    assert short_money(Decimal(amount), "EUR") == shown
