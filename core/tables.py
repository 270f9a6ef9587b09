"""The server's side of lists: columns, sorting, paging by key, and export.

Paging never counts or skips: a cursor holds the sort values of the last row seen, and the
next page asks for what comes after them. So page 1,000 costs what page 1 does, given an
index on the sort column and the primary key.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.options import Options
from django.forms import BaseForm, BoundField
from django.http import QueryDict, StreamingHttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.ui import Text

Row = TypeVar("Row")
Record = TypeVar("Record", bound=Model)
Value = Any
"""What a column may be sorted by: text, number, date, moment, truth, id, or nothing."""

PAGE_SIZE = 25
LARGEST_PAGE = 200
EXPORT_LIMIT = 50_000
CURSOR = "after"
SORT = "sort"


# --- paging by key ------------------------------------------------------------------------


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
    return signing.dumps([signature(keys), backwards, values], salt=__name__)


def read_cursor(text: str | None, keys: Sequence[Key]) -> Cursor | None:
    if not text:
        return None
    try:
        order, backwards, values = signing.loads(text, salt=__name__)
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


# --- the list on the page -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `sort_key` is the field path it sorts by, if it does.

    `priority` 1 stays longest when the table gets narrower, 4 goes first. `primary` is the
    row's name (a heading cell), `corner` its state, shown beside the name on a phone.
    """

    name: str
    label: Text
    sort_key: str | None = None
    numeric: bool = False
    priority: int = 1
    primary: bool = False
    corner: bool = False

    @property
    def css(self) -> str:
        names = (("numeric", self.numeric), ("corner", self.corner))
        return " ".join(name for name, applies in names if applies)

    def cell_attributes(self, *, nothing: bool = False) -> SafeString:
        """Roles are spelled out because a phone's layout takes the table's own away."""
        role = SafeString('scope="row" role="rowheader"' if self.primary else 'role="cell"')
        names = f"{self.css} nothing".strip() if nothing else self.css
        css = format_html(' class="{}"', names) if names else ""
        return format_html(
            '{} data-label="{}" data-priority="{}"{}', role, self.label, self.priority, css
        )


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head: where a click on it leads and how the list is sorted by it now."""

    column: Column
    href: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set, and the address of the list without it."""

    label: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class EmptyState:
    """What to say, and what to do next, when a list has no rows."""

    title: Text
    text: Text = ""
    href: str = ""
    link: Text = ""
    icon: str = "search"


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """A list as the page shows it. `parameters` is the address it was asked with."""

    columns: Mapping[str, Column]
    page: Page[Row]
    caption: Text
    sort: str
    parameters: QueryDict
    empty: EmptyState
    export_url: str = ""
    total: int | None = None
    export_limit: int = field(default=EXPORT_LIMIT)

    @property
    def rows(self) -> list[Row]:
        return self.page.rows

    @property
    def headings(self) -> list[Heading]:
        return [self.heading(column) for column in self.columns.values()]

    def heading(self, column: Column) -> Heading:
        if column.sort_key is None:
            return Heading(column)
        sorted_by = self.sort.removeprefix("-") == column.name
        descending = sorted_by and self.sort.startswith("-")
        other = column.name if not sorted_by or descending else f"-{column.name}"
        direction = ("descending" if descending else "ascending") if sorted_by else ""
        return Heading(column, self.href(**{SORT: other}), direction)

    @property
    def next_href(self) -> str:
        cursor = self.page.next_cursor
        return self.href(**{CURSOR: cursor}) if cursor else ""

    @property
    def previous_href(self) -> str:
        cursor = self.page.previous_cursor
        return self.href(**{CURSOR: cursor}) if cursor else ""

    @property
    def export_href(self) -> str:
        return self.export_url + self.href() if self.export_url else ""

    @property
    def kept_sort(self) -> str:
        """The sort that was asked for, which the filter form hands on."""
        return self.parameters.get(SORT, "")

    def href(self, **changes: str) -> str:
        """This list's address with `changes`, starting at the first page again."""
        return changed_address(self.parameters, {CURSOR: None, **changes})

    def chips(self, form: BaseForm) -> list[Chip]:
        """The filters of `form` that are set."""
        if not form.is_bound or not form.is_valid():
            return []
        return [
            Chip(str(bound.label), shown_value(bound, value), self.href_without(bound.html_name))
            for bound in form.visible_fields()
            if (value := form.cleaned_data.get(bound.name)) not in (None, "", False)
            and not is_empty_choice(value)
        ]

    def href_without(self, name: str) -> str:
        return changed_address(self.parameters, {CURSOR: None, name: None})


