"""The files of an export as rows. A damaged file is refused as a whole, before anything is
written; a damaged row is handed on and refused alone."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LARGEST_FILE = 64 * 1024 * 1024
ACCOUNTS, SELLERS, DEALS, PRODUCTS, PURCHASES, DIRECT = (
    "accounts.csv",
    "sales_teams.csv",
    "sales_pipeline.csv",
    "products.csv",
    "purchases.csv",
    "direct_opportunities.csv",
)
COLUMNS = {
    ACCOUNTS: ("account", "sector", "employees", "office_location", "subsidiary_of"),
    SELLERS: ("sales_agent", "manager", "regional_office"),
    DEALS: (
        "opportunity_id",
        "sales_agent",
        "product",
        "account",
        "deal_stage",
        "engage_date",
        "close_date",
        "close_value",
    ),
    PRODUCTS: ("product",),
    PURCHASES: ("purchase_id", "account", "product", "bought_on", "ends_on"),
    DIRECT: ("opportunity_id", "account", "product", "stage", "owner", "opened_on", "closed_on"),
}
# What exports write where there is nothing.
NOTHING = frozenset({"", "NULL", "null", "None", "N/A"})


class UnreadableFile(ValueError):
    """The file cannot be taken as it is; the message says why, and where."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """The cells of one row by column, and the line it ends on. `cells` is None when their
    number is not that of the header."""

    line: int
    cells: Mapping[str, str] | None

    def text(self, column: str) -> str:
        """The cell without blanks around it; "" for what stands for nothing."""
        value = " ".join((self.cells or {}).get(column, "").split())
        return "" if value in NOTHING else value


@dataclass(frozen=True, slots=True)
class Export:
    accounts: tuple[RawRow, ...]
    sellers: tuple[RawRow, ...]
    deals: tuple[RawRow, ...]
    products: tuple[RawRow, ...] = ()
    purchases: tuple[RawRow, ...] = ()
    direct: tuple[RawRow, ...] = ()


def read_export(folder: Path) -> Export:
    """All files of the export; products, purchases and direct opportunities may be missing. Raises
    UnreadableFile."""
    if not folder.is_dir():
        raise UnreadableFile(f"{folder} is no folder.")
    return Export(
        accounts=read_rows(folder / ACCOUNTS),
        sellers=read_rows(folder / SELLERS),
        deals=read_rows(folder / DEALS),
        products=_if_there(folder / PRODUCTS),
        purchases=_if_there(folder / PURCHASES),
        direct=_if_there(folder / DIRECT),
    )


def _if_there(path: Path) -> tuple[RawRow, ...]:
    return read_rows(path) if path.exists() else ()


def read_rows(path: Path) -> tuple[RawRow, ...]:
    """The rows of one CSV file with a header. Raises UnreadableFile."""
    reader = csv.reader(io.StringIO(_text_of(path), newline=""), strict=True)
    rows: list[RawRow] = []
    try:
        header = _header_of(path.name, next(reader, []))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                fits = len(cells) == len(header)
                row = dict(zip(header, cells, strict=True)) if fits else None
                rows.append(RawRow(reader.line_num, row))
    except csv.Error as error:
        raise UnreadableFile(f"{path.name}, line {reader.line_num}: {error}.") from error
    return tuple(rows)


def _text_of(path: Path) -> str:
    try:
        if not path.is_file():
            raise UnreadableFile(f"{path.name} is missing in {path.parent}.")
        if path.stat().st_size > LARGEST_FILE:
            most = LARGEST_FILE // 1024 // 1024
            raise UnreadableFile(f"{path.name} is larger than {most} MB; import it in parts.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path.name} cannot be read: {error.strerror}.") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(f"{path.name} is UTF-16; save it as UTF-8.")
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise UnreadableFile(f"{path.name}, line {line}: a NUL byte; the file is damaged.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableFile(
            f"{path.name}, line {line}: not UTF-8 (byte 0x{data[error.start]:02x}); "
            "save it as UTF-8."
        ) from error


def _header_of(name: str, cells: list[str]) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    if not any(header):
        raise UnreadableFile(f"{name} is empty: there is no header.")
    missing = [column for column in COLUMNS[name] if column not in header]
    if missing:
        raise UnreadableFile(f"{name} has no column {', '.join(missing)}.")
    doubled = sorted({column for column in header if header.count(column) > 1})
    if doubled:
        raise UnreadableFile(f"{name} has the column {', '.join(doubled)} twice.")
    return header
