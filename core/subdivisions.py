"""The parts of countries by ISO 3166-2 code ("DE-BY"), named in the reader's language as far as
the data go, else as they are called where they lie.

A *place* is either a country ("DE") or a part of one; a country contains its parts.
"""

import gettext
import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from django.utils.translation import get_language

from core import countries

PLACE = r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
SEPARATORS = re.compile(r"[\s,;]+")


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Code → name where it lies. The data take half a second to read, so only who asks for parts
    of countries waits for them, once."""
    from pycountry import subdivisions  # noqa: PLC0415

    return {one.code: one.name for one in subdivisions}


@lru_cache(maxsize=40)
def _names(language: str) -> gettext.NullTranslations:
    from pycountry import LOCALES_DIR  # noqa: PLC0415

    spellings = [language.replace("-", "_"), language.partition("-")[0]]
    return gettext.translation("iso3166-2", LOCALES_DIR, languages=spellings, fallback=True)


def country_of(place: str) -> str:
    return place[:2]


def is_part(place: str) -> bool:
    return "-" in place


def is_place(place: str) -> bool:
    """Whether there is such a country or part of one."""
    return place in _known() if is_part(place) else place in countries.codes()


def part_name(code: str) -> str:
    """What a part is called, without its country; the code itself when it is unknown."""
    found = _known().get(code)
    return _names(get_language() or "en").gettext(found) if found else code


def name(place: str) -> str:
    """A place in the reader's words: "Germany", "Bavaria (Germany)"."""
    if not is_part(place):
        return countries.name(place)
    return f"{part_name(place)} ({countries.name(country_of(place))})"


def parts_of(country: str) -> list[tuple[str, str]]:
    """(code, name) of a country's parts in the reader's language, by name."""
    found = [(code, part_name(code)) for code in _known() if country_of(code) == country]
    return sorted(found, key=lambda one: countries.in_dictionary_order(one[1]))


def read_parts(text: str) -> tuple[list[str], list[str]]:
    """The codes of parts that somebody typed, and what of it is none."""
    words = {word.upper() for word in SEPARATORS.split(text) if word}
    parts = {word for word in words if is_part(word) and word in _known()}
    return sorted(parts), sorted(words - parts)


def contains(places: Collection[str], wanted: str) -> bool:
    """Whether one of the places is `wanted` or contains it."""
    return wanted in places or country_of(wanted) in places


def touching(wanted: str, places: Iterable[str]) -> list[str]:
    """Those of the places that overlap with `wanted`: it, what contains it, what lies in it."""
    return [
        one
        for one in places
        if one == wanted
        or (one == country_of(wanted))
        or (not is_part(wanted) and country_of(one) == wanted)
    ]
