"""Numbers as people write them: thousands parted, in the marks of the reader's language."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext as _

from core.money import minor_units

_BLANKS = re.compile(r"[\s'’]")


class NumberField(forms.DecimalField):
    """Reads 12800, 12,800.50 and 12.800,50 as what they are.

    A single mark with three digits behind it parts thousands where the reader's language does so
    ("12.800" in German); where it is that language's decimal mark it is one, and the currency
    says whether it can be (`require_its_unit`).
    """

    # The one that the amount is in, where the form knows it beforehand.
    currency = ""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal"}))
        super().__init__(localize=True, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = plain_number(value, formats.get_format("DECIMAL_SEPARATOR"))
        return super().to_python(value)

    def validate(self, value: Any) -> None:
        super().validate(value)
        require_its_unit(value, self.currency)


def plain_number(text: str, decimal: str = ".") -> str:
    """A number with "." for its decimals and nothing between thousands; a text that cannot be
    read as one stays, for the field to refuse. `decimal` is the language's mark."""
    parting = "." if decimal == "," else ","
    shown = unicodedata.normalize("NFKC", text).replace("٫", decimal).replace("٬", parting)
    number = _BLANKS.sub("", "".join(str(unicodedata.digit(one, one)) for one in shown))
    marks = [one for one in number if one in ".,"]
    if not marks:
        return number
    if len(set(marks)) == 2:
        decimal, parting = marks[-1], marks[0]
    elif len(marks) > 1 or re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}{re.escape(parting)}\d{{3}}", number):
        decimal, parting = "", marks[0]
    else:
        decimal, parting = marks[0], ""
    whole, _mark, fraction = number.partition(decimal) if decimal else (number, "", "")
    if parting and not re.fullmatch(rf"[+-]?\d{{1,3}}({re.escape(parting)}\d{{3}})+", whole):
        return text
    whole = whole.replace(parting, "") if parting else whole
    return f"{whole}.{fraction}" if decimal else whole


def require_its_unit(amount: Decimal | None, currency: str) -> None:
    """Refuses more decimals than the currency has, zeros as well: whoever writes "12.800" EUR
    means thousands. Raises ValidationError."""
    if amount is None or not currency:
        return
    places, exponent = minor_units(currency), amount.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise ValidationError(
            _("%(currency)s has %(places)s decimal places; enter no more.")
            % {"currency": currency, "places": places}
        )
