"""The periods in which the programme counts."""

import calendar
import datetime as dt
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PeriodKind(TextChoices):
    YEAR = "year", _("Calendar year")
    QUARTER = "quarter", _("Calendar quarter")
    ROLLING = "rolling", _("Rolling months")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both in it."""

    first: dt.date
    last: dt.date


def period_at(kind: str, months: int, today: dt.date) -> Period:
    """The running calendar year or quarter, or the last `months` months, today being in it."""
    if kind == PeriodKind.ROLLING:
        return Period(months_before(today, months) + dt.timedelta(days=1), today)
    first_month = 1 if kind == PeriodKind.YEAR else (today.month - 1) // 3 * 3 + 1
    last_month = 12 if kind == PeriodKind.YEAR else first_month + 2
    last_day = calendar.monthrange(today.year, last_month)[1]
    return Period(dt.date(today.year, first_month, 1), dt.date(today.year, last_month, last_day))


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months before; the month's last day where it is shorter."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
