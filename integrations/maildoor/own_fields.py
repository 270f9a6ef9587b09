"""The vendor's own fields in a mail: a line "Label: value" like all others, by the label in any
language or by the field's code. Pure. Files are attached, not written."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from core.money import Money, minor_units
from core.own_fields.fields import FieldSpec, FieldType
from core.own_fields.values import OwnValue, to_text
from dealreg.rules.facts import OWN
from integrations.maildoor import fields as reading

LONGEST_TEXT = 2000


def in_mails(specs: Iterable[FieldSpec]) -> list[FieldSpec]:
    return [spec for spec in specs if spec.type != FieldType.FILE]


def labels_of(specs: Iterable[FieldSpec]) -> dict[str, str]:
    """Label, as it is compared → name of the fact. What the form asks anyway keeps its name."""
    found: dict[str, str] = {}
    for spec in in_mails(specs):
        for label in (*spec.labels.values(), spec.code):
            found.setdefault(reading.comparable(label), f"{OWN}{spec.code}")
    return found


def value_of(spec: FieldSpec, text: str) -> OwnValue | None:
    """What was written, as the field holds it; None for what cannot be read."""
    match spec.type:
        case FieldType.NUMBER:
            return reading.amount(text)
        case FieldType.MONEY:
            amount, currency = reading.amount(text), reading.currency_in(text)
            return Money(amount, currency) if amount is not None and currency else None
        case FieldType.DATE:
            return reading.date(text)
        case FieldType.YES_NO:
            return reading.yes_or_no(text)
        case FieldType.CHOICE:
            return chosen(spec, text)
        case _:
            return reading.tidy(text)[:LONGEST_TEXT] or None


def chosen(spec: FieldSpec, text: str) -> str | None:
    """The code of the answer that is meant, by its code or its label in any language."""
    wanted = reading.comparable(text)
    for one in spec.choices:
        if wanted in {reading.comparable(name) for name in (one.code, *one.labels.values())}:
            return one.code
    return None


def written(spec: FieldSpec, value: OwnValue | None) -> str:
    """A value in the form that is sent back, so that `value_of` reads the same."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Money):
        places = minor_units(value.currency)
        return f"{reading.written_amount(value.amount, places)} {value.currency}"
    if isinstance(value, Decimal):
        places = max(-int(value.as_tuple().exponent), 0)
        return reading.written_amount(value, places)
    if spec.type == FieldType.CHOICE:
        choice = spec.choice(str(value))
        return choice.label if choice else str(value)
    return to_text(value)


def read_own(
    written_lines: Mapping[str, str], specs: Iterable[FieldSpec]
) -> tuple[dict[str, OwnValue], dict[str, str]]:
    """(values by the name of the fact, what could not be read)."""
    values: dict[str, OwnValue] = {}
    unread: dict[str, str] = {}
    for spec in in_mails(specs):
        text = written_lines.get(f"{OWN}{spec.code}")
        if text is None:
            continue
        value = value_of(spec, text)
        if value is None:
            unread[f"{OWN}{spec.code}"] = text[:100]
        else:
            values[f"{OWN}{spec.code}"] = value
    return values, unread