def read_table(
    queryset: QuerySet[Record],
    parameters: QueryDict,
    *,
    columns: Sequence[Column],
    sort: str,
    caption: Text,
    empty: EmptyState,
    size: int = PAGE_SIZE,
    export_url: str = "",
    total: int | None = None,
) -> Table[Record]:
    """The list that `parameters` (request.GET) ask for, of rows already filtered and allowed.

    `sort` is the column to sort by when none is asked for, "-" before it for descending.
    """
    by_name = {column.name: column for column in columns}
    asked = parameters.get(SORT, "")
    wanted = by_name.get(asked.removeprefix("-"))
    if wanted is None or wanted.sort_key is None:
        asked = sort
    sort_by = by_name[asked.removeprefix("-")].sort_key or "pk"
    order = f"-{sort_by}" if asked.startswith("-") else sort_by
    page = keyset_page(queryset, order=[order], after=parameters.get(CURSOR), size=size)
    return Table(by_name, page, caption, asked, parameters, empty, export_url, total)


def changed_address(parameters: QueryDict, changes: Mapping[str, str | None]) -> str:
    changed = parameters.copy()
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = value
    return f"?{changed.urlencode()}"


def is_empty_choice(value: Any) -> bool:
    return hasattr(value, "__len__") and len(value) == 0


def shown_value(bound: BoundField, value: Any) -> str:
    """How a filter's value reads: a choice by its label."""
    if isinstance(value, list | tuple | QuerySet):
        return ", ".join(shown_value(bound, one) for one in value)
    if value is True:
        return _("yes")
    labels = dict(flat_choices(getattr(bound.field, "choices", ()))) if is_plain(value) else {}
    return str(labels.get(str(value), value))


def is_plain(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def flat_choices(choices: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from flat_choices(label)
        else:
            yield str(value), label


# --- export -------------------------------------------------------------------------------

FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet takes for a formula, behind any number of the mark that stops it."""


def neutral_cell(text: str) -> str:
    """`text` so that no spreadsheet runs it; `original_cell` reads it back exactly."""
    return f"'{text}" if FORMULA.match(text) else text


def original_cell(text: str) -> str:
    """What was exported as `text`."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def csv_cell(value: Any) -> str:
    """Numbers stay numbers, a minus sign included; moments are ISO 8601; text is made inert."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return neutral_cell(str(value))


class Line:
    """Lets csv.writer hand back each line instead of writing it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(header: Sequence[Text], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(Line())
    yield "\ufeff" + writer.writerow([csv_cell(one) for one in header])
    for row in rows:
        yield writer.writerow([csv_cell(one) for one in row])


def csv_export(
    queryset: QuerySet[Record],
    *,
    name: str,
    columns: Mapping[str, Callable[[Record], Any]],
    limit: int = EXPORT_LIMIT,
) -> StreamingHttpResponse:
    """`queryset` as a CSV file, streamed, at most `limit` rows.

    `columns` are headings and what each row says under them. A file that had to stop at the
    limit says so in its name, "deals-first-50000.csv", because a line inside would be data.
    """
    stopped = queryset.order_by()[: limit + 1].count() > limit
    found = queryset[:limit].iterator(chunk_size=2000)
    rows = ([read(row) for read in columns.values()] for row in found)
    response = StreamingHttpResponse(
        csv_lines(list(columns), rows), content_type="text/csv; charset=utf-8"
    )
    file_name = f"{name}-first-{limit}.csv" if stopped else f"{name}.csv"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
