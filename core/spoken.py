"""Days in their reader's language and time zone."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.timezone import localtime


def day(at: dt.datetime | dt.date) -> str:
    moment = localtime(at) if isinstance(at, dt.datetime) else at
    return date_format(moment, "DATE_FORMAT")


day_later = lazy(day, str)
"""The same for a sentence whose reader is not known yet."""


def stored_day(stored: str) -> str:
    """A day or a moment as the record keeps it; what is neither stays as it is."""
    try:
        moment = dt.datetime.fromisoformat(stored)
    except ValueError:
        return stored
    return day(moment if moment.tzinfo else moment.date())
