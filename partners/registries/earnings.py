"""What partners earn with the programme: the registry that the apps above fill.

An app declares what it knows in `ready`::

    declare_source(EarningSource(EarningKind.MARGIN, margins))

A kind of earning that no app has declared is not zero but not counted, and pages say so.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from partners.rules.periods import Period
from partners.rules.profit import EarningKind


@dataclass(frozen=True, slots=True)
class Earning:
    """So much on a day, in the currency in which it came."""

    day: dt.date
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Earned:
    """`unknown` is how many things brought something of which the source cannot say how much,
    for example won deals without a guaranteed margin."""

    earnings: Sequence[Earning]
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class EarningSource:
    """`query` answers for one partner (by id) and the days of a period, already added up by day
    and currency; it costs the same number of queries however much there is."""

    kind: EarningKind
    query: Callable[[int, Period], Earned]


_sources: list[EarningSource] = []


def declare_source(source: EarningSource) -> None:
    """Called while apps start. A kind may have several."""
    _sources.append(source)


def sources() -> list[EarningSource]:
    return list(_sources)
