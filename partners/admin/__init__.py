"""The tables of partners and the programme in the back office."""

from partners.admin import (
    benefits,
    calendars,
    company,
    directory,
    distribution,
    keeping,
    lifecycle,
    people,
    plans,
    programmes,
    reviews,
    rollouts,
    swot,
    tiering,
    todos,
)
from partners.admin.organisations import RegionFilter

__all__ = [
    "RegionFilter",
    "benefits",
    "calendars",
    "company",
    "directory",
    "distribution",
    "keeping",
    "lifecycle",
    "people",
    "plans",
    "programmes",
    "reviews",
    "rollouts",
    "swot",
    "tiering",
    "todos",
]
