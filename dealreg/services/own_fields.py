"""Operations define own fields of registrations, order them and take them out of use."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from core.own_fields.fields import Needed, Texts
from dealreg import own_fields
from dealreg.events import (
    OwnFieldAdded,
    OwnFieldChanged,
    OwnFieldRemoved,
    OwnFieldRestored,
    OwnFieldRetired,
)
from dealreg.models import DealField
from dealreg.services.own_field_drafts import FieldDraft, problems_in_definition
from dealreg.services.own_field_uses import asked_by, is_used, label_of

MOST_FIELDS = 200


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
    problems = dict(problems_in_definition(draft))
    if DealField.objects.filter(code=draft.code).exists():
        problems["code"] = _("Another field has this code.")
    if DealField.objects.count() >= MOST_FIELDS:
        problems[""] = _("There are %(number)s fields already.") % {"number": MOST_FIELDS}
    if problems:
        raise InvalidField(problems)
    row = DealField(code=draft.code, type=draft.type, **_columns(draft))
    row.save(force_insert=True)
    own_fields.definitions()
    fact = OwnFieldAdded(row.code, label_of(row), _as_text(row))
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
    problems = {**dict(problems_in_definition(draft)), **_problems_of_change(row, draft)}
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
    record(OwnFieldChanged(row.code, label_of(row), changes), subject=row, actor=actor)
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
        record(OwnFieldRetired(row.code, label_of(row)), subject=row, actor=actor)
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
        record(OwnFieldRestored(row.code, label_of(row)), subject=row, actor=actor)
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
    removed = OwnFieldRemoved(row.code, label_of(row), _as_text(row))
    record(removed, subject=row, actor=actor)
    row.delete()
    own_fields.definitions()


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
