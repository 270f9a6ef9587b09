"""Values of own fields: what keeps one from being taken, and how each is written.

A value is text (str), number (Decimal), money (Money), date, choice (its code), yes or no
(bool), or a file: the key of a stored one or a new upload. No value is None.
"""

import base64
import binascii
import datetime as dt
import unicodedata
import uuid
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from core.files import RefusedFile, recognised
from core.money import Money, format_money, minor_units, past_and_present_currencies
from core.own_fields.fields import LARGEST_NUMBER, FieldSpec, FieldType

if TYPE_CHECKING:
    AnyFile: TypeAlias = File[bytes]
else:
    AnyFile = File

OwnValue = str | bool | Decimal | Money | dt.date | uuid.UUID | AnyFile
OwnValues = Mapping[str, OwnValue]
"""By the field's code; a field without a value is not in it."""

YES, NO = "yes", "no"


class WrongValue(ValueError):
    """The value cannot be read; the message says what to write instead."""


# --- what may be stored ----------------------------------------------------------------------


def problem_of(
    spec: FieldSpec, value: OwnValue, *, today: dt.date, currencies: Collection[str]
) -> str | None:
    """What keeps `value` from being stored, as a sentence; None when nothing does."""
    match spec.type:
        case FieldType.TEXT:
            return _text_problem(spec, value)
        case FieldType.NUMBER:
            return _number_problem(spec, value)
        case FieldType.MONEY:
            return _money_problem(spec, value, currencies)
        case FieldType.DATE:
            return _date_problem(spec, value, today)
        case FieldType.CHOICE:
            chosen = spec.choice(value) if isinstance(value, str) else None
            known = chosen is not None and chosen.offered
            return None if known else _("Choose one of the answers that are offered.")
        case FieldType.YES_NO:
            return None if isinstance(value, bool) else _("Answer yes or no.")
        case _:
            return _file_problem(value)


def _text_problem(spec: FieldSpec, value: OwnValue) -> str | None:
    if not isinstance(value, str):
        return _("Enter a text.")
    if any(unicodedata.category(one) in {"Cc", "Cs"} and one not in "\n\r\t" for one in value):
        return _("Take the control characters out; they often come along when text is pasted.")
    if len(value) > spec.longest:
        return _("Use at most %(number)s characters.") % {"number": spec.longest}
    if spec.least is not None and len(value) < spec.least:
        return _("Use at least %(number)s characters.") % {"number": int(spec.least)}
    return None


def _number_problem(spec: FieldSpec, value: OwnValue) -> str | None:
    if not isinstance(value, Decimal) or not value.is_finite():
        return _("Enter a number.")
    if abs(value) >= LARGEST_NUMBER:
        return _("Enter a number below one trillion.")
    if value != value.quantize(Decimal(1).scaleb(-spec.digits)):
        if not spec.digits:
            return _("Enter a whole number.")
        return _("Enter at most %(number)s decimal places.") % {"number": spec.digits}
    return _bounds_problem(spec, value)


def _bounds_problem(spec: FieldSpec, value: Decimal) -> str | None:
    if spec.least is not None and value < spec.least:
        return _("Enter at least %(number)s.") % {"number": number_format(plain(spec.least))}
    if spec.most is not None and value > spec.most:
        return _("Enter at most %(number)s.") % {"number": number_format(plain(spec.most))}
    return None


def _money_problem(spec: FieldSpec, value: OwnValue, currencies: Collection[str]) -> str | None:
    if not isinstance(value, Money):
        return _("Enter an amount and its currency.")
    if value.currency not in currencies:
        listed = ", ".join(sorted(currencies))
        return _("Choose one of the currencies %(list)s.") % {"list": listed}
    if abs(value.amount) >= LARGEST_NUMBER:
        return _("Enter an amount below one trillion.")
    places = minor_units(value.currency)
    if value.amount != value.amount.quantize(Decimal(1).scaleb(-places)):
        return _("%(currency)s has %(places)s decimal places; enter no more.") % {
            "currency": value.currency,
            "places": places,
        }
    return _bounds_problem(spec, value.amount)


def _date_problem(spec: FieldSpec, value: OwnValue, today: dt.date) -> str | None:
    if not isinstance(value, dt.date):
        return _("Enter a date.")
    days = (value - today).days
    if spec.least is not None and days < spec.least:
        first = date_format(today + dt.timedelta(days=int(spec.least)), "DATE_FORMAT")
        return _("Enter a date that is not before %(date)s.") % {"date": first}
    if spec.most is not None and days > spec.most:
        last = date_format(today + dt.timedelta(days=int(spec.most)), "DATE_FORMAT")
        return _("Enter a date that is not after %(date)s.") % {"date": last}
    return None


