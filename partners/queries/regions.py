"""The tree of regions, and what holds in each: when people work, and by which policy."""

import datetime as dt

from django.conf import settings
from django.db.models.functions import Length
from django.utils import timezone

from core import money_rates
from core.actor import Actor
from partners.models import (
    Holiday,
    Partner,
    Region,
    RegionCalendar,
    TriedRegionPolicy,
    in_regions,
)
from partners.queries.rollouts import day_of, tried_by
from partners.rules import Calendar, Policy, RegionSays, policy_in_force
from partners.rules.policies import TRIED
from partners.rules.rollouts import REGION_POLICIES


def region_choices(actor: Actor) -> list[tuple[str, str]]:
    """(path, indented name) of the regions in the actor's scope, in the order of the tree."""
    rows = Region.objects.filter(in_regions(actor.region_paths, "path")).order_by("path")
    return [
        (path, "\u2003" * path.count(".") + name) for path, name in rows.values_list("path", "name")
    ]


def regions_by_path() -> list[tuple[str, str]]:
    """(id, indented name) of all regions in the order of the tree."""
    return [
        (str(key), "\u2003" * path.count(".") + name)
        for key, path, name in Region.objects.order_by("path").values_list("pk", "path", "name")
    ]


def region_paths() -> dict[int, str]:
    """Id → path of all regions."""
    return dict(Region.objects.values_list("pk", "path"))


def region_names() -> dict[str, str]:
    """Path → name of all regions."""
    return dict(Region.objects.values_list("path", "name"))


def region_exists(path: str) -> bool:
    return Region.objects.filter(path=path).exists()


def containing(region_path: str) -> list[str]:
    """The paths of a region and of those above it, the topmost first."""
    codes = region_path.split(".") if region_path else []
    return [".".join(codes[: depth + 1]) for depth in range(len(codes))]


def calendar_of(where: str | int) -> Calendar:
    """When people work in a region (by its path), or in that of a partner (by its id).

    The calendar is the region's own or that of the nearest region above that has one, and
    Monday to Friday in UTC where none has. Holidays are those of all regions above, unless a
    region below works on one. At most three queries.
    """
    if isinstance(where, int):
        where = Partner.objects.values_list("region__path", flat=True).get(pk=where)
    paths = containing(where)
    row = (
        RegionCalendar.objects.filter(region__path__in=paths)
        .order_by(Length("region__path").desc())
        .first()
    )
    working: dict[dt.date, bool] = {}
    days = Holiday.objects.filter(region__path__in=paths).order_by(Length("region__path"))
    for day, worked in days.values_list("day", "worked"):
        working[day] = worked
    holidays = frozenset(day for day, worked in working.items() if not worked)
    if row is None:
        return Calendar(holidays=holidays)
    return Calendar(row.time_zone, frozenset(row.working_days), row.opens, row.closes, holidays)


def policy_of(where: str | int) -> Policy:
    """What holds in a region (by its path), or in that of a partner (by its id), each value
    with the region that sets it. What is tried out there goes before it. Two queries, one for a
    partner's region, and one for what is tried out."""
    partner_id = where if isinstance(where, int) else None
    if isinstance(where, int):
        where = Partner.objects.values_list("region__path", flat=True).get(pk=where)
    rows = (
        Region.objects.filter(path__in=containing(where))
        .order_by(Length("path"))
        .values_list(
            "path",
            "policy__currency",
            "policy__language",
            "calendar__time_zone",
            "policy__approval_limit",
            "policy__any_amount",
            "policy__lead_days",
        )
    )
    said = [
        RegionSays(path, currency or "", language or "", zone or "", limit, bool(any_amount), kept)
        for path, currency, language, zone, limit, any_amount, kept in rows
    ]
    portal = RegionSays(
        "",
        money_rates.base_currency(),
        settings.LANGUAGE_CODE,
        settings.TIME_ZONE,
        any_amount=True,
        lead_days=settings.LEAD_KEPT_DAYS,
    )
    return policy_in_force([*said, *_tried_policy(partner_id, where)], portal)


def _tried_policy(partner_id: int | None, region_path: str) -> list[RegionSays]:
    day = day_of(timezone.now())
    found = tried_by(REGION_POLICIES, partner_id, region_path, day)
    row = TriedRegionPolicy.objects.filter(pk=found[0]).first() if found else None
    if row is None:
        return []
    return [
        RegionSays(
            TRIED,
            row.currency,
            row.language,
            approval_limit=row.approval_limit,
            any_amount=row.any_amount,
        )
    ]
