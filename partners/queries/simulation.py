"""What a simulated programme would change, counted."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from partners.models import Tier, TierRun
from partners.queries.regions import region_names
from partners.rules import PartnerType


@dataclass(frozen=True, slots=True)
class Group:
    """Partners of a region or type: how many rise, fall and stay."""

    name: str
    up: int
    down: int
    stay: int


@dataclass(frozen=True, slots=True)
class Tally:
    """`matrix` is (tier, [partners that would be in each tier]); `moves` (from, to) → partners."""

    tiers: tuple[str, ...]
    matrix: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    by_region: tuple[Group, ...]
    by_type: tuple[Group, ...]
    moves: dict[tuple[int, int], int]
    up: int
    down: int
    seen: int


def tally_of(run: TierRun) -> Tally:
    """A run's counts put together: two queries."""
    tiers = list(Tier.objects.order_by("rank"))
    ranks, names = {one.pk: one.rank for one in tiers}, region_names()
    moves: Counter[tuple[int, int]] = Counter()
    regions: dict[str, Counter[str]] = {}
    kinds: dict[str, Counter[str]] = {}
    for key, number in run.result.items():
        if key.count("|") != 3:
            continue
        kind, path, before, after = key.split("|")
        moves[int(before), int(after)] += number
        change = ranks[int(after)] - ranks[int(before)]
        way = "up" if change > 0 else "down" if change < 0 else "stay"
        regions.setdefault(names.get(path, path), Counter())[way] += number
        kinds.setdefault(str(PartnerType(kind).label), Counter())[way] += number
    by_region, by_type = groups(regions), groups(kinds)
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
    )


def groups(counted: dict[str, Counter[str]]) -> tuple[Group, ...]:
    return tuple(
        Group(name, ways["up"], ways["down"], ways["stay"])
        for name, ways in sorted(counted.items())
    )


# --- what tiers cost ------------------------------------------------------------------------

# Tier id → what its benefits cost a partner and year, in the base currency; None: not known.
Cost = Callable[[int], Decimal | None]
_costs: list[Cost] = []


def benefits_cost(cost: Cost) -> Cost:
    """Has `cost` say what the benefits of a tier cost. Benefits know; the programme only asks."""
    _costs.append(cost)
    return cost


def cost_of(tally: Tally) -> Decimal | None:
    """How much more a year all benefits would cost; None where nobody knows."""
    together: Decimal | None = None
    for (before, after), number in tally.moves.items():
        for cost in _costs:
            new, old = cost(after), cost(before)
            if new is not None and old is not None:
                together = (together or Decimal(0)) + (new - old) * number
    return together
