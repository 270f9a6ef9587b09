"""Calendars brought in at once, for the example and for imports; operations edit them in the
back office afterwards."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from core.actor import Actor
from core.rows import add_row
from partners.models import Holiday, Region, RegionCalendar
from partners.rules import MONDAY_TO_FRIDAY
from partners.services.authority import require_operations


@dataclass(frozen=True, slots=True)
class NewCalendar:
    """`region` is a path; `holidays` are days and their names."""

    region: str
    time_zone: str
    opens: dt.time | None = None
    closes: dt.time | None = None
    working_days: frozenset[int] = MONDAY_TO_FRIDAY
    holidays: tuple[tuple[dt.date, str], ...] = ()


@transaction.atomic
def add_calendars(*, actor: Actor, calendars: Sequence[NewCalendar]) -> None:
    """Adds what is missing; what is there stays as it is. Raises PermissionDenied."""
    require_operations(actor)
    regions = {region.path: region for region in Region.objects.select_for_update().order_by("pk")}
    for new in calendars:
        region = regions[new.region]
        if not RegionCalendar.objects.filter(region=region).exists():
            add_row(
                actor=actor,
                row=RegionCalendar(
                    region=region,
                    time_zone=new.time_zone,
                    working_days=sorted(new.working_days),
                    opens=new.opens,
                    closes=new.closes,
                ),
            )
        known = set(Holiday.objects.filter(region=region).values_list("day", flat=True))
        for day, name in new.holidays:
            if day not in known:
                add_row(actor=actor, row=Holiday(region=region, day=day, name=name))
