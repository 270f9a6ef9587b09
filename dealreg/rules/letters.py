"""How letters are made alike before names are compared: pure text in, text out.

Compatibility forms, case, accents and what cannot be seen go; letters that one language writes
and another keyboard lacks are spelled with its nearest ones; letters of another alphabet that
only look like Latin ones are read as what they look like, so that nobody gets past the check
with a Cyrillic "а".
"""

import re
import unicodedata

# What has no width or no meaning: format characters, joiners, fillers, variation selectors.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_MARKS_OF_TRADE = re.compile("[\u2120\u2122\u00a9\u00ae\u2117]")
# Accents of Latin, Greek and Cyrillic; vowel points of Hebrew and Arabic, and the Arabic stroke
# that only stretches. Vowel signs of Indian and Thai scripts are letters and stay.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")

# Letters that do not fall apart into a plain one and an accent; Arabic ones that are written for
# each other.
_SPELLED = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŧ": "t", "ŋ": "n", "ə": "e", "ɑ": "a", "ɡ": "g", "ƒ": "f", "ĸ": "k",
        "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك",
    }
)  # fmt: skip
# Cyrillic and Greek letters (folded) beside the Latin ones that they look like, in one case at
# least.
_LOOKS_LIKE = dict(
    zip(
        "авекмнорстухіјѕԁһԛԝӏ" + "αβεηικμνορτυχζ",
        "abekmhopctyxijsdhqwl" + "abehikmvoptyxz",
        strict=True,
    )
)
_LATIN_LOOKS = str.maketrans(_LOOKS_LIKE)
_LATIN = re.compile("[a-z]")
_OTHER = re.compile("[\u0370-\u052f]")


def visible(text: str) -> str:
    """The text in its compatible form (NFKC), without what cannot be seen and without marks such
    as ™."""
    shown = _INVISIBLE.sub("", _MARKS_OF_TRADE.sub("", text))
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", shown)).strip()


def fold(text: str) -> str:
    """The words of a text without case, accents, punctuation and disguise, one space between."""
    return " ".join(_undisguised(folded_words(text)))


def folded_words(text: str) -> list[str]:
    """The same with the letters of each alphabet as they are."""
    spelled = visible(text).casefold().replace("&", " and ").replace("+", " and ")
    if spelled.isascii():
        return _NOT_PLAIN.sub(" ", spelled).split()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", spelled)).translate(_SPELLED)
    return "".join(letter if _is_letter(letter) else " " for letter in bare).split()


def _is_letter(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter)[0] == "M"


def _undisguised(words: list[str]) -> list[str]:
    """Words in which letters of two alphabets meet are read as Latin; so are words of nothing but
    look-alikes, unless another word shows that the name is written in their alphabet."""
    if not any(_OTHER.search(word) for word in words):
        return words
    really_other = any(
        not _LATIN.search(word) and any(_foreign(letter) for letter in word) for word in words
    )
    return [
        word.translate(_LATIN_LOOKS) if _LATIN.search(word) or not really_other else word
        for word in words
    ]


def _foreign(letter: str) -> bool:
    return bool(_OTHER.match(letter)) and letter not in _LOOKS_LIKE
