"""One row of each file as typed values. What cannot be read refuses the row; what was read
otherwise than it was written leaves a note."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from core.money import minor_units
from dealreg.rules.names import name_key
from dealreg.rules.request import LARGEST_AMOUNT
from dealreg.rules.states import DealStage
from integrations.crm.reading import RawRow
from integrations.crm.spelling import country_code, sector_name

LONGEST_NAME = 200
LONGEST_PERSON = 150
LONGEST_REFERENCE = 90
MOST_EMPLOYEES = 2_147_483_647
UNKNOWN_VALUE = Decimal(-1)
CLOSED = frozenset({DealStage.WON, DealStage.LOST})

R = TypeVar("R")


class RowRefused(ValueError):
    """The row cannot be taken; `column` is where, the message why."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column = column


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a row that was taken which its owner should know."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    line: int
    name: str
    sector: str
    country: str
    employees: int | None
    parent: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class SellerRow:
    line: int
    name: str
    manager: str
    office: str


@dataclass(frozen=True, slots=True)
class DealRow:
    """`value` is what the deal closed at; None for an open one."""

    line: int
    ref: str
    seller: str
    product: str
    account: str
    stage: DealStage
    engaged: dt.date | None
    closed: dt.date | None
    value: Decimal | None
    notes: tuple[Note, ...]


def read_account(raw: RawRow) -> AccountRow:
    whole(raw)
    notes: list[Note] = []
    name = required(raw, "account", LONGEST_NAME)
    if not name_key(name):
        raise RowRefused("account", f"“{name}” has neither letters nor digits")
    return AccountRow(
        line=raw.line,
        name=name,
        sector=noted(notes, "sector", sector_name, raw.text("sector")),
        country=noted(notes, "office_location", country_code, raw.text("office_location")),
        employees=noted(notes, "employees", _employees, raw.text("employees")),
        parent=raw.text("subsidiary_of"),
        notes=tuple(notes),
    )


def read_seller(raw: RawRow) -> SellerRow:
    whole(raw)
    return SellerRow(
        line=raw.line,
        name=required(raw, "sales_agent", LONGEST_PERSON),
        manager=required(raw, "manager", LONGEST_PERSON - 60),
        office=required(raw, "regional_office", 60),
    )


def read_deal(raw: RawRow, *, currency: str, today: dt.date) -> DealRow:
    whole(raw)
    notes: list[Note] = []
    stage = _stage(raw.text("deal_stage"))
    engaged = _date(raw, "engage_date", today)
    closed = _date(raw, "close_date", today)
    if stage in CLOSED and closed is None:
        raise RowRefused("close_date", f"a deal that is {stage.value} needs the date")
    if stage in CLOSED and not raw.text("account"):
        raise RowRefused("account", f"a deal that is {stage.value} needs its customer")
    if stage not in CLOSED and closed is not None:
        notes.append(Note("close_date", f"ignored: the deal is still {stage.value}"))
        closed = None
    if engaged and closed and closed < engaged:
        raise RowRefused("close_date", f"{closed} lies before the engage date {engaged}")
    return DealRow(
        line=raw.line,
        ref=required(raw, "opportunity_id", LONGEST_REFERENCE),
        seller=required(raw, "sales_agent", LONGEST_PERSON),
        product=required(raw, "product", 80),
        account=raw.text("account"),
        stage=stage,
        engaged=engaged,
        closed=closed,
        value=_value(raw, stage, currency, notes),
        notes=tuple(notes),
    )


def whole(raw: RawRow) -> None:
    if raw.cells is None:
        raise RowRefused("", "the number of cells is not that of the header")


def required(raw: RawRow, column: str, longest: int) -> str:
    value = raw.text(column)
    if not value:
        raise RowRefused(column, "is empty")
    if len(value) > longest:
        raise RowRefused(column, f"is longer than {longest} characters")
    return value


