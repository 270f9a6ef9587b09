"""What a partner asks for when it registers a deal, and what makes such a request whole."""

import datetime as dt
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import minor_units
from core.own_fields.values import OwnValue
from dealreg.rules.facts import FACTS, OWN
from dealreg.rules.names import NotADomain, name_key, registrable_domain

LARGEST_AMOUNT = Decimal("1000000000000")
LONGEST_DESCRIPTION = 4000
FURTHEST_CLOSE = dt.timedelta(days=5 * 366)

Problems = Mapping[str, str | Promise]


class Askable(Mapping[str, str | Promise]):
    """What a rule may ask a partner to complete: fields of the registration, "files", and the
    vendor's own fields by the name of their fact."""

    def __init__(self, fixed: Mapping[str, str | Promise]) -> None:
        self._fixed = fixed

    def __getitem__(self, name: str) -> str | Promise:
        return FACTS[name].about if name.startswith(OWN) else self._fixed[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._fixed
        yield from (fact.name for fact in FACTS.offered() if fact.name.startswith(OWN))

    def __len__(self) -> int:
        return sum(1 for _name in self)


FIXED: dict[str, str | Promise] = {
    "customer_domain": _("Customer’s web domain"),
    "amount": _("Expected amount"),
    "currency": _("Currency"),
    "expected_close": _("Expected close"),
    "description": _("What is the opportunity?"),
    "public_sector": _("This is a public-sector tender"),
    "customer_consent": _("The customer agreed to be registered"),
    "files": _("Files"),
}
MAY_BE_ASKED = Askable(FIXED)
# What a person may ask for besides: whom the registration is about, and for what.
PERSON_MAY_ASK = Askable(
    {
        "customer_name": _("Customer"),
        "customer_country": _("Country"),
        "product_line_id": _("Product line"),
        **FIXED,
    }
)


@dataclass(frozen=True, slots=True)
class RegistrationRequest:
    """The fields of the form and of the API, parsed but not yet judged.

    `amount` is in `currency`; `product_line_id` is a row's id. Everything may be missing in
    a draft. `distributor` is the id of a relation with one, "keep", or "" for the usual way; None
    leaves it as it was. `own_values` are all answers in the vendor's own fields by code; None
    leaves them as they are stored.
    """

    customer_name: str = ""
    customer_domain: str = ""
    customer_country: str = ""
    product_line_id: int | None = None
    amount: Decimal | None = None
    currency: str = ""
    expected_close: dt.date | None = None
    description: str = ""
    public_sector: bool = False
    customer_consent: bool = False
    distributor: str | None = None
    own_values: Mapping[str, OwnValue] | None = None


class InvalidRegistration(Exception):
    """The request cannot be decided; `problems` says per field what to do."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("; ".join(f"{field}: {text}" for field, text in problems.items()))
        self.problems = problems


def problems_in_draft(
    request: RegistrationRequest, *, currencies: Collection[str], countries: Collection[str]
) -> dict[str, str | Promise]:
    """What is wrong with the fields that are filled; a draft may leave any of them empty."""
    found: dict[str, str | Promise] = {}
    if len(request.customer_name) > 200:
        found["customer_name"] = _("Use at most 200 characters.")
    elif unreadable(request.customer_name):
        found["customer_name"] = UNREADABLE
    elif request.customer_name and not name_key(request.customer_name):
        found["customer_name"] = _("Enter the customer's name in letters or digits.")
    try:
        registrable_domain(request.customer_domain)
    except NotADomain as wrong:
        found["customer_domain"] = str(wrong)
    if request.customer_country and request.customer_country not in countries:
        found["customer_country"] = _("Choose a country from the list (two-letter code).")
    if request.currency and request.currency not in currencies:
        found["currency"] = _("Choose one of the currencies %(list)s.") % {
            "list": ", ".join(sorted(currencies))
        }
    elif request.amount is not None and (wrong_amount := _amount_problem(request)):
        found["amount"] = wrong_amount
    if len(request.description) > LONGEST_DESCRIPTION:
        found["description"] = _("Use at most 4,000 characters.")
    elif unreadable(request.description, besides="\n\r\t"):
        found["description"] = UNREADABLE
    return found


UNREADABLE = _("Take the control characters out; they often come along when text is pasted.")


def unreadable(text: str, *, besides: str = "") -> bool:
    """Whether `text` holds control characters other than those in `besides`."""
    return any(unicodedata.category(one) == "Cc" and one not in besides for one in text)


def _amount_problem(request: RegistrationRequest) -> str | Promise | None:
    return amount_problem(request.amount, request.currency)


def amount_problem(amount: Decimal | None, currency: str) -> str | Promise | None:
    """What is wrong with an amount of money in `currency`, if anything is."""
    if amount is None or not amount.is_finite() or amount <= 0:
        return _("Enter an amount above 0.")
    if amount >= LARGEST_AMOUNT:
        return _("Enter an amount below one trillion.")
    places = minor_units(currency) if currency else 3
    if amount != amount.quantize(Decimal(1).scaleb(-places)):
        return _("%(currency)s has %(places)s decimal places; enter no more.") % {
            "currency": currency,
            "places": places,
        }
    return None


def problems_in_request(
    request: RegistrationRequest,
    *,
    today: dt.date,
    currencies: Collection[str],
    countries: Collection[str],
) -> dict[str, str | Promise]:
    """What keeps the request from being decided on `today` (in the partner's time zone)."""
    missing: dict[str, str | Promise] = {
        "customer_name": _("Enter the customer's name."),
        "customer_country": _("Choose the customer's country."),
        "product_line_id": _("Choose a product line."),
        "amount": _("Enter the amount you expect to sell for."),
        "currency": _("Choose the currency of the amount."),
        "expected_close": _("Enter the date on which you expect the order."),
    }
    found = {
        field: text for field, text in missing.items() if getattr(request, field) in (None, "")
    }
    found.update(problems_in_draft(request, currencies=currencies, countries=countries))
    close = request.expected_close
    if close is not None and close < today:
        found["expected_close"] = _("Enter a date that is not in the past.")
    elif close is not None and close > today + FURTHEST_CLOSE:
        found["expected_close"] = _("Enter a date within the next five years.")
    return found
