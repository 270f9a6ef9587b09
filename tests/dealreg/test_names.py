"""Names and domains as the conflict check compares them."""

import pytest

from dealreg.rules.names import Customer, NotADomain, name_key, registrable_domain
from dealreg.rules.similarity import compare


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Nordwind Logistics GmbH", "nordwind logistics"),
        ("  NORDWIND  Logistics, gmbh ", "nordwind logistics"),
        ("Müller & Söhne GmbH", "muller and sohne"),
        ("Mu\u0308ller and So\u0308hne", "muller and sohne"),
        ("Acme\u200b Inc.", "acme"),
        ("شركة النور", "شركة النور"),
        ("🚀", ""),
        ("GmbH", "gmbh"),
        ("A" * 400, "a" * 200),
    ],
)
def test_name_key(typed, key):
    assert name_key(typed) == key


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("https://www.shop.acme.co.uk/x?y=1", "acme.co.uk"),
        ("jo@Acme.com", "acme.com"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("", ""),
    ],
)
def test_registrable_domain(typed, domain):
    assert registrable_domain(typed) == domain


@pytest.mark.parametrize("typed", ["acme", "http://", "localhost", "127.0.0.1", "a b c", "..."])
def test_not_a_domain(typed):
    with pytest.raises(NotADomain, match=r"for example example\.com"):
        registrable_domain(typed)


def test_a_mail_provider_is_no_customer_domain():
    with pytest.raises(NotADomain, match=r"gmail\.com is a mail provider"):
        registrable_domain("someone@gmail.com")


@pytest.mark.parametrize(
    ("known", "typed", "level"),
    [
        (("acme", "acme.com", "DE"), ("other", "acme.com", "US"), "same"),
        (("acme", "", "DE"), ("acme", "acme.com", "DE"), "same"),
        (("acme", "acme.de", "DE"), ("acme", "acme.com", "DE"), "likely"),
        (("acme", "", "DE"), ("acme", "", "US"), "likely"),
        (("acme", "acme.de", "DE"), ("acme", "acme.com", "US"), "possible"),
        (("acme", "acme.de", "DE"), ("apex", "apex.com", "DE"), "none"),
        (("", "", "DE"), ("", "", "DE"), "none"),
    ],
)
def test_how_surely_two_customers_are_one(known, typed, level):
    assert compare(Customer(*known), Customer(*typed)).level == level
