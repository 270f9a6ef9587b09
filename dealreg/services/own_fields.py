"""Operations define own fields of registrations, order them and take them out of use."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from core.own_fields.fields import (
    LARGEST_NUMBER,
    LONGEST_TEXT,
    MOST_DIGITS,
    FieldType,
    Needed,
    Texts,
    in_language,
)
from dealreg import own_fields
from dealreg.events import (
    OwnFieldAdded,
    OwnFieldChanged,
    OwnFieldRemoved,
    OwnFieldRestored,
    OwnFieldRetired,
)
from dealreg.models import DealAnswer, DealField, Rule
from dealreg.models.rulebooks import BookStatus
from dealreg.rules.engagement import InvalidRule, read_group
from dealreg.rules.facts import FACTS, OWN
from dealreg.rules.own_fields import may_decide_need
from dealreg.rules.request import unreadable

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
CHOICE_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
LONGEST_LABEL = 120
LONGEST_HINT = 400
MOST_CHOICES = 200
MOST_FIELDS = 200
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


class InvalidField(ValueError):
    """The field cannot be defined so; `problems` says what to mend, by the part of the draft
    ("" for the whole)."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def require_operations(actor: Actor) -> None:
    """Raises PermissionDenied for anyone but operations and the portal itself."""
    if not (actor.is_ops or actor.is_system):
        raise PermissionDenied(_("Defining fields needs the duty Partner operations."))


@transaction.atomic
def add_field(*, actor: Actor, draft: FieldDraft) -> DealField:
    """A new field, offered from now on. Raises InvalidField, PermissionDenied."""
    require_operations(actor)
    own_fields.definitions()
    problems = dict(_problems(draft))
    if DealField.objects.filter(code=draft.code).exists():
        problems["code"] = _("Another field has this code.")
    if DealField.objects.count() >= MOST_FIELDS:
        problems[""] = _("There are %(number)s fields already.") % {"number": MOST_FIELDS}
    if problems:
        raise InvalidField(problems)
    row = DealField(code=draft.code, type=draft.type, **_columns(draft))
    row.save(force_insert=True)
    own_fields.definitions()
    fact = OwnFieldAdded(row.code, _label(row), _as_text(row))
    record(fact, subject=row, actor=actor)
    return row


@transaction.atomic
def change_field(*, actor: Actor, field_id: int, draft: FieldDraft) -> DealField:
    """Another wording, scope, bound or place. The code stays; so do the kind and the answers
    that can be chosen once somebody has answered or a rule asks for it: answers that should
    not be offered any more are marked so. Raises InvalidField, PermissionDenied."""
    require_operations(actor)
    own_fields.definitions()
    row = DealField.objects.select_for_update().get(pk=field_id)
    problems = {**dict(_problems(draft)), **_problems_of_change(row, draft)}
    if problems:
        raise InvalidField(problems)
    before = _as_text(row)
    row.type = draft.type
    for name, value in _columns(draft).items():
        setattr(row, name, value)
    after = _as_text(row)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changes:
        return row
    row.save(update_fields=["type", *_columns(draft)])
    own_fields.definitions()
    record(OwnFieldChanged(row.code, _label(row), changes), subject=row, actor=actor)
    return row


@transaction.atomic
def retire_field(*, actor: Actor, field_id: int) -> DealField:
    """Offers the field no longer; what was answered stays readable. Raises InvalidField while
    rules that are in force or being written, or another field, ask for it; PermissionDenied."""
    require_operations(actor)
    row = DealField.objects.select_for_update().get(pk=field_id)
    users = list(asked_by(row, living=True))
    if users:
        raise InvalidField({"": _("It is still asked for: %s.") % ", ".join(users)})
    if row.active:
        row.active = False
        row.save(update_fields=["active"])
        own_fields.definitions()
        record(OwnFieldRetired(row.code, _label(row)), subject=row, actor=actor)
    return row


@transaction.atomic
def restore_field(*, actor: Actor, field_id: int) -> DealField:
    """Offers a retired field again. Raises PermissionDenied."""
    require_operations(actor)
    row = DealField.objects.select_for_update().get(pk=field_id)
    if not row.active:
        row.active = True
        row.save(update_fields=["active"])
        own_fields.definitions()
        record(OwnFieldRestored(row.code, _label(row)), subject=row, actor=actor)
    return row


