"""What this app does when it hears of something, by noun."""

from partners.handlers import (
    benefits,
    company,
    distribution,
    fit,
    merging,
    people,
    plans,
    reviews,
    tiers,
    todos,
    trials,
)

__all__ = [
    "benefits",
    "company",
    "distribution",
    "fit",
    "merging",
    "people",
    "plans",
    "reviews",
    "tiers",
    "todos",
    "trials",
]
