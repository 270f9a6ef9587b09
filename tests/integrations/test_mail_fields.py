"""What is recognised in the text of a mail."""

import datetime as dt
from decimal import Decimal

import pytest

from integrations.maildoor import fields
from integrations.maildoor.fields import LABELS, fields_in, written_amount

JANUARY = dt.date(2027, 1, 31)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("12800", "12800"),
        ("12,800.00 EUR", "12800.00"),
        ("12.800,50 €", "12800.50"),
        ("12.800", "12800"),
        ("1,234,567", "1234567"),
        ("EUR 12 800,5", "12800.5"),
        ("12'800.00", "12800.00"),
        ("0.500", "0.500"),
        ("1500.000", "1500.000"),
        ("١٢٬٨٠٠٫٥٠", "12800.50"),
        ("about 900 or so", "900"),
    ],
)
def test_amounts(text, read):
    assert fields.amount(text) == Decimal(read)


@pytest.mark.parametrize("text", ["", "much", "–"])
def test_what_is_no_amount(text):
    assert fields.amount(text) is None


@pytest.mark.parametrize(("amount", "places"), [("1.5", 3), ("12800", 3), ("1.50", 2), ("7", 0)])
def test_an_amount_that_we_wrote_reads_the_same(amount, places):
    assert fields.amount(written_amount(Decimal(amount), places)) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-31",
        "31.01.2027",
        "31. 1. 2027",
        "31/01/2027",
        "01/31/2027",
        "31 January 2027",
        "January 31st, 2027",
        "31. Januar 2027",
        "31 Jan 2027",
        "31 يناير 2027",
        "٣١.٠١.٢٠٢٧",
    ],
)
def test_dates(text):
    assert fields.date(text) == JANUARY


@pytest.mark.parametrize("text", ["03/04/2027", "31.02.2027", "soon", "2027", "31 Foo 2027"])
def test_dates_that_could_be_another_are_not_guessed(text):
    assert fields.date(text) is None


@pytest.mark.parametrize("text", ["DE", "de", "Germany", "Deutschland", "ألمانيا"])
def test_countries(text):
    assert fields.country(text) == "DE"


def test_every_label_in_every_language_is_recognised():
    for field, languages in LABELS.items():
        for label in (label for labels in languages.values() for label in labels):
            assert fields.field_in(f"* {label.upper()} : x") == (field, "x")


def test_the_senders_own_words_count_before_what_they_quote():
    text = "Country: FR\n\nOn 3 May 2027 Partner Hub wrote:\n> Customer: Nordwind\n> Country: DE\n"
    assert fields_in("", text).values == {"customer_name": "Nordwind", "customer_country": "FR"}


def test_a_form_filled_within_the_quote_counts_and_empty_lines_do_not():
    text = "> ----------\n> Customer: Nordwind\n> Country:\n>> Land: Österreich\n> ----------\n"
    assert fields_in("", text).values == {"customer_name": "Nordwind", "customer_country": "AT"}


def test_a_description_has_several_lines_and_ends_at_the_next_field_or_signature():
    text = "Beschreibung: Ein Lager.\n\nIm Mai.\nLand: DE\nNo field\n-- \nDescription: Me\n"
    found = fields_in("", text).values

    assert found == {"description": "Ein Lager.\n\nIm Mai.", "customer_country": "DE"}


def test_the_subject_may_name_the_customer():
    assert fields_in("Re: Registrierung: Nordwind AG", "").values == {
        "customer_name": "Nordwind AG"
    }
    assert fields_in("Lunch?", "See you").values == {}


def test_invisible_marks_do_not_hide_a_field():
    assert fields_in("", "\u200fالعميل\u200f: \u200eNordwind\u202c").values == {
        "customer_name": "Nordwind"
    }


def test_what_cannot_be_read_is_told():
    found = fields_in("", "Expected close: next spring\nCustomer agreed: maybe\n")

    assert (found.values, dict(found.unread)) == (
        {},
        {"expected_close": "next spring", "customer_consent": "maybe"},
    )
