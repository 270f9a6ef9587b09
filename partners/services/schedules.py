"""When all partners are recalculated."""

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from core import rows
from core.actor import Actor
from core.appointments import cancel_appointments, make_appointment
from partners.models import TierSchedule
from partners.services.authority import require_operations

ON_SCHEDULE = "partners.recalculate_on_schedule"


@transaction.atomic
def set_schedule(*, actor: Actor, schedule: TierSchedule) -> None:
    """Stores a schedule and makes its next appointment, or takes it back when it is off.

    Raises PermissionDenied.
    """
    require_operations(actor)
    if schedule._state.adding:
        rows.add_row(actor=actor, row=schedule)
    else:
        fields = ["rhythm", "at", "time_zone", "active"]
        rows.change_row(actor=actor, row=schedule, fields=fields)
    make_next(schedule)


@transaction.atomic
def remove_schedule(*, actor: Actor, schedule: TierSchedule) -> None:
    require_operations(actor)
    cancel_appointments(schedule, ON_SCHEDULE)
    rows.remove_row(actor=actor, row=schedule)


def make_next(schedule: TierSchedule) -> None:
    if schedule.active:
        make_appointment(ON_SCHEDULE, schedule, next_time(schedule, timezone.now()))
    else:
        cancel_appointments(schedule, ON_SCHEDULE)


def next_time(schedule: TierSchedule, after: dt.datetime) -> dt.datetime:
    """The next moment behind `after` at which the clocks there show the schedule's time. A time
    that a change of the clocks leaves out is the moment that it would have been before it."""
    zone = ZoneInfo(schedule.time_zone)
    day = after.astimezone(zone).date()
    while True:
        moment = dt.datetime.combine(day, schedule.at, zone).astimezone(dt.UTC)
        if moment > after and fits(schedule.rhythm, day):
            return moment
        day += dt.timedelta(days=1)


def fits(rhythm: str, day: dt.date) -> bool:
    if rhythm == TierSchedule.Rhythm.WEEKLY:
        return day.weekday() == calendar.MONDAY
    return rhythm != TierSchedule.Rhythm.MONTHLY or day.day == 1