def _file_problem(value: OwnValue) -> str | None:
    if isinstance(value, uuid.UUID):
        return None
    if not isinstance(value, File):
        return _("Send a file.")
    try:
        recognised(value)  # type: ignore[arg-type]
    except RefusedFile as refused:
        return " ".join(refused.messages)
    return None


# --- JSON, for programs ----------------------------------------------------------------------


def to_json(value: OwnValue) -> Any:
    """As the API shows it; decimals are strings, so that nothing is rounded."""
    if isinstance(value, Money):
        return {"amount": format(value.amount, "f"), "currency": value.currency}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str | bool):
        return value
    return str(value)


def from_json(spec: FieldSpec, raw: Any) -> OwnValue | None:
    """The reverse of `to_json`; a file comes as {"name": …, "content": base64}. None for
    nothing. Raises WrongValue."""
    if raw is None or raw == "":
        return None
    match spec.type:
        case FieldType.NUMBER:
            return _number(raw)
        case FieldType.MONEY:
            if not isinstance(raw, dict) or set(raw) != {"amount", "currency"}:
                raise WrongValue(_("Write an object with amount and currency."))
            return _money(raw["amount"], raw["currency"])
        case FieldType.DATE:
            return _date(raw)
        case FieldType.YES_NO:
            if not isinstance(raw, bool):
                raise WrongValue(_("Write true or false."))
            return raw
        case FieldType.FILE:
            return _sent_file(raw)
        case _:
            if not isinstance(raw, str):
                raise WrongValue(_("Write a text."))
            return raw.strip() or None


def _number(raw: Any) -> Decimal:
    wrong = WrongValue(_("Enter a number."))
    if isinstance(raw, bool) or not isinstance(raw, str | int | float) or len(str(raw)) > 40:
        raise wrong
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        raise wrong from None
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise wrong
    return number


def _money(amount: Any, currency: Any) -> Money:
    if not isinstance(currency, str) or currency.upper() not in past_and_present_currencies():
        raise WrongValue(_("Choose the currency of the amount."))
    return Money(_number(amount), currency.upper())


def _date(raw: Any) -> dt.date:
    try:
        return dt.date.fromisoformat(raw.strip() if isinstance(raw, str) else "")
    except ValueError:
        raise WrongValue(_("Write a date as YYYY-MM-DD.")) from None


def _sent_file(raw: Any) -> "File[bytes]":
    wrong = WrongValue(_("Write an object with the file’s name and its content in base64."))
    if not isinstance(raw, dict) or set(raw) != {"name", "content"}:
        raise wrong
    name, content = raw["name"], raw["content"]
    if not isinstance(name, str) or not isinstance(content, str):
        raise wrong
    try:
        return SimpleUploadedFile(name[:200] or "file", base64.b64decode(content, validate=True))
    except (binascii.Error, ValueError):
        raise wrong from None


# --- text, for files and mails ---------------------------------------------------------------


def to_text(value: OwnValue | None) -> str:
    """As a table of text has it: ISO dates, plain numbers, "12.50 EUR", yes or no, the code of a
    choice, the name of a new file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Money):
        return f"{value.amount:f} {value.currency}"
    if isinstance(value, File):
        return str(value.name or "")
    return str(to_json(value))


def from_text(spec: FieldSpec, text: str) -> OwnValue | None:
    """The reverse of `to_text`; a choice also by its label, yes and no also in the reader's
    words. None for nothing. Raises WrongValue, also for every file."""
    text = text.strip()
    if not text:
        return None
    match spec.type:
        case FieldType.MONEY:
            amount, _space, currency = text.rpartition(" ")
            return _money(amount, currency)
        case FieldType.YES_NO:
            words = {YES: True, NO: False, _("yes"): True, _("no"): False}
            answer = words.get(text.lower())
            if answer is None:
                raise WrongValue(_("Answer yes or no."))
            return answer
        case FieldType.CHOICE:
            labels = {one.label.lower(): one.code for one in spec.choices}
            return text if spec.choice(text) else labels.get(text.lower(), text)
        case FieldType.FILE:
            raise WrongValue(_("A file cannot be given as text."))
        case _:
            return from_json(spec, text)


# --- for readers -----------------------------------------------------------------------------


def in_words(spec: FieldSpec, value: OwnValue) -> str:
    """As a page shows it in the reader's language; of a file nothing but that there is one."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Money):
        return format_money(value)
    if isinstance(value, Decimal):
        return str(number_format(plain(value), use_l10n=True))
    if isinstance(value, dt.date):
        return str(date_format(value, "DATE_FORMAT"))
    if spec.type == FieldType.CHOICE:
        chosen = spec.choice(str(value))
        return chosen.label if chosen else str(value)
    return value if isinstance(value, str) else _("attached")


def plain(number: Decimal) -> Decimal:
    """Without the zeros that the database adds behind the point."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()
