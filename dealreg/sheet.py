"""A deal as a row of a spreadsheet: the same columns go out and come in."""

from collections.abc import Callable
from decimal import Decimal

from core.money import minor_units
from dealreg.models import Deal


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
    "closed_on": lambda deal: deal.closed_on,
    "closed_amount": lambda deal: amount_cell(deal.closed_amount, deal.currency),
}
