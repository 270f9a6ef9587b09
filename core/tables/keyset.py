"""Paging by key.

Paging never counts or skips: a cursor holds the sort values of the last row seen, and the
next page asks for what comes after them. So page 1,000 costs what page 1 does, given an
index on the sort column and the primary key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.options import Options

Row = TypeVar("Row")
Record = TypeVar("Record", bound=Model)
Value = Any
"""What a column may be sorted by: text, number, date, moment, truth, id, or nothing."""

PAGE_SIZE = 25
LARGEST_PAGE = 200
SALT = "core.tables"


@dataclass(frozen=True, slots=True)
class Key:
    """One field that rows are ordered by. Rows without a value come last, either way."""

    path: str
    descending: bool
    nullable: bool
    field: "Field[Any, Any]"

    def ordering(self, *, backwards: bool) -> OrderBy:
        descending = self.descending != backwards
        nulls: dict[str, bool] = {}
        if self.nullable:
            nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        return OrderBy(F(self.path), descending=descending, **nulls)

    def same(self, value: Value) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def beyond(self, value: Value, *, backwards: bool) -> Q:
        """Rows that come after `value` in the direction of reading."""
        if value is None:
            return Q(**{f"{self.path}__isnull": False}) if backwards else Q(pk__in=[])
        operator = "gt" if self.descending == backwards else "lt"
        found = Q(**{f"{self.path}__{operator}": value})
        if self.nullable and not backwards:
            found |= Q(**{f"{self.path}__isnull": True})
        return found


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: the sort values of a row, and whether to read on or back."""

    values: tuple[Value, ...]
    backwards: bool


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    rows: list[Row]
    next_cursor: str | None = None
    previous_cursor: str | None = None


def keyset_page(
    queryset: QuerySet[Record],
    *,
    order: Sequence[str],
    after: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[Record]:
    """The page of `queryset` that the cursor `after` points at, else the first one.

    `order` are field paths, "-" for descending; the primary key is added to make the order
    total. A cursor that was tampered with, or that belongs to another order, is ignored.
    Costs one query; a second one when the page before the first row was asked for.
    """
    size = max(1, min(size, LARGEST_PAGE))
    keys = sort_keys(queryset, order)
    cursor = read_cursor(after, keys)
    rows, more = fetch(queryset, keys, cursor, size)
    if cursor is not None and (not rows or (cursor.backwards and not more)):
        # Rows went away, or fewer than a page are left before: the first page, in full.
        cursor = None
        rows, more = fetch(queryset, keys, cursor, size)
    has_next = bool(rows) and (more or (cursor is not None and cursor.backwards))
    return Page(
        rows=rows,
        next_cursor=write_cursor(rows[-1], keys, backwards=False) if has_next else None,
        previous_cursor=write_cursor(rows[0], keys, backwards=True) if cursor else None,
    )


def sort_keys(queryset: QuerySet[Record], order: Sequence[str]) -> tuple[Key, ...]:
    keys = [sort_key(queryset, entry) for entry in order]
    if not any(key.path in {"pk", "id"} for key in keys):
        descending = bool(keys) and keys[-1].descending
        keys.append(sort_key(queryset, "-pk" if descending else "pk"))
    return tuple(keys)


def sort_key(queryset: QuerySet[Record], entry: str) -> Key:
    path = entry.removeprefix("-")
    if path in queryset.query.annotations:
        # What a computed column may hold is not known: it may be nothing.
        return Key(path, entry != path, True, queryset.query.annotations[path].output_field)
    nullable = False
    options: Options[Any] = queryset.model._meta
    *relations, last = path.split("__")
    for name in relations:
        relation = options.get_field(name)
        nullable = nullable or getattr(relation, "null", True)
        options = relation.related_model._meta  # type: ignore[union-attr]
    found = options.pk if last == "pk" else options.get_field(last)
    if not isinstance(found, Field):
        raise TypeError(f"{path} is not a field to sort by.")
    return Key(path, entry != path, nullable or found.null, found)


def fetch(
    queryset: QuerySet[Record], keys: Sequence[Key], cursor: Cursor | None, size: int
) -> tuple[list[Record], bool]:
    """Up to `size` rows in the order of the list, and whether there are more that way."""
    backwards = cursor is not None and cursor.backwards
    if cursor is not None:
        queryset = queryset.filter(rows_beyond(keys, cursor))
    ordered = queryset.order_by(*(key.ordering(backwards=backwards) for key in keys))
    rows = list(ordered[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return (rows[::-1] if backwards else rows), more


def rows_beyond(keys: Sequence[Key], cursor: Cursor) -> Q:
    """a beyond, or a same and (b beyond, or b same and …)."""
    pairs = list(zip(keys, cursor.values, strict=True))
    last, value = pairs[-1]
    found = last.beyond(value, backwards=cursor.backwards)
    for key, value in reversed(pairs[:-1]):
        found = key.beyond(value, backwards=cursor.backwards) | (key.same(value) & found)
    return leading_bound(*pairs[0], backwards=cursor.backwards) & found


def leading_bound(key: Key, value: Value, *, backwards: bool) -> Q:
    """Says the first field's bound once more outside the OR, where an index can use it."""
    if key.nullable or value is None:
        return Q()
    operator = "gte" if key.descending == backwards else "lte"
    return Q(**{f"{key.path}__{operator}": value})


def write_cursor(row: Model, keys: Sequence[Key], *, backwards: bool) -> str:
    values = [as_text(read_path(row, key.path)) for key in keys]
    return signing.dumps([signature(keys), backwards, values], salt=SALT)


def read_cursor(text: str | None, keys: Sequence[Key]) -> Cursor | None:
    if not text:
        return None
    try:
        order, backwards, values = signing.loads(text, salt=SALT)
        if order != signature(keys):
            return None
        pairs = zip(keys, values, strict=True)
        found = tuple(None if one is None else key.field.to_python(one) for key, one in pairs)
    except (signing.BadSignature, ValidationError, ValueError, TypeError):
        return None
    return Cursor(found, bool(backwards))


def signature(keys: Sequence[Key]) -> str:
    return ",".join(f"-{key.path}" if key.descending else key.path for key in keys)


def read_path(row: Any, path: str) -> Value:
    for name in path.split("__"):
        row = None if row is None else getattr(row, name)
    return row


def as_text(value: Value) -> str | None:
    if isinstance(value, date | time):  # a datetime is a date; str() would lose its "T"
        return value.isoformat()
    return None if value is None else str(value)
