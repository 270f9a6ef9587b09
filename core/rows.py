"""Reference data: rows without a life of their own, whose changes are recorded as they are.

What has a meaning in the business (a partner's tier, a decision) has a service and a fact of
its own instead.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from core.actor import Actor
from core.events import record
from core.facts import RowAdded, RowChanged, RowRemoved, Values


def values_of(row: models.Model, fields: Iterable[str] | None = None) -> Values:
    """The row's stored fields as text, related rows by their name; all but the key by default."""
    wanted = None if fields is None else set(fields)
    return {
        field.name: as_text(getattr(row, field.name))
        for field in row._meta.concrete_fields
        if not field.primary_key and (wanted is None or field.name in wanted)
    }


def fingerprint(row: models.Model) -> str:
    """What tells one state of a row from another, for whoever writes what they have read."""
    written = json.dumps(values_of(row), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def as_text(value: Any) -> str:
    return "" if value is None else str(value)


@transaction.atomic
def add_row(*, actor: Actor, row: models.Model, partner_id: int | None = None) -> None:
    """Stores a new row and records it."""
    row.save(force_insert=True)
    fact = RowAdded(str(row._meta.verbose_name), str(row), values_of(row))
    record(fact, subject=row, actor=actor, partner_id=partner_id)


@transaction.atomic
def change_row(
    *, actor: Actor, row: models.Model, fields: Iterable[str], partner_id: int | None = None
) -> bool:
    """Stores those of `fields` that differ from the stored row; False if none does."""
    stored = type(row)._base_manager.select_for_update().get(pk=row.pk)
    changes = changed(values_of(stored, fields), values_of(row, fields))
    if not changes:
        return False
    row.save(update_fields=list(changes))
    fact = RowChanged(str(row._meta.verbose_name), str(row), changes)
    record(fact, subject=row, actor=actor, partner_id=partner_id)
    return True


def changed(old: Values, new: Values) -> dict[str, list[str]]:
    return {name: [old[name], new[name]] for name in new if old[name] != new[name]}


@transaction.atomic
def remove_row(*, actor: Actor, row: models.Model, partner_id: int | None = None) -> None:
    """Removes a row and records what it was. Raises ProtectedError when others need it."""
    fact = RowRemoved(str(row._meta.verbose_name), str(row), values_of(row))
    record(fact, subject=row, actor=actor, partner_id=partner_id)
    row.delete()
