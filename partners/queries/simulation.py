"""What a simulated programme would change, counted."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from partners.measures import Period, all_measures, values
from partners.models import Tier, TierRun
from partners.queries import benefits
from partners.queries.benefits import ReadCatalogue
from partners.queries.regions import region_names
from partners.rules import PartnerType
from partners.rules.periods import months_before


@dataclass(frozen=True, slots=True)
class Group:
    """Partners of a region or type: how many rise, fall and stay, and what that would cost more a
    year."""

    name: str
    up: int
    down: int
    stay: int
    cost: int


@dataclass(frozen=True, slots=True)
class Tally:
    """`matrix` is (tier, [partners that would be in each tier]); `moves` (from, to) → partners.
    `cost` is what the benefits would cost more a year, None where nobody counts that."""

    tiers: tuple[str, ...]
    matrix: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    by_region: tuple[Group, ...]
    by_type: tuple[Group, ...]
    moves: dict[tuple[int, int], int]
    up: int
    down: int
    seen: int
    cost: int | None


def tally_of(run: TierRun) -> Tally:
    """A run's counts put together: two queries."""
    tiers = list(Tier.objects.order_by("rank"))
    ranks, names = {one.pk: one.rank for one in tiers}, region_names()
    moves: Counter[tuple[int, int]] = Counter()
    regions: dict[str, Counter[str]] = {}
    kinds: dict[str, Counter[str]] = {}
    costs: Counter[str] = Counter()
    for key, number in run.result.items():
        if key.startswith("cost|"):
            _cost, path, kind = key.split("|")
            costs[names.get(path, path)] += number
            costs[str(PartnerType(kind).label)] += number
            costs[""] += number
        if key.count("|") != 3:
            continue
        kind, path, before, after = key.split("|")
        moves[int(before), int(after)] += number
        change = ranks[int(after)] - ranks[int(before)]
        way = "up" if change > 0 else "down" if change < 0 else "stay"
        regions.setdefault(names.get(path, path), Counter())[way] += number
        kinds.setdefault(str(PartnerType(kind).label), Counter())[way] += number
    by_region, by_type = groups(regions, costs), groups(kinds, costs)
    return Tally(
        tiers=tuple(one.name for one in tiers),
        matrix=tuple(
            (one.name, tuple((other.name, moves[one.pk, other.pk]) for other in tiers))
            for one in tiers
        ),
        by_region=by_region,
        by_type=by_type,
        moves=dict(moves),
        up=sum(one.up for one in by_type),
        down=sum(one.down for one in by_type),
        seen=run.result.get("seen", 0),
        cost=costs[""] if costs else None,
    )


def groups(counted: dict[str, Counter[str]], costs: Counter[str]) -> tuple[Group, ...]:
    return tuple(
        Group(name, ways["up"], ways["down"], ways["stay"], costs[name])
        for name, ways in sorted(counted.items())
    )


# --- what the benefits would cost ------------------------------------------------------------

# What a tier brings as a share of what its partner sells, and the measure of that.
SHARES = ("margin", "fund")
SOLD = "sourced_revenue"


@dataclass(frozen=True, slots=True)
class Moved:
    """A partner that would change its tier."""

    partner_id: int
    type: str
    region: str
    before: int
    after: int


def costs_of(moves: Sequence[Moved], now: dt.datetime) -> Counter[str]:
    """How much more (or less) a year margin and fund share of the partners' new tiers would cost,
    by the benefits that count for each and what it sold in the last twelve months; in the base
    currency, whole units, by region and type: keys such as "cost|EMEA.DACH|reseller". Empty where
    no app counts sales."""
    if not moves or SOLD not in {one.name for one in all_measures()}:
        return Counter()
    today = timezone.localdate(now)
    year = Period(months_before(today, 12) + dt.timedelta(days=1), today)
    sold = values([SOLD], year, [one.partner_id for one in moves])
    counting, costs = benefits.in_force(now), Counter[str]()
    for one in moves:
        about = (one.partner_id, one.region, one.type)
        catalogue = next((each for each in counting if each.speaks_for(*about)), None)
        if catalogue is not None:
            more = percent(catalogue, one.after) - percent(catalogue, one.before)
            cost = more * (sold[one.partner_id][SOLD] or 0) / 100
            costs[f"cost|{one.region}|{one.type}"] += int(cost.to_integral_value())
    return costs


def percent(catalogue: ReadCatalogue, tier_id: int) -> Decimal:
    grants = catalogue.of_tier(tier_id)
    return sum((grants[name].number or Decimal(0) for name in SHARES if name in grants), Decimal(0))
