"""Numbers beside an axis: which ones, and how short they are written."""

import math
import re
from decimal import Decimal

from babel.numbers import format_compact_decimal, format_decimal
from django.utils.translation import get_language, to_locale

Number = int | float | Decimal
SHORT_FORMS = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k"), (1, ""))
LONG_NUMBER = re.compile(r"\d{4}")


def compact_number(value: Number) -> str:
    """A number for an axis, in the active language: 950, 12.5k, 1.2M, 3B."""
    size = abs(float(value))
    unit, mark = next((form for form in SHORT_FORMS if size >= form[0]), SHORT_FORMS[-1])
    short = f"{float(value) / unit:.3g}"
    language = get_language() or "en"
    if language.startswith("en"):
        return f"{short}{mark}"
    rounded, locale = Decimal(short) * unit, to_locale(language)
    digits = len(short.partition(".")[2])
    text = str(format_compact_decimal(rounded, locale=locale, fraction_digits=digits))
    # Not every language has a short word for thousands.
    return str(format_decimal(rounded, locale=locale)) if LONG_NUMBER.search(text) else text


def tick_values(low: float, high: float, count: int = 4, *, whole: bool = False) -> list[float]:
    """Round numbers that cover `low` to `high` in about `count` steps; `whole` ones for counts."""
    high = high if high > low else low + 1
    span = high - low
    magnitude = 10 ** math.floor(math.log10(span / count))
    step = next(
        magnitude * factor for factor in (1, 2, 2.5, 5, 10) if magnitude * factor * count >= span
    )
    step = max(1, math.ceil(step)) if whole else step
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(step * index, 10) for index in range(first, last + 1)]
