"""German and Arabic: complete, in step with the code, and shown to whoever reads them."""

import ast
import datetime as dt
import gettext
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import template as template_texts

from core import countries
from core.bidi import isolated
from core.mail import queue_mail
from core.models import OutgoingMail, User
from core.queries import timeline
from dealreg.models import RuleBook
from dealreg.rules.request import RegistrationRequest
from dealreg.services import register_deal
from prm import messages
from prm.environment import ROOT
from tests.cast import Cast

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
each_language = pytest.mark.parametrize("language", LANGUAGES)
PLACEHOLDER = re.compile(r"%\(\w+\)[-.\d]*[a-z]|%[sd]|(?<!\{)\{\w+\}")
CALL = re.compile(r"""\b(?:_|n?gettext)\(u?('.*?(?<!\\)'|".*?(?<!\\)")""")
APPS = ("prm", "core", "partners", "dealreg", "analytics", "integrations")


@cache
def catalogue(language: str) -> list[Message]:
    source = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    with source.open("rb") as opened:
        return [message for message in read_po(opened, locale=language) if message.id]


def forms(text: object) -> list[str]:
    return [str(one) for one in text] if isinstance(text, list | tuple) else [str(text)]


# --- complete -------------------------------------------------------------------------------


@each_language
def test_every_text_is_translated(language: str) -> None:
    left = [one.id for one in catalogue(language) if one.fuzzy or not all(forms(one.string))]
    assert left == []


@each_language
def test_plurals_have_all_forms_of_the_language(language: str) -> None:
    wanted = {"de": 2, "ar": 6}[language]
    plurals = [one for one in catalogue(language) if isinstance(one.id, tuple)]
    assert len(plurals) > 5
    assert {len(forms(one.string)) for one in plurals} == {wanted}


@each_language
def test_placeholders_are_those_of_the_original(language: str) -> None:
    """A form for one, two or none may say the number in words instead."""
    wrong = []
    for message in catalogue(language):
        *others, general = [set(PLACEHOLDER.findall(one)) for one in forms(message.string)]
        originals = [set(PLACEHOLDER.findall(one)) for one in forms(message.id)]
        known = set().union(*originals)
        if general != originals[-1] or any(other - known for other in others):
            wrong.append(message.id)
    assert wrong == []


@each_language
def test_markup_and_outer_spaces_are_those_of_the_original(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        original, translated = forms(message.id)[-1], forms(message.string)[-1]
        tags = [re.findall(r"</?\w+>", text) for text in (original, translated)]
        edges = [(text[:1].isspace(), text[-1:].isspace()) for text in (original, translated)]
        if tags[0] != tags[1] or edges[0] != edges[1]:
            wrong.append(message.id)
    assert wrong == []


@each_language
def test_quotes_are_those_of_the_language(language: str) -> None:
    """Except where a text shows how something is written in JSON."""
    quotes = {"de": "„“", "ar": "«»"}[language]
    for message in catalogue(language):
        for text in forms(message.string):
            if "{" not in text:
                assert set(re.findall('[“”„«»"]', text)) <= set(quotes), message.id


# --- in step with the code --------------------------------------------------------------------


def texts_of_templates() -> Iterator[tuple[str, str]]:
    """(text, place), read by Django's own extractor, which turns a template into Python."""
    for path in sorted(ROOT.glob("templates/**/*.*")):
        if path.suffix in {".html", ".txt"}:
            python = template_texts.templatize(path.read_text(), origin=str(path))
            for text in CALL.findall(python):
                yield ast.literal_eval(text), str(path.relative_to(ROOT))


MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}


