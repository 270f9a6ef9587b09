"""One cell of a spreadsheet as a value: what it says in any of the languages that are read."""

import datetime as dt
import re
from decimal import Decimal

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from core.importing.contract import SheetRow
from integrations.maildoor import fields as reading


class Wrong(ValueError):
    """A cell that cannot be taken over; the message says what to mend."""


def reading_names(field: str) -> tuple[str, ...]:
    """How a column may be headed, in every language that mails are read in."""
    return tuple(name for names in reading.LABELS[field].values() for name in names)


def cell(row: SheetRow, field: str) -> str:
    return reading.tidy(row.values.get(field, ""))


NUMBER = re.compile(r"(?:[A-Za-z]{3}|[€$£¥])?\s*[\d.,'’٫٬\u00a0\u202f ]+\s*(?:[A-Za-z]{3}|[€$£¥])?")


def amount(row: SheetRow, field: str) -> Decimal | None:
    text = cell(row, field)
    if not text:
        return None
    value = reading.amount(text) if NUMBER.fullmatch(text) else None
    if value is None:
        raise Wrong(_("“%(text)s” is no amount.") % {"text": text[:80]})
    return value


def date(row: SheetRow, field: str) -> dt.date | None:
    text = cell(row, field)
    value = reading.date(text) if text else None
    if text and value is None:
        raise Wrong(_("“%(text)s” is no date: write 2027-01-31.") % {"text": text[:80]})
    return value


def moment(row: SheetRow, field: str) -> dt.datetime | None:
    """A moment, or the beginning of a day; what has no zone is in the portal's."""
    text = cell(row, field)
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None and (day := date(row, field)) is not None:
        found = dt.datetime.combine(day, dt.time())
    if found is None:
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def yes_or_no(row: SheetRow, field: str) -> bool:
    text = cell(row, field)
    value = reading.yes_or_no(text) if text else False
    if value is None:
        raise Wrong(_("“%(text)s” is neither yes nor no.") % {"text": text[:80]})
    return value


def code_of(row: SheetRow, field: str, choices: type[TextChoices], default: str = "") -> str:
    """A stored code by itself or by its label in the importer's language."""
    text = cell(row, field)
    if not text and default:
        return default
    for choice in choices:
        if text.casefold() in {choice.value, str(choice.label).casefold()}:
            return str(choice.value)
    raise Wrong(_("“%(text)s” is not known here.") % {"text": text[:80]})
