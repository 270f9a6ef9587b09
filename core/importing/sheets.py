"""Reads spreadsheets as rows of text. Formulas are never worked out; sizes are bounded."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.importing.contract import ImportColumn
from core.tables import original_cell

MOST_ROWS = 50_000
MOST_COLUMNS = 100
LONGEST_CELL = 10_000


class Unreadable(ValueError):
    """The file is no table that we read; the message says why."""


def rows_of(content: bytes, content_type: str) -> Iterator[list[str]]:
    """The rows of the first sheet, the headings first; empty rows are left out. Raises
    Unreadable, also on the way."""
    rows = csv_rows(content) if content_type.startswith("text/") else workbook_rows(content)
    taken = 0
    for row in rows:
        if not any(cell.strip() for cell in row):
            yield []
            continue
        taken += 1
        if taken > MOST_ROWS + 1:
            raise Unreadable(_("The file has more than 50,000 rows."))
        if len(row) > MOST_COLUMNS:
            raise Unreadable(_("The file has more than 100 columns."))
        yield [cell[:LONGEST_CELL] for cell in row]


def csv_rows(content: bytes) -> Iterator[list[str]]:
    """Cells as they were before an export of ours made them inert."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(_("The file is not in UTF-8.")) from None
    if "\x00" in text:
        raise Unreadable(_("The file holds NUL characters."))
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text)):
            yield [original_cell(cell) for cell in row]
    except csv.Error as error:
        raise Unreadable(str(error)) from error


def delimiter_of(text: str) -> str:
    """What parts the headings: a comma, or what German and other spreadsheets write."""
    head = text.split("\n", 1)[0]
    return max(",;\t", key=head.count)


def workbook_rows(content: bytes) -> Iterator[list[str]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1):
            cells = [cell_text(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            yield cells
    except Unreadable:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError) as error:
        raise Unreadable(_("The workbook cannot be read.")) from error


def cell_text(cell: Any) -> str:
    """A cell as text. A formula stays its text, which no field takes; it is not worked out."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        plain = value.time().isoformat() == "00:00:00"
        return value.date().isoformat() if plain else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return text if cell.data_type == "f" else original_cell(text)


def guessed(headings: Sequence[str], columns: Sequence[ImportColumn]) -> list[str]:
    """For each heading the field that it means, "" for none; each field once."""
    known = {
        plain(name): column.field
        for column in columns
        for name in (column.field, str(column.label), *column.names)
    }
    found: list[str] = []
    for heading in headings:
        field = known.get(plain(heading), "")
        found.append("" if field in found else field)
    return found


def plain(heading: str) -> str:
    return "".join(letter for letter in heading.casefold() if letter.isalnum())
