"""When people work, and moments reckoned in their working time."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _


class Weekday(IntegerChoices):
    """The days of the week as ISO 8601 numbers them."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


MONDAY_TO_FRIDAY = frozenset(range(1, 6))
DAY = dt.timedelta(days=1)
# Nobody closes for longer; a calendar that does is a mistake, and the search for the next
# working day has to end.
LONGEST_CLOSURE = 400


class NoWorkingTime(ValueError):
    """The calendar has no working day for more than a year."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When people work: on which days of the week, between which local times (both None: the
    whole day), not on `holidays`."""

    time_zone: str = "UTC"
    working_days: frozenset[int] = MONDAY_TO_FRIDAY
    opens: dt.time | None = None
    closes: dt.time | None = None
    holidays: frozenset[dt.date] = frozenset()

    def hours_of(self, day: dt.date) -> tuple[dt.datetime, dt.datetime] | None:
        """When work begins and ends on a local day, in UTC; None on a day without work. A day
        on which clocks change is an hour shorter or longer if its hours contain the change."""
        if day.isoweekday() not in self.working_days or day in self.holidays:
            return None
        begins = self._moment(day, self.opens or dt.time())
        ends = self._moment(day, self.closes) if self.closes else self._moment(day + DAY, dt.time())
        # Clocks that jump past the whole of the hours leave none.
        return (begins, ends) if begins < ends else None

    def day_of(self, moment: dt.datetime) -> dt.date:
        """The local day of a moment."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def _moment(self, day: dt.date, at: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, at, ZoneInfo(self.time_zone)).astimezone(dt.UTC)

    def from_day(self, day: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The hours of each working day from `day` on, without end. Raises NoWorkingTime."""
        idle = 0
        while idle < LONGEST_CLOSURE:
            hours = self.hours_of(day)
            day, idle = day + DAY, 0 if hours else idle + 1
            if hours:
                yield hours
        raise NoWorkingTime(f"no working day in {LONGEST_CLOSURE} days before {day}")


def possible_hours(opens: dt.time | None, closes: dt.time | None) -> bool:
    """Whether a day can have these hours: none (it counts whole), or an end after a beginning."""
    if opens is None or closes is None:
        return opens is closes
    return opens < closes


def next_working_moment(start: dt.datetime, calendar: Calendar) -> dt.datetime:
    """`start` if people work then, else when they begin next. Raises NoWorkingTime."""
    start = start.astimezone(dt.UTC)
    for begins, ends in calendar.from_day(calendar.day_of(start)):
        if start < ends:
            return max(start, begins)
    raise AssertionError("from_day does not end")


def add_business_days(start: dt.datetime, n: int, calendar: Calendar) -> dt.datetime:
    """The same time of the n-th working day after `start`, which counts from the next moment at
    which people work. Never outside working time. Raises NoWorkingTime, ValueError for n < 0."""
    if n < 0:
        raise ValueError("n counts days ahead")
    first = next_working_moment(start, calendar)
    days = calendar.from_day(calendar.day_of(first))
    into_the_day = first - next(days)[0]
    if not n:
        return first
    for _skipped in range(n - 1):
        next(days)
    begins, ends = next(days)
    return min(begins + into_the_day, ends)


def add_business_hours(start: dt.datetime, time: dt.timedelta, calendar: Calendar) -> dt.datetime:
    """When `time` of working time has passed since `start`; at the end of a day rather than at
    the beginning of the next. Raises NoWorkingTime, ValueError for a negative time."""
    if time < dt.timedelta():
        raise ValueError("time runs ahead")
    start, left = start.astimezone(dt.UTC), time
    for begins, ends in calendar.from_day(calendar.day_of(start)):
        if start >= ends:
            continue
        begins = max(start, begins)
        if left <= ends - begins:
            return begins + left
        left -= ends - begins
    raise AssertionError("from_day does not end")


def business_hours_between(
    start: dt.datetime, end: dt.datetime, calendar: Calendar
) -> dt.timedelta:
    """The working time from `start` to `end`; nothing when `end` is not later."""
    # Two local times of one zone are subtracted by what their clocks show.
    start, end = start.astimezone(dt.UTC), end.astimezone(dt.UTC)
    passed, day = dt.timedelta(), calendar.day_of(start)
    last = calendar.day_of(end)
    while day <= last:
        hours = calendar.hours_of(day)
        if hours:
            passed += max(min(end, hours[1]) - max(start, hours[0]), dt.timedelta())
        day += DAY
    return passed
