"""The cards on the page about a partner. Apps above declare theirs (`declare_card`), so that this
floor need not know what a deal is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from core.actor import Actor

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what it is; `href` leads to what it is made of."""

    label: Text
    value: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """`href` leads to all of it; `by_name`: to a list, which is searched for the partner."""

    title: Text
    lines: tuple[Line, ...]
    href: str = ""
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class CardKind:
    """`build` answers with the card of a partner (by id) that the actor may see; it costs the
    same number of queries however much there is."""

    name: str
    position: int
    build: Callable[[Actor, int], Card]


_cards: dict[str, CardKind] = {}


def declare_card(card: CardKind) -> None:
    """Called while apps start."""
    if card.name in _cards:
        raise ValueError(f"The card {card.name} is declared twice.")
    _cards[card.name] = card


def all_cards() -> list[CardKind]:
    return list(_cards.values())
