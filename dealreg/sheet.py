"""A deal as a row of a spreadsheet: the same columns go out and come in."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from core.money import Money, minor_units
from core.own_fields.fields import FieldType
from core.own_fields.values import to_text
from dealreg import own_fields
from dealreg.models import Deal
from dealreg.rules.own_fields import OwnField


def amount_cell(amount: Decimal | None, currency: str) -> str:
    """In the currency's own unit. Three decimal places get a fourth: "1.500" would be read as
    one thousand five hundred by half of the world."""
    if amount is None:
        return ""
    places = minor_units(currency) if currency else 2
    return f"{amount:.{4 if places == 3 else places}f}"


def yes_or_no(value: bool) -> str:
    return "yes" if value else "no"


# Field → what a row says of it. Headings are these names, so that any language reads them back.
CELLS: dict[str, Callable[[Deal], object]] = {
    "reference": lambda deal: deal.external_ref or deal.reference,
    "partner": lambda deal: deal.partner.name,
    "customer": lambda deal: deal.customer_name,
    "domain": lambda deal: deal.customer_domain,
    "country": lambda deal: deal.customer_country,
    "product_line": lambda deal: deal.product_line.code if deal.product_line else "",
    "amount": lambda deal: amount_cell(deal.amount, deal.currency),
    "currency": lambda deal: deal.currency,
    "expected_close": lambda deal: deal.expected_close,
    "description": lambda deal: deal.description,
    "public_sector": lambda deal: yes_or_no(deal.public_sector),
    "customer_consent": lambda deal: yes_or_no(deal.customer_consent),
    "status": lambda deal: deal.status,
    "stage": lambda deal: deal.stage,
    "submitted": lambda deal: deal.submitted_at,
    "decided": lambda deal: deal.decided_at,
    "probability": lambda deal: deal.probability,
    "next_step": lambda deal: deal.next_step,
    "next_step_on": lambda deal: deal.next_step_on,
    "closed_on": lambda deal: deal.closed_on,
    "closed_amount": lambda deal: amount_cell(deal.closed_amount, deal.currency),
}


def in_sheets(fields: Iterable[OwnField]) -> tuple[OwnField, ...]:
    """The own fields that a table of text can hold: all in use but files."""
    return tuple(one for one in fields if one.active and one.spec.type != FieldType.FILE)


def cells(fields: Iterable[OwnField]) -> dict[str, Callable[[Deal], object]]:
    """The columns with those of own fields, called "own.code", of deals `with_answers`."""
    return {**CELLS, **{field.fact: _answer(field) for field in in_sheets(fields)}}


def _answer(field: OwnField) -> Callable[[Deal], object]:
    def read(deal: Deal) -> object:
        found = (one for one in own_fields.answers_of(deal) if one.field_id == field.id)
        answer = next(found, None)
        if answer is None:
            return ""
        value = answer.value
        if isinstance(value, Money):
            return f"{amount_cell(value.amount, value.currency)} {value.currency}"
        return to_text(value)

    return read
