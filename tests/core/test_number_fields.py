"""Numbers as people write them, in the marks of their language."""

from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.utils import translation

from core.number_fields import NumberField


def read(text: str, language: str, currency: str = "") -> Any:
    field = NumberField()
    field.currency = currency
    with translation.override(language):
        return field.clean(text)


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12800", "12800"),
        ("12,800.50", "12800.50"),
        ("12.800,50", "12800.50"),
        ("12'800.50", "12800.50"),
        ("12\u202f800", "12800"),
        ("1,234,567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("0.500", "0.500"),
        ("-3", "-3"),
        ("١٢٨٠٠", "12800"),
    ],
)
def test_what_can_mean_one_thing_is_read_in_every_language(text, number, language):
    assert read(text, language) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("12.800", "de", "12800"),
        ("12,800", "en", "12800"),
        ("12.800", "en", "12.800"),
        ("12,800", "de", "12.800"),
        ("١٢٬٨٠٠٫٥", "ar", "12800.5"),
    ],
)
def test_a_single_mark_is_read_as_its_language_has_it(text, language, number):
    assert read(text, language) == Decimal(number)


@pytest.mark.parametrize("text", ["12,80,0.5", "1.2.3", "12 apples", "1,2345,678", "."])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(forms.ValidationError):
        read(text, "en")


def test_the_currency_says_whether_a_mark_can_be_decimal():
    """ "12.800" by somebody who reads English is not 12.80 EUR; it may be 12.800 KWD."""
    assert read("12.800", "en", "KWD") == Decimal("12.8")
    with pytest.raises(forms.ValidationError, match="EUR has 2 decimal places"):
        read("12.800", "en", "EUR")
    with pytest.raises(forms.ValidationError, match="JPY has 0 decimal places"):
        read("900.0", "en", "JPY")
