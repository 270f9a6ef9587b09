"""What holds in a region: its own say, else that of the nearest region above that says it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

V = TypeVar("V")
# Where what is tried out comes from: no region's path.
TRIED = "*"
# Days that leads can be kept: longer than they are worked on, at most ten years.
SHORTEST_KEPT, LONGEST_KEPT = 30, 3650


@dataclass(frozen=True, slots=True)
class RegionSays:
    """What one region says itself; empty values leave it to the region above.

    `approval_limit` is in the base currency, `any_amount` says that there is no limit here.
    """

    region: str
    currency: str = ""
    language: str = ""
    time_zone: str = ""
    approval_limit: Decimal | None = None
    any_amount: bool = False
    lead_days: int | None = None


@dataclass(frozen=True, slots=True)
class Inherited(Generic[V]):
    """A value in force and the region (its path) that sets it; "" is the portal itself, TRIED
    what is tried out there."""

    value: V
    region: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds in a region. `approval_limit` is the amount in the base currency up to which
    its channel managers approve registrations; None means any amount. Who asked in a lead is
    erased `lead_days` after its last change."""

    currency: Inherited[str]
    language: Inherited[str]
    time_zone: Inherited[str]
    approval_limit: Inherited[Decimal | None]
    lead_days: Inherited[int]


def policy_in_force(regions: Sequence[RegionSays], portal: RegionSays) -> Policy:
    """What holds in the last of `regions`, which lead down to it from the topmost; what none of
    them says is as the portal has it."""
    upwards = [*reversed(regions), portal]

    def nearest(say: Callable[[RegionSays], str]) -> Inherited[str]:
        one = next((one for one in upwards if say(one)), portal)
        return Inherited(say(one), one.region)

    limited = next(
        (one for one in upwards if one.any_amount or one.approval_limit is not None), portal
    )
    kept = next((one for one in upwards if one.lead_days is not None), portal)
    return Policy(
        currency=nearest(lambda one: one.currency),
        language=nearest(lambda one: one.language),
        time_zone=nearest(lambda one: one.time_zone),
        approval_limit=Inherited(
            None if limited.any_amount else limited.approval_limit, limited.region
        ),
        lead_days=Inherited(kept.lead_days or LONGEST_KEPT, kept.region),
    )
