"""Names inside sentences of the other direction of writing."""

import unicodedata

from django.utils.functional import lazy
from django.utils.translation import get_language_bidi

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
RIGHT_TO_LEFT = {"R", "AL"}


def isolated(text: str) -> str:
    """`text` so that it does not reorder the words and numbers around it: what <bdi> does, for
    sentences that are put together before they are on a page. Where all of it runs one way,
    nothing is added."""
    letters = {unicodedata.bidirectional(letter) for letter in text}
    other_way = "L" in letters if get_language_bidi() else bool(letters & RIGHT_TO_LEFT)
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if other_way else text


isolated_later = lazy(isolated, str)
"""The same for a sentence whose reader, and so language, is not known yet."""
