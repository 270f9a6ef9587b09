"""For whom a feature or a policy is switched on while it is tried out."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

# What of the programme can be tried out: the code of each is one of these and its id. A partner
# tries one of a kind at a time.
PROGRAMMES = "partners.programme:"
CATALOGUES = "partners.benefits:"
IDEALS = "partners.ideal:"
REGION_POLICIES = "partners.region_policy:"
DISTRIBUTION_POLICIES = "partners.distribution_policy:"
ONE_AT_A_TIME = (PROGRAMMES, CATALOGUES, IDEALS, REGION_POLICIES, DISTRIBUTION_POLICIES)


@dataclass(frozen=True, slots=True)
class Reach:
    """A feature for a region (a path) and all below it, or for one partner, from a day to the
    end of another."""

    first_day: dt.date
    last_day: dt.date
    region: str = ""
    partner_id: int | None = None

    def in_force(self, today: dt.date) -> bool:
        return self.first_day <= today <= self.last_day

    def includes(self, partner_id: int, region: str) -> bool:
        if self.partner_id is not None:
            return self.partner_id == partner_id
        return lies_in(region, self.region)


def lies_in(region: str, other: str) -> bool:
    """Whether a region (a path) is another or lies below it; everything lies in ""."""
    return not other or region == other or region.startswith(f"{other}.")


def is_on(reaches: Collection[Reach], partner_id: int, region: str, today: dt.date) -> bool:
    """Whether a partner in a region has the feature: everybody does while nobody limits it;
    then only whom one in force includes, and after the last of them has ended nobody."""
    if not reaches:
        return True
    return any(one.in_force(today) and one.includes(partner_id, region) for one in reaches)


def including(reaches: Collection[Reach], partner_id: int, region: str) -> Reach | None:
    """Of the reaches that include a partner the one that speaks of it first: its own, then that
    of the deepest region, then the one that lasts longest."""
    found = [one for one in reaches if one.includes(partner_id, region)]
    return max(
        found,
        key=lambda one: (one.partner_id is not None, len(one.region), one.last_day),
        default=None,
    )


def until_for(reaches: Collection[Reach] | None, partner_id: int, region: str) -> dt.date | None:
    """Until when a partner tries something out; None for what is for everybody."""
    found = including(reaches or (), partner_id, region)
    return found.last_day if found else None


@dataclass(frozen=True, slots=True)
class Trial:
    """A version that is tried out, and with whom: `reach`, of a partner also its `place` (the
    path of its region) and `type`; and for whom the version speaks at all ("" for all)."""

    code: str
    reach: Reach
    place: str = ""
    type: str = ""
    for_region: str = ""
    for_type: str = ""

    @property
    def region(self) -> str:
        return self.place if self.reach.partner_id is not None else self.reach.region

    def speaks(self) -> bool:
        """Whether there can be a partner in its reach for whom the version speaks."""
        nested = lies_in(self.region, self.for_region)
        if self.reach.partner_id is not None:
            return nested and self.for_type in {"", self.type}
        return nested or lies_in(self.for_region, self.region)


def clash(one: Trial, other: Trial) -> bool:
    """Whether two versions of a kind would be tried by one partner on one day. The same version
    twice is no harm."""
    first, second = one.reach, other.reach
    apart = first.last_day < second.first_day or second.last_day < first.first_day
    if apart or one.code == other.code:
        return False
    if first.partner_id is not None and second.partner_id is not None:
        return first.partner_id == second.partner_id
    # Where a partner could be that is in both: its own place, or the deepest region that bounds
    # them. Unless that lies in all the others, nobody is.
    bounds = [one.region, other.region, one.for_region, other.for_region]
    inner = one.place or other.place or max(bounds, key=len)
    types = {one.for_type, other.for_type, one.type, other.type} - {""}
    return all(lies_in(inner, bound) for bound in bounds) and len(types) <= 1
