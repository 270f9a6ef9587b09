"""Values of own fields: what is written is read back the same, and what cannot be is said."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import Money, known_currencies, minor_units
from core.own_fields.fields import Choice, FieldSpec, FieldType, in_language
from core.own_fields.values import (
    OwnValue,
    WrongValue,
    from_json,
    from_text,
    in_words,
    problem_of,
    to_json,
    to_text,
)

TODAY = dt.date(2026, 11, 22)
CURRENCIES = sorted(known_currencies())
CHOICES = tuple(Choice(code, {"en": code.title()}) for code in ("own", "cloud", "x-1"))


def spec(kind: FieldType, **more: object) -> FieldSpec:
    return FieldSpec("x", kind, {"en": "X"}, {}, **more)  # type: ignore[arg-type]


numbers = st.decimals(-(10**11), 10**11, places=4, allow_nan=False, allow_infinity=False)
money = st.sampled_from(CURRENCIES).flatmap(
    lambda code: st.decimals(0, 10**10, places=minor_units(code)).map(
        lambda amount: Money(amount, code)
    )
)
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"),
    min_size=1,
    max_size=200,
).filter(lambda text: text == text.strip())
anything: st.SearchStrategy[tuple[FieldSpec, OwnValue]] = st.one_of(
    st.tuples(st.just(spec(FieldType.TEXT)), texts),
    st.tuples(st.just(spec(FieldType.NUMBER, digits=4)), numbers),
    st.tuples(st.just(spec(FieldType.MONEY)), money),
    st.tuples(st.just(spec(FieldType.DATE)), st.dates()),
    st.tuples(
        st.just(spec(FieldType.CHOICE, choices=CHOICES)),
        st.sampled_from([one.code for one in CHOICES]),
    ),
    st.tuples(st.just(spec(FieldType.YES_NO)), st.booleans()),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(anything)
def test_what_is_written_is_read_back_the_same(pair):
    of, value = pair

    assert problem_of(of, value, today=TODAY, currencies=CURRENCIES) is None
    assert from_json(of, to_json(value)) == value
    assert from_text(of, to_text(value)) == value
    assert in_words(of, value)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(FieldType)), json_values)
def test_whatever_is_sent_is_a_value_or_refused(kind, raw):
    of = spec(kind, choices=CHOICES if kind == FieldType.CHOICE else ())
    try:
        value = from_json(of, raw)
    except WrongValue:
        return
    if value is not None:
        problem_of(of, value, today=TODAY, currencies=CURRENCIES)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([kind for kind in FieldType if kind != FieldType.FILE]), st.text())
def test_whatever_is_typed_is_a_value_or_refused(kind, text):
    of = spec(kind, choices=CHOICES if kind == FieldType.CHOICE else ())
    try:
        value = from_text(of, text)
    except WrongValue:
        return
    if value is not None:
        problem_of(of, value, today=TODAY, currencies=CURRENCIES)


@pytest.mark.parametrize(
    ("of", "value", "sentence"),
    [
        (spec(FieldType.NUMBER, digits=2), Decimal("1.005"), "at most 2 decimal places"),
        (spec(FieldType.NUMBER, most=Decimal(5)), Decimal(6), "Enter at most 5."),
        (spec(FieldType.TEXT, least=Decimal(3)), "ab", "at least 3 characters"),
        (spec(FieldType.TEXT, most=Decimal(3)), "abcd", "at most 3 characters"),
        (spec(FieldType.DATE, least=Decimal(0)), TODAY - dt.timedelta(1), "not before 22 Nov 2026"),
        (spec(FieldType.DATE, most=Decimal(0)), TODAY + dt.timedelta(1), "not after 22 Nov 2026"),
        (spec(FieldType.MONEY), Money(Decimal("0.5"), "JPY"), "JPY has 0 decimal places"),
        (spec(FieldType.MONEY), Decimal(5), "Enter an amount and its currency."),
        (spec(FieldType.CHOICE, choices=CHOICES), "elsewhere", "answers that are offered"),
    ],
)
def test_a_value_that_is_not_taken_says_why(of, value, sentence):
    assert sentence in str(problem_of(of, value, today=TODAY, currencies=CURRENCIES))


def test_a_text_falls_back_to_the_portals_language_and_then_to_any():
    assert in_language({"de": "Sitze", "en": "Seats"}, "de-at") == "Sitze"
    assert in_language({"de": "Sitze", "en": "Seats"}, "ar") == "Seats"
    assert in_language({"de": "Sitze"}, "ar") == "Sitze"
    assert in_language({}, "ar") == ""
