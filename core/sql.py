"""Pieces of SQL with their values, put together without putting values into the text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Sql:
    """A statement or a part of one. `values` are its %(name)s placeholders; names of two parts
    that meet in one statement must differ or mean the same."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


def rows_of(query: Sql) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query.text, dict(query.values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
