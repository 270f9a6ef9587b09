"""Calendars of regions: inherited down the tree, overridden, set by operations."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.models import Event
from partners.models import Holiday, Region, RegionCalendar
from partners.queries import calendar_of
from partners.rules import MONDAY_TO_FRIDAY, Calendar

pytestmark = pytest.mark.django_db
MAY_1, MAY_4 = dt.date(2026, 5, 1), dt.date(2026, 5, 4)


@pytest.fixture
def emea(cast):
    return cast.alpha.region


def test_without_a_calendar_monday_to_friday_in_utc(emea):
    assert calendar_of("WORLD.EMEA") == Calendar("UTC", MONDAY_TO_FRIDAY)


def test_a_region_works_by_the_calendar_above_until_it_has_one(cast, emea):
    RegionCalendar.objects.create(
        region=emea.parent, time_zone="Asia/Riyadh", working_days=[1, 2, 3, 4, 7]
    )
    assert calendar_of("WORLD.EMEA").time_zone == "Asia/Riyadh"
    RegionCalendar.objects.create(
        region=emea,
        time_zone="Europe/Berlin",
        working_days=[1, 2, 3, 4],
        opens=dt.time(9),
        closes=dt.time(17),
    )
    assert calendar_of(cast.alpha.pk) == Calendar(
        "Europe/Berlin", frozenset({1, 2, 3, 4}), dt.time(9), dt.time(17)
    )
    assert calendar_of("WORLD").working_days == {1, 2, 3, 4, 7}


def test_holidays_add_up_and_may_be_worked_below(emea):
    Holiday.objects.create(region=emea.parent, day=MAY_1, name="Labour Day")
    Holiday.objects.create(region=emea, day=MAY_4, name="Bridge day")
    assert calendar_of("WORLD.EMEA").holidays == {MAY_1, MAY_4}
    assert calendar_of("WORLD").holidays == {MAY_1}
    Holiday.objects.filter(region=emea).update(day=MAY_1, worked=True)
    assert calendar_of("WORLD.EMEA").holidays == frozenset()


@pytest.mark.parametrize(
    "wrong",
    [
        {"working_days": []},
        {"working_days": [8]},
        {"opens": dt.time(9)},
        {"opens": dt.time(17), "closes": dt.time(9)},
    ],
)
def test_the_database_refuses_calendars_that_cannot_be(emea, wrong):
    values = {"time_zone": "UTC", "working_days": [1], **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionCalendar.objects.create(region=emea, **values)


def form_of(region, **changes):
    return {
        "name": region.name,
        "code": region.code,
        "parent": region.parent_id or "",
        "policy-TOTAL_FORMS": 0,
        "policy-INITIAL_FORMS": 0,
        "calendar-TOTAL_FORMS": 1,
        "calendar-INITIAL_FORMS": 0,
        "calendar-0-region": region.pk,
        "calendar-0-time_zone": "Europe/Berlin",
        "calendar-0-working_days": [1, 2, 3, 4, 5],
        "calendar-0-opens": "09:00",
        "calendar-0-closes": "17:00",
        "holidays-TOTAL_FORMS": 1,
        "holidays-INITIAL_FORMS": 0,
        "holidays-0-region": region.pk,
        "holidays-0-day": "2026-05-01",
        "holidays-0-name": "Labour Day",
        **changes,
    }


def test_operations_set_a_calendar_and_it_is_recorded(client, cast, emea):
    client.force_login(cast.otto)
    page = reverse("admin:partners_region_change", args=[emea.pk])
    assert client.post(page, form_of(emea)).status_code == 302

    assert calendar_of("WORLD.EMEA") == Calendar(
        "Europe/Berlin", MONDAY_TO_FRIDAY, dt.time(9), dt.time(17), frozenset({MAY_1})
    )
    told = Event.objects.filter(subject_type__in=["partners.regioncalendar", "partners.holiday"])
    assert [event.actor_user_id for event in told] == [cast.otto.pk] * 2


def test_hours_that_end_before_they_begin_are_told_on_the_form(client, cast, emea):
    client.force_login(cast.otto)
    page = reverse("admin:partners_region_change", args=[emea.pk])
    answer = client.post(page, form_of(emea, **{"calendar-0-closes": "08:00"}))

    assert "or neither: then whole days count" in answer.content.decode()
    assert not RegionCalendar.objects.exists()
    assert Holiday.objects.count() == 0


def test_channel_managers_read_it_only(client, cast, emea):
    client.force_login(cast.mara)
    page = reverse("admin:partners_region_change", args=[emea.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, form_of(emea)).status_code == 403
    assert not RegionCalendar.objects.exists()
    assert Region.objects.get(pk=emea.pk).name == emea.name