def noted(notes: list[Note], column: str, read: Callable[[str], tuple[R, str]], text: str) -> R:
    """What `read` makes of the text; its remark, if any, becomes a note."""
    value, remark = read(text)
    if remark:
        notes.append(Note(column, remark))
    return value


def _employees(text: str) -> tuple[int | None, str]:
    if not text:
        return None, ""
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > MOST_EMPLOYEES:
        return None, f"“{text[:40]}” is not a number of people; left empty"
    return int(text), ""


def _stage(text: str) -> DealStage:
    try:
        return DealStage(text.lower())
    except ValueError:
        known = ", ".join(stage.value for stage in DealStage)
        raise RowRefused("deal_stage", f"“{text[:40]}” is none of {known}") from None


def _date(raw: RawRow, column: str, today: dt.date) -> dt.date | None:
    text = raw.text(column)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise RowRefused(column, f"“{text[:40]}” is not a date like 2017-03-01")
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise RowRefused(column, f"{text} is no day of the calendar") from None
    if date.year < 1970 or date > today:
        raise RowRefused(column, f"{date} is not between 1970 and today")
    return date


def _value(raw: RawRow, stage: DealStage, currency: str, notes: list[Note]) -> Decimal | None:
    text = raw.text("close_value")
    value = _decimal(text, currency)
    if stage == DealStage.WON:
        if value is None or value < 0:
            raise RowRefused("close_value", "a won deal needs what it closed at")
        return value
    if value not in (None, UNKNOWN_VALUE, Decimal(0)):
        notes.append(Note("close_value", f"{value} ignored: the deal is {stage.value}"))
    return Decimal(0) if stage == DealStage.LOST else None


def _decimal(text: str, currency: str) -> Decimal | None:
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", text):
        raise RowRefused("close_value", f"“{text[:40]}” is not a number like 1054.50")
    value = Decimal(text)
    if abs(value) >= LARGEST_AMOUNT:
        raise RowRefused("close_value", f"{text} is a trillion or more")
    if value != value.quantize(Decimal(1).scaleb(-minor_units(currency))):
        raise RowRefused("close_value", f"{text} is finer than {currency} can be paid")
    return value


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    line: int
    ref: str
    account: str
    product: str
    bought: dt.date
    ends: dt.date | None


@dataclass(frozen=True, slots=True)
class DirectRow:
    """An opportunity of the vendor's own people; `product` may be empty while it is not known."""

    line: int
    ref: str
    account: str
    product: str
    stage: str
    owner: str
    opened: dt.date
    closed: dt.date | None


def read_purchase(raw: RawRow, *, today: dt.date) -> PurchaseRow:
    whole(raw)
    bought = _required_date(raw, "bought_on", today)
    ends = _date(raw, "ends_on", dt.date.max)
    _require_order("ends_on", bought, ends)
    return PurchaseRow(
        line=raw.line,
        ref=required(raw, "purchase_id", LONGEST_REFERENCE),
        account=required(raw, "account", LONGEST_NAME),
        product=required(raw, "product", 80),
        bought=bought,
        ends=ends,
    )


def read_direct(raw: RawRow, *, today: dt.date) -> DirectRow:
    whole(raw)
    opened = _required_date(raw, "opened_on", today)
    closed = _date(raw, "closed_on", today)
    _require_order("closed_on", opened, closed)
    return DirectRow(
        line=raw.line,
        ref=required(raw, "opportunity_id", LONGEST_REFERENCE),
        account=required(raw, "account", LONGEST_NAME),
        product=raw.text("product")[:80],
        stage=raw.text("stage")[:60],
        owner=raw.text("owner")[:LONGEST_PERSON],
        opened=opened,
        closed=closed,
    )


def _required_date(raw: RawRow, column: str, latest: dt.date) -> dt.date:
    found = _date(raw, column, latest)
    if found is None:
        raise RowRefused(column, "is empty")
    return found


def _require_order(column: str, began: dt.date, ended: dt.date | None) -> None:
    if ended is not None and ended < began:
        raise RowRefused(column, f"{ended} lies before {began}")
