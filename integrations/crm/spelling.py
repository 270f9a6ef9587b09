"""How the export's words are read: countries, sectors and products that are spelt in more
than one way. Each reader gives the value and a remark, empty when nothing was changed."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from babel import Locale
from rapidfuzz import fuzz, process

from core import countries

# Names that the list of countries does not have, or has for two.
OTHER_COUNTRY_NAMES = {
    "england": "GB",
    "great britain": "GB",
    "holland": "NL",
    "korea": "KR",
    "uae": "AE",
    "uk": "GB",
    "usa": "US",
}
SECTORS = (
    "agriculture",
    "construction",
    "education",
    "employment",
    "energy",
    "entertainment",
    "finance",
    "government",
    "healthcare",
    "hospitality",
    "insurance",
    "logistics",
    "manufacturing",
    "marketing",
    "media",
    "medical",
    "mining",
    "real estate",
    "retail",
    "services",
    "software",
    "technology",
    "telecommunications",
    "transport",
    "utilities",
)
# How alike, of 100, a misspelt word must be to the one that it is read as.
ALIKE = 88


def country_code(text: str) -> tuple[str, str]:
    """The country's two letters; "" with a remark when nobody knows it."""
    if not text:
        return "", ""
    names = _country_codes()
    key = text.casefold()
    if key in names:
        return names[key], ""
    if key in OTHER_COUNTRY_NAMES:
        code = OTHER_COUNTRY_NAMES[key]
        return code, f"“{text}” read as {_english(code)}"
    near = _nearest(key, names)
    if near:
        return names[near], f"“{text}” read as {_english(names[near])}"
    return "", f"“{text[:60]}” is no country we know; left empty"


def sector_name(text: str) -> tuple[str, str]:
    """The sector, a slip of the pen mended; any other word stays as it is."""
    word = text[:80].lower()
    near = "" if not word or word in SECTORS else _nearest(word, SECTORS)
    return (near, f"“{text}” read as “{near}”") if near else (word, "")


def product_names(spelt: Iterable[str], catalogue: Collection[str] = ()) -> dict[str, str]:
    """Each spelling in the file → the product's name.

    Names that differ in blanks, case and punctuation alone are one product: the catalogue's
    spelling counts, else the one with the blanks in it ("GTXPro" is "GTX Pro" when both "GTX"
    and "Pro" are words of other products).
    """
    spellings = sorted(set(spelt))
    words = {word for name in [*spellings, *catalogue] if " " in name for word in name.split()}
    names = {_squeezed(name): name for name in catalogue}
    for name in spellings:
        apart = _taken_apart(name, words)
        names.setdefault(_squeezed(name), apart)
    return {name: names[_squeezed(name)] for name in spellings}


def _taken_apart(name: str, words: Collection[str]) -> str:
    """ "GTXPro" as "GTX Pro" when both are words; a name of several words stays."""
    for cut in range(1, len(name)):
        if name[:cut] in words and name[cut:] in words:
            return f"{name[:cut]} {name[cut:]}"
    return name


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _nearest(word: str, known: Collection[str] | Mapping[str, str]) -> str:
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return str(found[0]) if found else ""


@lru_cache(maxsize=1)
def _country_codes() -> dict[str, str]:
    names = Locale("en").territories
    spelt = {str(names[code]).casefold(): code for code in sorted(countries.codes())}
    return spelt | {code.casefold(): code for code in countries.codes()}


def _english(code: str) -> str:
    return str(Locale("en").territories[code])
