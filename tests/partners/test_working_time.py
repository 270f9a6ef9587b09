"""Working time by calendar: weekends, holidays, opening hours, clocks that change."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.rules import (
    Calendar,
    NoWorkingTime,
    add_business_days,
    add_business_hours,
    business_hours_between,
    next_working_moment,
)

BERLIN = Calendar("Europe/Berlin", opens=dt.time(9), closes=dt.time(17))
HOUR = dt.timedelta(hours=1)


def berlin(month, day, hour=12, minute=0):
    return dt.datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


def test_two_business_days_pass_over_the_weekend():
    assert add_business_days(berlin(3, 5, 10), 2, BERLIN) == berlin(3, 9, 10)  # Thu → Mon


def test_what_comes_on_saturday_counts_from_monday_morning():
    assert add_business_days(berlin(3, 7, 15), 2, BERLIN) == berlin(3, 11, 9)


def test_what_comes_in_the_evening_counts_from_the_next_morning():
    assert add_business_days(berlin(3, 4, 21), 1, BERLIN) == berlin(3, 6, 9)


def test_holidays_do_not_count():
    easter = Calendar(
        "Europe/Berlin",
        opens=dt.time(9),
        closes=dt.time(17),
        holidays=frozenset({dt.date(2026, 4, 3), dt.date(2026, 4, 6)}),
    )
    assert add_business_days(berlin(4, 2, 10), 1, easter) == berlin(4, 7, 10)
    assert business_hours_between(berlin(4, 2, 16), berlin(4, 7, 10), easter) == 2 * HOUR


def test_a_working_week_of_another_kind():
    riyadh = Calendar("Asia/Riyadh", frozenset({7, 1, 2, 3, 4}))
    thursday = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
    assert add_business_days(thursday, 1, riyadh) == thursday + dt.timedelta(days=3)


def test_the_local_hour_stays_when_clocks_change():
    assert add_business_days(berlin(3, 27, 10), 1, BERLIN) == berlin(3, 30, 10)


def test_a_day_of_23_hours():
    whole = Calendar("Europe/Berlin", frozenset(range(1, 8)))
    assert business_hours_between(berlin(3, 29, 0), berlin(3, 30, 0), whole) == 23 * HOUR
    assert business_hours_between(berlin(10, 25, 0), berlin(10, 26, 0), whole) == 25 * HOUR


def test_hours_that_a_change_of_clocks_swallows():
    night = Calendar("Europe/Berlin", frozenset({7}), dt.time(2, 15), dt.time(3))
    assert night.hours_of(dt.date(2026, 3, 29)) is None


def test_hours_end_with_the_day_rather_than_begin_the_next():
    assert add_business_hours(berlin(3, 6, 16), HOUR, BERLIN) == berlin(3, 6, 17)
    assert add_business_hours(berlin(3, 6, 16), 2 * HOUR, BERLIN) == berlin(3, 9, 10)


def test_a_calendar_that_never_works_is_found_out():
    closed = Calendar("UTC", frozenset())
    with pytest.raises(NoWorkingTime):
        next_working_moment(berlin(3, 6), closed)


def test_time_does_not_run_backwards():
    with pytest.raises(ValueError, match="ahead"):
        add_business_days(berlin(3, 6), -1, BERLIN)
    assert business_hours_between(berlin(3, 6, 12), berlin(3, 6, 10), BERLIN) == 0 * HOUR


# --- for any calendar -----------------------------------------------------------------------

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Cairo", "Asia/Tokyo"]
HOURS = st.sampled_from(
    [(None, None), (dt.time(9), dt.time(17)), (dt.time(0, 30), dt.time(2, 30)), (None, dt.time(6))]
)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
MOMENTS = st.integers(0, 334 * 24 * 60).map(
    lambda minutes: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
)


@st.composite
def calendars(draw):
    opens, closes = draw(HOURS)
    return Calendar(
        draw(st.sampled_from(ZONES)),
        frozenset(draw(st.sets(st.integers(1, 7), min_size=1))),
        opens,
        closes,
        frozenset(draw(st.sets(DAYS, max_size=20))),
    )


def works_at(moment, calendar):
    """Within working hours, their end included."""
    day = calendar.day_of(moment)
    spans = [calendar.hours_of(day), calendar.hours_of(day - dt.timedelta(days=1))]
    return any(span and span[0] <= moment <= span[1] for span in spans)


@given(calendars(), MOMENTS, MOMENTS, st.integers(0, 20))
def test_who_comes_later_is_never_due_earlier(calendar, one, other, days):
    early, late = sorted((one, other))
    assert add_business_days(early, days, calendar) <= add_business_days(late, days, calendar)
    assert add_business_hours(early, days * HOUR, calendar) <= add_business_hours(
        late, days * HOUR, calendar
    )


@given(calendars(), MOMENTS, st.integers(0, 20))
def test_more_days_are_never_due_earlier_and_always_when_people_work(calendar, start, days):
    due = add_business_days(start, days, calendar)
    assert start <= due < add_business_days(start, days + 1, calendar)
    assert works_at(due, calendar)


@given(calendars(), MOMENTS, st.integers(0, 6000))
def test_adding_hours_and_measuring_them_agree(calendar, start, minutes):
    time = dt.timedelta(minutes=minutes)
    due = add_business_hours(start, time, calendar)
    assert business_hours_between(start, due, calendar) == time
    assert works_at(due, calendar) or (minutes == 0 and due >= start)


@given(calendars(), MOMENTS, MOMENTS, MOMENTS)
def test_working_time_adds_up(calendar, one, two, three):
    first, second, third = sorted((one, two, three))
    whole = business_hours_between(first, third, calendar)
    assert whole == business_hours_between(first, second, calendar) + business_hours_between(
        second, third, calendar
    )


@given(MOMENTS, st.integers(0, 30))
def test_days_and_hours_agree_where_every_day_is_as_long(start, days):
    due = add_business_days(start, days, BERLIN)
    assert business_hours_between(start, due, BERLIN) == days * 8 * HOUR