@transaction.atomic
def remove_field(*, actor: Actor, field_id: int) -> None:
    """Removes a field that nobody has answered and no rule, not even an old one, asks for. Raises
    InvalidField for any other, PermissionDenied."""
    require_operations(actor)
    row = DealField.objects.select_for_update().get(pk=field_id)
    if is_used(row):
        raise InvalidField(
            {"": _("It has answers, or rules ask for it. Take it out of use instead.")}
        )
    removed = OwnFieldRemoved(row.code, _label(row), _as_text(row))
    record(removed, subject=row, actor=actor)
    row.delete()
    own_fields.definitions()


# --- what is refused --------------------------------------------------------------------------


def _problems(draft: FieldDraft) -> Iterator[tuple[str, str]]:
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


def _problems_of_change(row: DealField, draft: FieldDraft) -> dict[str, str]:
    found = {}
    if draft.code != row.code:
        found["code"] = _("The code stays: rules and programs call the field by it.")
    used = is_used(row)
    if draft.type != row.type and used:
        found["type"] = _("There are answers, or rules ask for it, so the kind stays.")
    dropped = {one["code"] for one in row.choices} - {one.code for one in draft.choices}
    if dropped and used and draft.type == row.type:
        found["choices"] = _("Do not remove answers of a field in use; offer them no longer.")
    return found


def is_used(row: DealField) -> bool:
    """Whether there are answers, or rules of whatever age or another field ask for it."""
    answered = DealAnswer.objects.filter(field=row).exists()
    return answered or next(asked_by(row), None) is not None


def asked_by(row: DealField, *, living: bool = False) -> Iterator[str]:
    """Who asks for the field, in words; `living`: only rules that are in force or being written,
    and fields in use. Two queries."""
    name = f"{OWN}{row.code}"
    rules = Rule.objects.select_related("book").order_by("book__version", "position")
    if living:
        rules = rules.exclude(book__status=BookStatus.RETIRED)
    for rule in rules:
        if name in rule.asks_for or mentions(rule.conditions, name):
            yield _("rule “%(rule)s” of v%(version)s") % {
                "rule": rule.code,
                "version": rule.book.version,
            }
    others = DealField.objects.exclude(pk=row.pk).filter(needed=Needed.WHEN)
    for other in others.filter(active=True) if living else others:
        if mentions(other.conditions, name):
            yield _("the field “%s”") % _label(other)


def mentions(conditions: Any, name: str) -> bool:
    """Whether a condition, or one inside its groups, is about a fact."""
    return f'"{name}"' in json.dumps(conditions)


# --- rows -------------------------------------------------------------------------------------


def _columns(draft: FieldDraft) -> dict[str, Any]:
    return {
        "labels": _filled(draft.labels),
        "hints": _filled(draft.hints),
        "choices": [
            {"code": one.code, "labels": _filled(one.labels), "offered": one.offered}
            for one in draft.choices
        ],
        "least": draft.least,
        "most": draft.most,
        "digits": draft.digits,
        "region_id": draft.region_id,
        "product_line_id": draft.product_line_id,
        "needed": draft.needed,
        "conditions": draft.conditions if draft.needed == Needed.WHEN else {},
        "in_list": draft.in_list,
        "in_filter": draft.in_filter,
        "position": draft.position,
    }


def _filled(texts: Texts) -> dict[str, str]:
    return {language: text.strip() for language, text in texts.items() if text.strip()}


def _label(row: DealField) -> str:
    return in_language(row.labels, settings.LANGUAGE_CODE) or row.code


def _as_text(row: DealField) -> dict[str, str]:
    """What it says; numbers alike whether they come from the form or from the database."""
    written: dict[str, Any] = {
        "type": str(row.type),
        "labels": row.labels,
        "hints": row.hints,
        "choices": row.choices,
        "least": "" if row.least is None else f"{row.least.normalize():f}",
        "most": "" if row.most is None else f"{row.most.normalize():f}",
        "digits": row.digits,
        "region": row.region_id or "",
        "product_line": row.product_line_id or "",
        "needed": str(row.needed),
        "conditions": row.conditions,
        "in_list": row.in_list,
        "in_filter": row.in_filter,
        "position": row.position,
    }
    return {
        name: value
        if isinstance(value, str)
        else json.dumps(value, sort_keys=True, ensure_ascii=False)
        for name, value in written.items()
    }
