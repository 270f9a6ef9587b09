"""Other spellings of a company share a key with it, so that they are compared at all."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dealreg.rules.blocking import ABBREVIATIONS, FILLERS, index_keys, lock_keys, query_keys, stem
from dealreg.rules.names import Customer

WORD = st.text(string.ascii_lowercase, min_size=5, max_size=10)
NAME = st.lists(WORD, min_size=1, max_size=3).map(" ".join)


def is_plain(name: str) -> bool:
    """Without words that stand for others or for nothing, and without plurals: an edit of these
    is more than the edit of a letter."""
    return not any(
        word in ABBREVIATIONS or word in FILLERS or stem(word) != word for word in name.split()
    )


def share(known: str, typed: str) -> bool:
    known_keys = index_keys(Customer.typed(known, "", "DE"))
    return not known_keys.isdisjoint(query_keys(Customer.typed(typed, "", "DE")))


@pytest.mark.parametrize(
    "typed",
    [
        "NORDWIND LOGISTICS",
        "Nordwind Logistics S.p.A.",
        "Logistics Nordwind",
        "NordwindLogistics",
        "Nordwnid Logistics",
        "Norwind Logistics",
        "Nordwiind Logistics",
        "Nordw. Logist.",
        "Nordwind Log.",
        "Nordwind Group",
        "The Nordwind Logistics Company",
        "Nordwind European Logistics",
    ],
)
def test_other_spellings_share_a_key(typed):
    assert share("Nordwind Logistics GmbH", typed)


@given(NAME, st.data())
def test_one_edit_leaves_a_key_and_a_lock(name, data):
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from(["", *string.ascii_lowercase]))
    typed = name[:place] + letter + name[place + data.draw(st.integers(0, 1)) :]
    assume(is_plain(name) and is_plain(typed))
    one, other = Customer(name, "", "DE"), Customer(typed.strip(), "", "DE")

    assert not index_keys(one).isdisjoint(query_keys(other))
    assert not set(lock_keys(one)).isdisjoint(lock_keys(other))


@given(NAME, st.data())
def test_two_letters_that_changed_places_leave_a_key(name, data):
    place = data.draw(st.integers(0, len(name) - 2))
    typed = name[:place] + name[place + 1] + name[place] + name[place + 2 :]

    assume(is_plain(name) and is_plain(typed) and " " not in name[place : place + 2])

    assert share(name, typed)


@given(st.text(max_size=40), st.sampled_from(["", "nordwind.de"]))
def test_every_customer_has_keys_that_it_is_found_by(name, domain):
    customer = Customer.typed(name, domain, "DE")
    keys = index_keys(customer)

    assert keys
    assert keys <= query_keys(customer).keys()
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_keys_are_the_same_in_every_process():
    keys = lock_keys(Customer("acme", "acme.com", "DE"))

    assert keys == sorted(keys)
    assert sum(keys) == 3109298626861145295


def test_unrelated_companies_share_nothing():
    assert not share("Nordwind Logistics GmbH", "Bergsee Optik AG")


def test_one_domain_is_one_key():
    one = index_keys(Customer.typed("Nordwind", "nordwind.de", "DE"))

    assert not one.isdisjoint(query_keys(Customer.typed("Zephyr", "nordwind.de", "FR")))


def test_the_number_of_keys_is_bounded():
    longest = Customer.typed(" ".join(f"w{n}ord" for n in range(40)), "a.de", "DE")

    assert len(index_keys(longest)) <= 40
    assert len(query_keys(longest)) <= 50


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("Auna SA", "una SA"),
        ("PTC Inc.", "PTZ Inc."),
        ("RDE Inc.", "RDzE Inc."),
        ("Workiva Inc.", "Work. Inc."),
        ("Apollomics, Inc.", "Apoll. Inc."),
        ("Teva Pharmaceutical Industries Limited", "Pharmaceutical Industries Limited Teva"),
        ("Price Multistrategy Total Return Fund", "Price Mult. Total Return Fund"),
    ],
)
def test_short_names_and_single_words_cut_short_share_a_key(known, typed):
    assert share(known, typed)
