"""When somebody is reminded of what a case waits for."""

import datetime as dt

from partners.rules import Calendar, add_business_hours, business_hours_between


def reminder_before(
    deadline: dt.datetime, now: dt.datetime, calendar: Calendar
) -> dt.datetime | None:
    """A working day before `deadline`, or half of the time that is left when that is less than
    two; None when it has passed. Always within working time, when somebody reads it."""
    left = business_hours_between(now, deadline, calendar)
    if left <= dt.timedelta():
        return None
    return add_business_hours(now, max(left - working_day(deadline, calendar), left / 2), calendar)


def working_day(moment: dt.datetime, calendar: Calendar) -> dt.timedelta:
    """How long people work on the day of a moment."""
    hours = calendar.hours_of(calendar.day_of(moment))
    return hours[1] - hours[0] if hours else dt.timedelta()
