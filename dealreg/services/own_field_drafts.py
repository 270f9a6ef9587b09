"""An own field as operations write it, and what is wrong with it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.own_fields.fields import (
    LARGEST_NUMBER,
    LONGEST_TEXT,
    MOST_DIGITS,
    FieldType,
    Needed,
    Texts,
)
from dealreg.rules.engagement import InvalidRule, read_group
from dealreg.rules.facts import FACTS
from dealreg.rules.own_fields import may_decide_need
from dealreg.rules.request import unreadable

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
CHOICE_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
LONGEST_LABEL = 120
LONGEST_HINT = 400
MOST_CHOICES = 200
FURTHEST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class ChoiceDraft:
    code: str
    labels: Texts
    offered: bool = True


@dataclass(frozen=True, slots=True)
class FieldDraft:
    """A field as operations write it. Texts by language; `conditions` in the form of rules."""

    code: str
    type: FieldType
    labels: Texts
    hints: Texts = field(default_factory=dict)
    choices: Sequence[ChoiceDraft] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    digits: int = 0
    region_id: int | None = None
    product_line_id: int | None = None
    needed: Needed = Needed.NEVER
    conditions: dict[str, Any] = field(default_factory=dict)
    in_list: bool = False
    in_filter: bool = False
    position: int = 10


def problems_in_definition(draft: FieldDraft) -> Iterator[tuple[str, str]]:
    if not CODE.fullmatch(draft.code):
        yield "code", _("Write small letters, digits and underscores, a letter first.")
    if not draft.labels.get(settings.LANGUAGE_CODE, "").strip():
        yield "labels", _("Write the label in the portal’s own language; others fall back to it.")
    for text in (
        *draft.labels.values(),
        *(one for c in draft.choices for one in c.labels.values()),
    ):
        if len(text) > LONGEST_LABEL or unreadable(text):
            yield "labels", _("Labels are one line of at most %s characters.") % LONGEST_LABEL
    if any(
        len(text) > LONGEST_HINT or unreadable(text, besides="\n\r")
        for text in draft.hints.values()
    ):
        yield "hints", _("Help texts have at most %s characters.") % LONGEST_HINT
    yield from _problems_of_choices(draft)
    yield from _problems_of_bounds(draft)
    yield from _problems_of_need(draft)


def _problems_of_choices(draft: FieldDraft) -> Iterator[tuple[str, str]]:
    codes = [one.code for one in draft.choices]
    if draft.type != FieldType.CHOICE:
        if codes:
            yield "choices", _("Only a choice has answers to choose from.")
        return
    if not any(one.offered for one in draft.choices) or len(codes) > MOST_CHOICES:
        yield "choices", _("Offer between one and %s answers.") % MOST_CHOICES
    if len(set(codes)) != len(codes):
        yield "choices", _("Two answers have the same code.")
    if not all(CHOICE_CODE.fullmatch(code) for code in codes):
        yield "choices", _("Codes of answers have small letters, digits, - and _.")
    if not all(one.labels.get(settings.LANGUAGE_CODE, "").strip() for one in draft.choices):
        yield "choices", _("Every answer needs a label in the portal’s own language.")


def _problems_of_bounds(draft: FieldDraft) -> Iterator[tuple[str, str]]:
    least, most = draft.least, draft.most
    largest = {
        FieldType.TEXT: Decimal(LONGEST_TEXT),
        FieldType.DATE: Decimal(FURTHEST_DAYS),
        FieldType.NUMBER: LARGEST_NUMBER,
        FieldType.MONEY: LARGEST_NUMBER,
    }.get(draft.type)
    bounds = [one for one in (least, most) if one is not None]
    if bounds and largest is None:
        yield "least", _("Only texts, numbers, money and dates have bounds.")
        return
    if least is not None and most is not None and least > most:
        yield "least", _("The lower bound is above the upper one.")
    if any(abs(one) > (largest or 0) for one in bounds):
        yield "most", _("Bounds go up to %s.") % largest
    counted = draft.type in {FieldType.TEXT, FieldType.DATE}
    if counted and any(one != one.to_integral_value() for one in bounds):
        yield "least", _("Write whole numbers.")
    if draft.type == FieldType.TEXT and any(one < 1 for one in bounds):
        yield "least", _("A text has at least one character.")
    if draft.digits > MOST_DIGITS or (draft.digits and draft.type != FieldType.NUMBER):
        yield "digits", _("Numbers may have up to %s decimal places.") % MOST_DIGITS


def _problems_of_need(draft: FieldDraft) -> Iterator[tuple[str, str]]:
    if draft.needed != Needed.WHEN:
        return
    try:
        group = read_group(draft.conditions)
    except InvalidRule as wrong:
        yield "conditions", str(wrong)
        return
    if not group.members:
        yield "conditions", _("Say when it is needed, with at least one condition.")
    for name in {name for one in group.conditions() for name in one.facts()}:
        fact = FACTS[name]
        if fact.retired or not may_decide_need(fact, draft.code):
            yield "conditions", _("A field cannot be needed because of “%s”.") % fact.label
