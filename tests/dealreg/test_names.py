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
        ("شركة النور", "النور"),
        ("شـركة أرامكو ذ.م.م", "ارامكو"),
        ("Nordwind UG (haftungsbeschränkt)", "nordwind"),
        ("Nordwind e.K.", "nordwind"),
        ("Nordwind Co., Ltd.", "nordwind"),
        ("Nordwind Trading W.L.L.", "nordwind trading"),
        ("PT Telkom Tbk", "telkom"),
        ("株式会社日立製作所", "日立製作所"),
        ("㈱日立製作所", "日立製作所"),
        ("上海电气有限公司", "上海电气"),
        ("株式会社", "株式会社"),
        ("ТОВ «Ромашка»", "ромашка"),
        ("АО Ромашка", "ромашка"),
        ("АО Nordwind", "nordwind"),
        ("חברת נורד בע״מ", "נורד"),
        ("टाटा मोटर्स लिमिटेड", "टाटा मोटर्स"),
        ("Müller & Co", "muller"),
        ("Müller und Co. KG", "muller"),
        ("Ørsted A/S", "orsted"),
        ("Łódź Æther ISBANKASı", "lodz aether isbankasi"),
        ("Nord\u034fwi\u3164nd™", "nordwind"),
        ("Vоlksbаnk", "volksbank"),
        ("АСЕ Logistics", "ace logistics"),
        ("Нова Пошта", "нова пошта"),
        ("Nord_wind", "nord wind"),
        ("\u200b", ""),
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
        ("www.acme.uk.com", "acme.uk.com"),
        ("acme.github.io", "acme.github.io"),
        ("", ""),
    ],
)
def test_registrable_domain(typed, domain):
    assert registrable_domain(typed) == domain


@pytest.mark.parametrize("typed", ["acme", "http://", "localhost", "127.0.0.1", "a b c", "..."])
def test_not_a_domain(typed):
    with pytest.raises(NotADomain, match=r"for example example\.com"):
        registrable_domain(typed)


@pytest.mark.parametrize("domain", ["gmail.com", "yahoo.co.uk", "gmx.at", "wanadoo.fr"])
def test_a_mail_provider_is_no_customer_domain(domain):
    with pytest.raises(NotADomain, match=f"{domain} is a mail provider"):
        registrable_domain(f"someone@mail.{domain}")


def test_indian_vowels_tell_names_apart():
    assert name_key("टाटा") != name_key("टीटी")


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
