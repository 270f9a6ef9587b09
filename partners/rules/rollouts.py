"""For whom a feature is switched on while it is tried out."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass


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
        return region == self.region or region.startswith(f"{self.region}.")


def is_on(reaches: Collection[Reach], partner_id: int, region: str, today: dt.date) -> bool:
    """Whether a partner in a region has the feature: everybody does while nobody limits it;
    then only whom one in force includes, and after the last of them has ended nobody."""
    if not reaches:
        return True
    return any(one.in_force(today) and one.includes(partner_id, region) for one in reaches)
