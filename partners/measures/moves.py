"""What partners can do to move their measures, for the way to the next tier.

Every measure with an `effort` has a move of its own. Where moves belong together, an app
declares them: it names the measures that its rates come from, and makes the moves from a
partner's own values of them and those of partners like it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from partners.rules.path import Move

Rates = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Moves:
    """`needs` are measures; `make` takes the own and the typical rates; `words` says a move in
    a sentence."""

    needs: tuple[str, ...]
    make: Callable[[Rates, Rates], list[Move]]
    words: Callable[[Move, int], str]


_declared: list[Moves] = []


def declare_moves(moves: Moves) -> None:
    _declared.append(moves)


def all_moves() -> list[Moves]:
    return list(_declared)
