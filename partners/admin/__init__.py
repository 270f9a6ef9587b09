"""The tables of partners and the programme in the back office."""

from partners.admin import benefits, calendars, lifecycle, people, plans, programmes, swot, tiering, todos
from partners.admin.organisations import RegionFilter

__all__ = [
    "RegionFilter",
    "benefits",
    "calendars",
    "lifecycle",
    "people",
    "plans",
    "programmes",
    "swot",
    "tiering",
    "todos",
]
