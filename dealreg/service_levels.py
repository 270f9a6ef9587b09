"""What the vendor has promised about its own decisions, and how it does."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import models
from django.db.models import Aggregate, Avg, Case, Count, F, FloatField, Q, Value, When
from django.db.models.functions import Coalesce, Length, TruncQuarter
from django.utils import timezone

from core.actor import Actor
from dealreg.models import ConflictCase, ReviewClock, ServiceLevel
from dealreg.rules.clocks import DEFAULT_LEVEL, Level, Step, Who
from partners.queries import containing, in_regions

PERIOD = dt.timedelta(days=90)
# A median of fewer says little, and might say whose it is: the region above speaks then.
LEAST_MEASURED = 5
KEPT_FOR = 600


def level_of(region_path: str) -> Level:
    """The service level of a region: its own or that of the nearest region above that has one,
    then that for everywhere. At most two queries."""
    row = (
        ServiceLevel.objects.filter(
            Q(region__isnull=True) | Q(region__path__in=containing(region_path))
        )
        .annotate(depth=Coalesce(Length("region__path"), 0))
        .order_by("-depth")
        .prefetch_related("steps")
        .first()
    )
    if row is None:
        return DEFAULT_LEVEL
    steps = tuple(Step(one.after_days, Who(one.who)) for one in row.steps.all())
    return Level(row.decision_days, row.evidence_days, row.appeal_days, steps)


class Median(Aggregate):
    """The middle of the values, by the database."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()
    name = "Median"


@dataclass(frozen=True, slots=True)
class Promptness:
    """How fast registrations in review were decided in the last 90 days: the median in working
    minutes, and the share in time. `minutes` is None when too few were."""

    minutes: float | None
    in_time: float | None
    number: int

    @property
    def hours(self) -> float | None:
        return None if self.minutes is None else self.minutes / 60

    @property
    def percent(self) -> int | None:
        return None if self.in_time is None else round(self.in_time * 100)


def promptness(region_path: str) -> Promptness:
    """Of the smallest region around `region_path` with enough decisions. One query, whose answer
    is kept for ten minutes."""
    key = f"dealreg.promptness:{region_path}"
    known: Promptness | None = cache.get(key)
    if known is None:
        known = _promptness(region_path)
        cache.set(key, known, KEPT_FOR)
    return known


def _promptness(region_path: str) -> Promptness:
    around = [*reversed(containing(region_path)), ""]
    wanted: dict[str, Any] = {}
    for place, path in enumerate(around):
        inside = in_regions(frozenset({path}), "region__path") if path else Q(pk__isnull=False)
        wanted |= {
            f"n{place}": Count("pk", filter=inside),
            f"m{place}": Median("minutes", filter=inside),
            f"t{place}": Avg(_in_time(), filter=inside),
        }
    found = measured().aggregate(**wanted)
    for place in range(len(around)):
        if found[f"n{place}"] >= LEAST_MEASURED:
            return Promptness(found[f"m{place}"], found[f"t{place}"], found[f"n{place}"])
    return Promptness(None, None, found[f"n{len(around) - 1}"])


def _in_time() -> Case:
    return Case(When(in_time=True, then=Value(1.0)), default=Value(0.0), output_field=FloatField())


def measured(since: dt.timedelta = PERIOD) -> "models.QuerySet[ReviewClock]":
    return ReviewClock.objects.filter(minutes__isnull=False, stopped_at__gte=timezone.now() - since)


@dataclass(frozen=True, slots=True)
class QuarterOfRegion:
    """One cell of the trend: decisions of a region in a quarter; `minutes` is the median."""

    region: str
    quarter: dt.date
    what: str
    number: int
    minutes: float
    percent: int

    @property
    def hours(self) -> float:
        return self.minutes / 60


TREND = dt.timedelta(days=2 * 366)


def trend(actor: Actor) -> list[QuarterOfRegion]:
    """Medians by region and quarter of the last two years, newest first: of registrations in
    review and of conflict cases. Two queries, each a grouping in the database."""
    since = timezone.now() - TREND
    mine = in_regions(actor.region_paths, "region__path")
    reviews = ReviewClock.objects.filter(mine, minutes__isnull=False, stopped_at__gte=since)
    decided = ConflictCase.objects.filter(mine, minutes__isnull=False, decided_at__gte=since)
    return sorted(
        [
            *_by_quarter(reviews, "stopped_at", "review"),
            *_by_quarter(decided, "decided_at", "case"),
        ],
        key=lambda cell: (-cell.quarter.toordinal(), cell.region, cell.what),
    )


def _by_quarter(rows: "models.QuerySet[Any]", moment: str, what: str) -> list[QuarterOfRegion]:
    cells = (
        rows.annotate(quarter=TruncQuarter(moment))
        .values_list("region__name", "quarter")
        .annotate(number=Count("pk"), median=Median("minutes"), share=Avg(_in_time()))
        .order_by()
    )
    return [
        QuarterOfRegion(region, quarter.date(), what, number, median, round(share * 100))
        for region, quarter, number, median, share in cells
    ]


def running(deal_id: int) -> ReviewClock | None:
    """The clock of a registration that waits."""
    return ReviewClock.objects.filter(deal_id=deal_id, stopped_at__isnull=True).first()


def due_of(outer: str = "pk") -> models.Subquery:
    """When the registration of an outer row is due, for a list."""
    clocks = ReviewClock.objects.filter(
        deal_id=models.OuterRef(outer), stopped_at__isnull=True
    ).annotate(due=F("due_at"))
    return models.Subquery(clocks.values("due")[:1])
