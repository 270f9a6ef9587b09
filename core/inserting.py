"""Storing new rows where every millisecond counts.

`Model.save` works its statement out anew for each row, which takes longer than PostgreSQL needs
to run it. This does the same for plain new rows: no signals are sent (the portal has none), no
parents are saved, and what was given is stored as it is.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from django.db.models.functions import Now

from core.prepared import prepared

# Statements for a few rows are planned once; there are not many of them.
MOST_PREPARED_ROWS = 5

# What Django's own fields hand to the database unchanged, so that nobody needs to ask them.
AS_IT_IS: dict[type, type] = {
    models.CharField: str,
    models.TextField: str,
    models.BooleanField: bool,
    models.SmallIntegerField: int,
    models.PositiveSmallIntegerField: int,
    models.IntegerField: int,
    models.PositiveIntegerField: int,
    models.BigIntegerField: int,
    models.BigAutoField: int,
    models.UUIDField: uuid.UUID,
    models.DateField: dt.date,
    models.DateTimeField: dt.datetime,
}


@dataclass(frozen=True, slots=True)
class _Statement:
    """The fields that are stored, each with its name and the type that it stores as it is;
    those that the database answers with; and what stands before and after the values."""

    fields: tuple[tuple[str, type | None, Any], ...]
    answered: tuple[Any, ...]
    before: str
    after: str


@lru_cache(maxsize=100)
def _statement(model: type[models.Model]) -> _Statement:
    concrete: tuple[Any, ...] = tuple(model._meta.concrete_fields)
    key: Any = model._meta.pk
    fields = tuple(field for field in concrete if field is not key or not field.db_returning)
    answered = (key, *(field for field in fields if field.db_returning))
    names = ", ".join(f'"{field.column}"' for field in fields)
    back = ", ".join(f'"{field.column}"' for field in answered)
    # Names of tables and columns are the models' own.
    before = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES '  # noqa: S608
    stored = tuple((field.attname, _stored_as_it_is(field), field) for field in fields)
    return _Statement(stored, answered, before, f" RETURNING {back}")


def _stored_as_it_is(field: Any) -> type | None:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return None
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return AS_IT_IS.get(type(field))


def insert(row: models.Model) -> None:
    """Stores a new row and gives it its key."""
    insert_all([row])


def insert_all(
    rows: Sequence[models.Model], *, known_by: Sequence[str] = (), renewed: Sequence[str] = ()
) -> None:
    """Stores new rows of one table with one statement, and gives them their keys. A row that is
    there already, by the unique columns `known_by`, gets the new values of the columns `renewed`.
    """
    if not rows:
        return
    written = _statement(type(rows[0]))
    values: list[Any] = []
    places = ", ".join(_placeholders(row, written.fields, values) for row in rows)
    sql = written.before + places + _otherwise(known_by, renewed) + written.after
    with connection.cursor() as cursor:
        if len(rows) <= MOST_PREPARED_ROWS:
            prepared(sql).run(cursor, values)
        else:
            cursor.execute(sql, values)
        answers = cursor.fetchall()
    for row, answer in zip(rows, answers, strict=True):
        for field, value in zip(written.answered, answer, strict=True):
            _take_back(row, field, value)
        row._state.adding, row._state.db = False, connection.alias


def _otherwise(known_by: Sequence[str], renewed: Sequence[str]) -> str:
    if not known_by:
        return ""
    values = ", ".join(f'"{column}" = excluded."{column}"' for column in renewed)
    there = ", ".join(f'"{column}"' for column in known_by)
    return f" ON CONFLICT ({there}) DO UPDATE SET {values}"


def _take_back(row: models.Model, field: Any, value: Any) -> None:
    """What the database made up: the key, and defaults that nobody gave."""
    if field.primary_key or isinstance(getattr(row, field.attname), DatabaseDefault):
        read = getattr(field, "from_db_value", None)
        value = read(value, None, connection) if read else value
        setattr(row, field.attname, value)


def _placeholders(
    row: models.Model, fields: Sequence[tuple[str, type | None, Any]], values: list[Any]
) -> str:
    places = []
    for name, as_it_is, field in fields:
        value = getattr(row, name)
        if as_it_is is not None and (value is None or _is(value, as_it_is)):
            values.append(value)
            places.append("%s")
        else:
            places.append(_placeholder(row, field, values))
    return f"({', '.join(places)})"


def _is(value: object, kind: type) -> bool:
    # A moment without its time zone is left to the field, which knows what is meant.
    local = isinstance(value, dt.datetime) and value.tzinfo is None
    return type(value) is kind and not local


def _placeholder(row: models.Model, field: Any, values: list[Any]) -> str:
    value = field.pre_save(row, add=True)
    if isinstance(value, DatabaseDefault):
        return "DEFAULT"
    if isinstance(value, Now):
        # The moment of the statement, as Django's own Now() means it here.
        return "STATEMENT_TIMESTAMP()"
    stored = field.get_db_prep_save(value, connection)
    values.append(stored)
    place = getattr(field, "get_placeholder", None)
    return str(place(stored, None, connection)) if place else "%s"
