"""The tables of partners and the programme in the back office."""

from partners.admin import people
from partners.admin.organisations import RegionFilter

__all__ = ["RegionFilter", "people"]
