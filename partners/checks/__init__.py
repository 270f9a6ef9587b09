"""What fsck verifies of partners and the programme, by noun."""

from partners.checks import (
    plans,
    tiers,
)

__all__ = [
    "plans",
    "tiers",
]
