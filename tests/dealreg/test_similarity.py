"""How surely two customers are one, and which fields say so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealreg.rules.names import Customer
from dealreg.rules.similarity import Field, compare, compare_names

KNOWN = Customer.typed("Nordwind Logistics GmbH", "nordwind.de", "DE")


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("NORDWIND LOGISTICS", "same"),
        ("Logistics Nordwind AG", "same"),
        ("Nordwind-Logistics", "same"),
        ("NordwindLogistics", "same"),
        ("Nordwind Logistic", "likely"),
        ("Nordwind Log.", "likely"),
        ("Nordwind Logistics Group", "likely"),
        ("Nordwnid Logistics", "likely"),
        ("Logistics Nordwnd", "likely"),
        ("Mordwind Logistics", "likely"),
        ("Nordw. Logist.", "likely"),
        ("Nordwind", "possible"),
        ("Nordwind European Logistics", "possible"),
        ("Logistics", "possible"),
        ("Sudwind Logistics", "none"),
        ("Nordsee Fischerei", "none"),
        ("", "none"),
    ],
)
def test_the_level_that_a_name_speaks_for(name, level):
    assert compare(KNOWN, Customer.typed(name, "", "DE")).level == level


@pytest.mark.parametrize(
    ("name", "domain", "country", "level"),
    [
        ("Zephyr", "nordwind.de", "FR", "same"),
        ("Nordwind Logistics", "nordwind-logistics.com", "DE", "likely"),
        ("Nordwind Logistics", "", "FR", "likely"),
        ("Nordwnid Logistics", "other.com", "DE", "possible"),
        ("Nordwind", "other.com", "DE", "none"),
        ("Nordwind Logistics", "other.com", "FR", "possible"),
        ("Zephyr", "nordwind.com", "FR", "possible"),
    ],
)
def test_what_speaks_against_it_takes_a_level(name, domain, country, level):
    assert compare(KNOWN, Customer.typed(name, domain, country)).level == level


def test_a_number_makes_another_company():
    assert compare_names("harbour fund 1", "harbour fund 2")[0] == "possible"


def test_a_match_is_explained_by_field():
    found = compare(KNOWN, Customer.typed("Nordwnid Logistics", "nordwind.de", "FR"))

    assert found.fields == (
        Field("name", 94, True),
        Field("domain", 100, True),
        Field("country", 0, False),
    )
    assert (found.agreeing, found.score) == (("name", "domain"), 100)


@given(st.text("abcdeé &.1", max_size=20), st.text("abcdeé &.1", max_size=20))
def test_the_order_of_the_two_does_not_matter(one, other):
    a, b = Customer.typed(one, "", "DE"), Customer.typed(other, "", "DE")

    assert compare(a, b) == compare(b, a)


@pytest.mark.parametrize(
    ("known", "typed", "level"),
    [
        ("Auna", "una", "possible"),
        ("Auna", "Aunat", "possible"),
        ("ABC", "ABD", "none"),
        ("Apollomics", "Apoll.", "possible"),
        ("Workiva", "Work.", "none"),
        ("Pharma Limited Teva", "Teva Pharma Ltd", "likely"),
    ],
)
def test_short_names_and_single_words_cut_short(known, typed, level):
    assert compare(Customer.typed(known, "", "DE"), Customer.typed(typed, "", "DE")).level == level
