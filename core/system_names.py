"""What the system is called when it acts by itself, in the reader's language.

The record keeps such a name in English, because many read it; here it is said again for one.
"""

import re
from collections.abc import Callable, Iterable

from django.utils.translation import gettext

_names: dict[str, re.Pattern[str]] = {}


def declare_name(english: str) -> str:
    """Says that the system may act under this name, e.g. "Rules v%(version)s". Marked with
    gettext_noop, so that translators see it."""
    parts = re.split(r"%\((\w+)\)s", english)
    pattern = "".join(
        f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
    _names[english] = re.compile(pattern)
    return english


def in_readers_words(name: str) -> str:
    """`name` translated if the system acts under it; a person's name stays as it is."""
    for english, pattern in _names.items():
        if found := pattern.fullmatch(name):
            return gettext(english) % found.groupdict()
    return name


def label_of(choices: Iterable[tuple[str, object]]) -> Callable[[str], str]:
    """Says a stored code by its label; a code that is none of `choices` any more as it is."""
    labels = dict(choices)
    return lambda code: str(labels.get(code, code))
