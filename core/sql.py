"""Pieces of SQL with their values, put together without putting values into the text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from core.prepared import prepared


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
            prepared(query.text).run(cursor, query.values)
        else:
            cursor.execute(query.text, dict(query.values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