def texts_of_python() -> Iterator[tuple[str, str]]:
    """(text, place) of each string that a marking function is called with."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                match node:
                    case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=text), *_]):
                        if name in MARKS:
                            yield str(text), str(path.relative_to(ROOT))


@cache
def marked_texts() -> list[tuple[str, str]]:
    return [*texts_of_templates(), *texts_of_python()]


def known_texts(language: str) -> set[str]:
    return {forms(message.id)[0] for message in catalogue(language)}


@each_language
def test_every_marked_text_is_in_the_catalogue(language: str) -> None:
    """Needs no gettext programs; `make messages` mends it."""
    known = known_texts(language)
    marked = marked_texts()
    assert len(marked) > 1000
    assert {place: text for text, place in marked if text and text not in known} == {}


@each_language
def test_nothing_is_in_the_catalogue_that_nobody_says(language: str) -> None:
    said = {text for text, _place in marked_texts()}
    assert sorted(known_texts(language) - said) == []


def test_no_text_of_ours_takes_a_month_from_django() -> None:
    """The catalogue is one: "May" as a word for rights would be shown as the month, too."""
    for language, month in (("de", "Mai"), ("ar", "مايو")):
        with translation.override(language):
            assert date_format(dt.date(2026, 5, 3), "F") == month


# --- compiled ---------------------------------------------------------------------------------


def test_what_babel_compiles_is_what_django_reads(tmp_path: Path) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    shutil.copy(ROOT / "locale/de/LC_MESSAGES/django.po", source)
    assert list(messages.stale(tmp_path)) == [source]
    compiled = messages.compile_file(source)
    assert list(messages.stale(tmp_path)) == []
    with compiled.open("rb") as opened:
        found = gettext.GNUTranslations(opened)
    assert found.gettext("Register a deal") == "Deal registrieren"
    assert found.ngettext("%(days)s day", "%(days)s days", 1) == "%(days)s Tag"


def test_compiling_twice_writes_once() -> None:
    subprocess.run([sys.executable, "-m", "prm.messages"], cwd=ROOT, check=True)
    assert list(messages.stale()) == []


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 يوم"), (1, "يوم واحد"), (2, "يومان"), (5, "5 أيام"), (12, "12 يومًا"), (100, "100 يوم")],
)
def test_arabic_counts_in_six_ways(count: int, said: str) -> None:
    with translation.override("ar"):
        days = translation.ngettext("%(days)s day", "%(days)s days", count)
    assert days % {"days": count} == said


# --- shown ------------------------------------------------------------------------------------


def reads(user: User, language: str) -> User:
    user.language = language
    user.save(update_fields=["language"])
    return user


@pytest.mark.parametrize(
    ("language", "direction", "text"),
    [
        ("en", "ltr", "Welcome, Jonas"),
        ("de", "ltr", "Willkommen, Jonas"),
        ("ar", "rtl", "مرحبًا، Jonas"),
    ],
)
def test_home_is_in_the_readers_language(
    client: Client, cast: Cast, language: str, direction: str, text: str
) -> None:
    client.force_login(reads(cast.jonas, language))
    response = client.get(reverse("home"))
    page = response.content.decode()
    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}" dir="{direction}"' in page
    assert text in page


@pytest.mark.parametrize(("language", "text"), [("de", "Anmelden"), ("ar", "تسجيل الدخول")])
def test_sign_in_follows_the_browser(client: Client, db: None, language: str, text: str) -> None:
    response = client.get(reverse("account_login"), headers={"Accept-Language": language})
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]
    assert f"<h1>{text}</h1>" in response.content.decode()


def test_a_language_chosen_at_the_door_is_kept(client: Client, db: None) -> None:
    client.post(reverse("language"), {"language": "de", "next": reverse("account_login")})
    assert "<h1>Anmelden</h1>" in client.get(reverse("account_login")).content.decode()


def test_every_language_is_offered_in_its_own_words(client: Client, cast: Cast) -> None:
    client.force_login(cast.jonas)
    page = client.get(reverse("profile")).content.decode()
    for code, name in (("en", "English"), ("de", "Deutsch"), ("ar", "العربية")):
        assert re.search(rf'<option value="{code}"[^>]*>{name}</option>', page)


@pytest.mark.parametrize(
    ("language", "day"), [("en", "3 May 2026"), ("de", "03.05.2026"), ("ar", "3 مايو 2026")]
)
def test_days_are_written_as_the_language_does(language: str, day: str) -> None:
    with translation.override(language):
        assert date_format(dt.date(2026, 5, 3), "DATE_FORMAT") == day


@pytest.mark.parametrize(
    ("language", "button", "direction"),
    [("de", "Im Portal öffnen", "ltr"), ("ar", "فتح في البوابة", "rtl")],
)
def test_mail_is_in_the_readers_language(
    cast: Cast, language: str, button: str, direction: str
) -> None:
    reader = reads(cast.jonas, language)
    given = {"title": "T", "body": "B", "url": "https://portal.example/"}
    queue_mail(
        once="a", to_user=reader, subject="S", template="core/mail/notification", context=given
    )
    mail = OutgoingMail.objects.get(once="a")
    assert button in mail.text
    assert f'<html lang="{language}" dir="{direction}"' in mail.html


# --- what is stored in one language and said in another ---------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Rules of engagement v1 approved the registration of Nordwind Logistik GmbH"),
        ("de", "Registrierung für Nordwind Logistik GmbH genehmigt durch Engagement-Regeln v1"),
        ("ar", "قواعد التعامل، الإصدار 1: الموافقة على تسجيل \u2068Nordwind Logistik GmbH\u2069"),
    ],
)
def test_the_record_is_written_once_and_said_to_each_reader(
    cast: Cast, rules: RuleBook, language: str, said: str
) -> None:
    asked = RegistrationRequest(
        customer_name="Nordwind Logistik GmbH",
        customer_country="DE",
        product_line_id=cast.product.pk,
        amount=Decimal(12_800),
        currency="EUR",
        expected_close=timezone.localdate() + dt.timedelta(days=40),
    )
    with translation.override("ar"):
        deal = register_deal(actor=cast.actor(cast.jonas), request=asked)
    assert deal.decided_by == "Rules of engagement v1"
    with translation.override(language):
        assert timeline(deal, cast.actor(cast.jonas))[0].sentence == said


@pytest.mark.parametrize(
    ("language", "name", "shown"),
    [
        ("de", "Nordwind", "Nordwind"),
        ("de", "شركة النور", "\u2068شركة النور\u2069"),
        ("ar", "Nordwind", "\u2068Nordwind\u2069"),
        ("ar", "شركة النور", "شركة النور"),
    ],
)
def test_names_of_the_other_direction_are_kept_apart(language: str, name: str, shown: str) -> None:
    with translation.override(language):
        assert isolated(name) == shown


def test_countries_are_in_the_order_of_a_dictionary() -> None:
    with translation.override("de"):
        names = [name for _code, name in countries.choices()]
    assert names.index("Ägypten") < names.index("Albanien")
    assert names.index("Österreich") < names.index("Zypern")
