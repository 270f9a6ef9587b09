"""How surely two partners are one company. The floor that knows how companies' names are compared
says so once (`compare_with`), so that partners and customers are compared by the same rules."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Company:
    """What is compared; `domains` may be empty, `country` is a code or ""."""

    name: str
    domains: tuple[str, ...] = ()
    country: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` from 0 to 100; `fields` says how alike they are: (name, score)."""

    score: int
    fields: tuple[tuple[str, int], ...]


class Clue(NamedTuple):
    """A number under which to look, of whose list `most` are read. Sharing it is `worth` the less
    the more share it, and `worth_cut` when there are more than are read."""

    key: int
    worth: float
    most: int
    worth_cut: float


class Comparison(Protocol):
    def keys(self, company: Company) -> frozenset[int]:
        """The numbers under which a company is found."""

    def clues(self, company: Company) -> list[Clue]:
        """Where to look for a company: two spellings of one share at least one number."""

    def likeness(self, one: Company, other: Company) -> Likeness | None:
        """None when they are surely two."""


_comparisons: list[Comparison] = []


def compare_with(comparison: Comparison) -> None:
    """Called once, while apps start."""
    if _comparisons:
        raise ValueError("Partners are compared by one set of rules.")
    _comparisons.append(comparison)


def comparison() -> Comparison:
    return _comparisons[0]
