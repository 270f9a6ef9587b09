"""Storing new rows where every millisecond counts.

`Model.save` works its statement out anew for each row, which takes longer than PostgreSQL needs
to run it. This does the same for plain new rows: no signals are sent (the portal has none), no
parents are saved, and what was given is stored as it is.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from django.db.models.functions import Now


@lru_cache(maxsize=100)
def _columns(model: type[models.Model]) -> tuple[tuple[Any, ...], str, str]:
    """The fields that are stored, and the statement around their values."""
    fields: tuple[Any, ...] = tuple(
        field for field in model._meta.concrete_fields if not (field.primary_key and field.db_returning)
    )
    names = ", ".join(f'"{field.column}"' for field in fields)
    given = [model._meta.pk, *(field for field in fields if field.db_returning)]
    back = ", ".join(f'"{field.column}"' for field in given)
    return fields, f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ', f" RETURNING {back}"


def insert(row: models.Model) -> None:
    """Stores a new row and gives it its key."""
    insert_all([row])


def insert_all(rows: Sequence[models.Model]) -> None:
    """Stores new rows of one table with one statement, and gives them their keys."""
    if not rows:
        return
    model = type(rows[0])
    fields, into, back = _columns(model)
    values: list[Any] = []
    places = [_placeholders(row, fields, values) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(into + ", ".join(places) + back, values)
        stored = cursor.fetchall()
    given = [model._meta.pk, *(field for field in fields if field.db_returning)]
    for row, back_again in zip(rows, stored, strict=True):
        for field, value in zip(given, back_again, strict=True):
            setattr(row, field.attname, value)  # type: ignore[union-attr]
        row._state.adding, row._state.db = False, connection.alias


def _placeholders(row: models.Model, fields: Sequence[Any], values: list[Any]) -> str:
    places = []
    for field in fields:
        value = field.pre_save(row, add=True)
        if isinstance(value, DatabaseDefault):
            places.append("DEFAULT")
        elif isinstance(value, Now):
            # The moment of the statement, as Django's own Now() means it here.
            places.append("STATEMENT_TIMESTAMP()")
        else:
            stored = field.get_db_prep_save(value, connection)
            values.append(stored)
            place = getattr(field, "get_placeholder", None)
            places.append(place(stored, None, connection) if place else "%s")
    return f"({', '.join(places)})"
