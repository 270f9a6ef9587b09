"""The world's countries by ISO 3166-1 code, named in the reader's language."""

import unicodedata
from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language, to_locale

# Codes that the data carry for groups and for places without an ISO country code.
NOT_COUNTRIES = frozenset(
    {"EU", "EZ", "UN", "QO", "XA", "XB", "XK", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
)


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """Every two-letter country code."""
    names = [str(code) for code in Locale("en").territories]
    return frozenset(
        code for code in names if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    )


def choices() -> list[tuple[str, str]]:
    """(code, name) in the reader's language, by name."""
    return _choices(get_language() or "en")


@lru_cache(maxsize=40)
def _choices(language: str) -> list[tuple[str, str]]:
    names = _locale(language).territories
    found = ((code, str(names.get(code, code))) for code in codes())
    return sorted(found, key=lambda one: in_dictionary_order(one[1]))


def in_dictionary_order(word: str) -> str:
    """What to sort by, so that "Österreich" is not behind "Zypern"."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def name(code: str) -> str:
    """The country's name in the reader's language; the code itself when it is unknown."""
    return str(_locale(get_language() or "en").territories.get(code, code))


@lru_cache(maxsize=40)
def _locale(language: str) -> Locale:
    return Locale.parse(to_locale(language))
