"""Fields that a vendor adds to its forms without code: what they are.

Generic: what a field is about, who is offered it and when it is needed, the app says that has
them (dealreg/rules/own_fields.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 2000
MOST_DIGITS = 6
LARGEST_NUMBER = Decimal(10) ** 12

Texts = Mapping[str, str]
"""A text by language code."""


class FieldType(TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    MONEY = "money", _("Money")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
    YES_NO = "yes_no", _("Yes or no")
    FILE = "file", _("File")


class Needed(TextChoices):
    """When a field has to be filled."""

    NEVER = "never", _("never")
    ALWAYS = "always", _("always")
    WHEN = "when", _("when its conditions hold")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice. One that is no longer `offered` stays readable where it was
    given."""

    code: str
    labels: Texts
    offered: bool = True

    @property
    def label(self) -> str:
        return in_language(self.labels) or self.code


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """What a field takes. `least` and `most` bound a number or an amount, the characters of a
    text, and a date in days from today; `digits` are a number's decimal places."""

    code: str
    type: FieldType
    labels: Texts
    hints: Texts
    choices: tuple[Choice, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    digits: int = 0

    @property
    def label(self) -> str:
        """In the reader's language."""
        return in_language(self.labels) or self.code

    @property
    def hint(self) -> str:
        return in_language(self.hints)

    @property
    def longest(self) -> int:
        """How many characters a text may have."""
        return min(int(self.most), LONGEST_TEXT) if self.most else LONGEST_TEXT

    def choice(self, code: str) -> Choice | None:
        return next((one for one in self.choices if one.code == code), None)


def in_language(texts: Texts, language: str | None = None) -> str:
    """The text in `language` (default: the reader's), else in the portal's own, else in any;
    "" when there is none."""
    wanted = language or get_language() or settings.LANGUAGE_CODE
    for code in (wanted, wanted.split("-")[0], settings.LANGUAGE_CODE):
        if texts.get(code):
            return texts[code]
    return next((text for text in texts.values() if text), "")


def spoken(say: Callable[[], str]) -> Any:
    """A text that is said in the language of whoever reads it."""
    return lazy(say, str)()
