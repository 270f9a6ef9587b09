"""One run of the import: what it is to load, what it has found out, and what its steps share."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from core.actor import Actor
from dealreg.rules.names import name_key
from dealreg.services import import_product_lines
from integrations.crm import mapping
from integrations.crm.reading import Export, RawRow
from integrations.crm.report import Report
from integrations.crm.rows import AccountRow, DealRow, DirectRow, PurchaseRow, RowRefused, SellerRow

Row = TypeVar("Row", AccountRow, SellerRow, DealRow, PurchaseRow, DirectRow)


@dataclass
class CrmImport:
    """One run: what it is to load, and what it has found out so far.

    `tell` is given a line for each step. Amounts are in `currency`.
    """

    actor: Actor
    export: Export
    currency: str
    staff_domain: str
    today: dt.date
    tell: Callable[[str], object]
    report: Report = field(default_factory=Report)
    accounts: dict[str, AccountRow] = field(default_factory=dict)
    account_ids: dict[str, int] = field(default_factory=dict)
    sellers: dict[str, mapping.Seller] = field(default_factory=dict)
    deals: list[DealRow] = field(default_factory=list)


def read_rows(
    run: CrmImport, file: str, raws: Iterable[RawRow], key: str, read: Callable[[RawRow], Row]
) -> list[Row]:
    rows = []
    for raw in raws:
        try:
            rows.append(read(raw))
        except RowRefused as why:
            run.report.refuse(file, raw.line, raw.text(key)[:200], why)
    return rows


def once(
    run: CrmImport,
    file: str,
    column: str,
    rows: Iterable[Row],
    key: Callable[[Row], str],
    why: str = "is the same as",
) -> list[Row]:
    """The first row of each key; later ones are refused as its doubles."""
    first: dict[str, Row] = {}
    for row in rows:
        known = first.setdefault(key(row), row)
        if known is not row:
            refused = RowRefused(column, f"{why} line {known.line}")
            run.report.refuse(file, row.line, key(row), refused)
    return list(first.values())


def product_lines(run: CrmImport, names: Iterable[str]) -> dict[str, int]:
    """The product lines of these names, added where they are not there."""
    codes = {name: mapping.address_part(name)[:40] for name in names}
    ids = import_product_lines(actor=run.actor, lines={code: name for name, code in codes.items()})
    return {name: ids[code] for name, code in codes.items()}


def customer_meant(run: CrmImport, name: str, known: dict[str, str]) -> str:
    meant = name if name in run.accounts else known.get(name_key(name))
    if meant is None:
        raise RowRefused("account", f"“{name[:80]}” is not among the customers")
    return meant
