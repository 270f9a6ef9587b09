"""Lists as CSV files, streamed, without cells that a spreadsheet would run."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from core.tables.keyset import Record
from core.ui import Text

EXPORT_LIMIT = 50_000
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
