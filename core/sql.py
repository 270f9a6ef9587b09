"""Pieces of SQL with their values, put together without putting values into the text."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from core.prepared import PLACE, prepared

LARGEST_INT = 2**31
# What a key can be at most; a larger one in an address is nobody's.
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Sql:
    """A statement or a part of one. `values` are its %(name)s placeholders; names of two parts
    that meet in one statement must differ or mean the same."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


def rows_of(query: Sql, *, planned_once: bool = False) -> list[tuple[Any, ...]]:
    """The answer of a statement; `planned_once` for one that comes again with the same text, whose
    plan takes longer than its work."""
    with connection.cursor() as cursor:
        if planned_once:
            prepared(_typed(query)).run(cursor, query.values)
        else:
            cursor.execute(query.text, dict(query.values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _typed(query: Sql) -> str:
    """The text with the types that its values have when they stand in it: `%(day)s + 1` is a day
    later because of the value, which a statement that is planned before does not know."""
    return PLACE.sub(lambda place: place[0] + _cast(query.values[place[1]]), query.text)


def _cast(value: Any) -> str:
    match value:
        case bool():
            return "::boolean"
        case int():
            return "::int" if abs(value) < LARGEST_INT else "::bigint"
        case Decimal():
            return "::numeric"
        case dt.datetime():
            return "::timestamptz"
        case dt.date():
            return "::date"
        case _:
            return ""
