"""A list on its page: columns, sorting, the filters that are set, and what to say without rows."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic

from django.db.models import QuerySet
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.tables.export import EXPORT_LIMIT
from core.tables.keyset import PAGE_SIZE, Page, Record, Row, keyset_page
from core.ui import Text

CURSOR = "after"
SORT = "sort"


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
    if isinstance(value, dt.date | Decimal):
        return str(formats.localize(value))
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
