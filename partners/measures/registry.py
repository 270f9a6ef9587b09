"""Measures: what can be counted about a partner in a period.

The registry of the whole project. An app declares what it can count in its `measures.py`::

    register(Measure("deals_registered", Unit.COUNT, _("Deals registered"), _("…"),
                     query=deals_registered, moved_by=(DealRegistered,)))

`query` answers with SQL whose rows are (partner_id, value), one for each partner that has a
value, so that it counts for one partner or for all of them, alone or inside another
statement. Tiers, goals, pages and reports ask the same query, so that two of them cannot
disagree about a number.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.events import RecordedEvent, hears, kind_of
from core.sql import Sql, rows_of
from partners.rules.periods import Period


class Unit(TextChoices):
    MONEY = "money", _("amount in the base currency")
    COUNT = "count", _("number")
    PERCENT = "percent", _("percent")
    SCORE = "score", _("score")


@dataclass(frozen=True, slots=True)
class Among:
    """For whom is counted: the partners with these ids, or those with `after` < id <= `upto`;
    neither: all of them."""

    ids: tuple[int, ...] | None = None
    after: int = 0
    upto: int | None = None

    def where(self, column: str) -> str:
        """The condition on `column`; its values are `values`."""
        if self.ids is not None:
            return f"{column} = ANY(%(among_ids)s)"
        if self.upto is not None:
            return f"{column} > %(among_after)s AND {column} <= %(among_upto)s"
        return "true"

    @property
    def values(self) -> dict[str, Any]:
        if self.ids is not None:
            return {"among_ids": list(self.ids)}
        if self.upto is not None:
            return {"among_after": self.after, "among_upto": self.upto}
        return {}


EVERYBODY = Among()
Query = Callable[[Period, Among], Sql]


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that can be counted.

    Money is in the base currency. A partner without a row has nothing (0) where there is
    something to add up, and an unknown value where there is nothing to divide by (percent and
    score). `moved_by` are the facts after which a partner's value may differ. `effort` is how
    many days of work one more unit usually takes a partner; None where money says it better
    (partners.rules.path). `stored` measures are read from values that operations enter.
    """

    name: str
    unit: Unit
    label: Promise | str
    description: Promise | str
    query: Query
    moved_by: tuple[type, ...] = ()
    effort: Decimal | None = None
    stored: bool = False

    @property
    def adds_up(self) -> bool:
        """Whether nothing counted means zero."""
        return self.unit in {Unit.MONEY, Unit.COUNT}


class UnknownMeasure(LookupError):
    """No installed app counts that."""


_measures: dict[str, Measure] = {}
_when_moved: list[Callable[[RecordedEvent[Any]], None]] = []
_heard: set[str] = set()


def register(measure: Measure) -> None:
    if measure.name in _measures:
        raise ValueError(f"The measure {measure.name} is declared twice.")
    _measures[measure.name] = measure
    for payload in measure.moved_by:
        kind = kind_of(payload).name
        if kind not in _heard:
            _heard.add(kind)
            hears(payload, name=f"partners.measure_again.{kind}")(_moved)


def when_moved(function: Callable[[RecordedEvent[Any]], None]) -> None:
    """Has `function` called with each fact that moves a measure of the fact's partner."""
    _when_moved.append(function)


def _moved(event: RecordedEvent[Any]) -> None:
    for function in _when_moved:
        function(event)


def measure_named(name: str) -> Measure:
    """Raises UnknownMeasure."""
    try:
        return _measures[name]
    except KeyError:
        raise UnknownMeasure(name) from None


def all_measures() -> list[Measure]:
    return list(_measures.values())


def values(
    names: Collection[str], period: Period, partner_ids: Sequence[int]
) -> dict[int, dict[str, Decimal | None]]:
    """What some measures say about some partners: one query. Raises UnknownMeasure."""
    measures = [measure_named(name) for name in names]
    among = Among(ids=tuple(partner_ids))
    found: dict[int, dict[str, Decimal | None]] = {
        key: {one.name: Decimal(0) if one.adds_up else None for one in measures}
        for key in partner_ids
    }
    if not measures:
        return found
    text = " UNION ALL ".join(_named(one, one.query(period, among).text) for one in measures)
    for name, partner_id, value in rows_of(Sql(text, bound(measures, period, among))):
        found[partner_id][name] = value
    return found


def _named(measure: Measure, query: str) -> str:
    return f"SELECT '{measure.name}' AS name, partner_id, value FROM ({query}) AS counted"  # noqa: S608


def bound(measures: Collection[Measure], period: Period, among: Among) -> Mapping[str, Any]:
    """The values of all placeholders in the queries of `measures`."""
    together: dict[str, Any] = dict(among.values)
    for one in measures:
        together |= one.query(period, among).values
    return together
