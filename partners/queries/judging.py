"""A programme as one SQL statement: what it measures and which tier each partner reaches.

The same as `partners.rules.tiers.judge`, set by set; a test compares the two.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.sql import Sql
from partners.measures import Among, Measure, bound, measure_named
from partners.queries.programmes import ASSESSED, ReadProgramme
from partners.rules.tiers import Level, Score


def judged(
    one: ReadProgramme, before: Sequence[ReadProgramme], among: Among, today: dt.date
) -> Sql:
    """The statement's `WITH` list, ending in `judged`: id, tier_id, rank, measured, points,
    reached_id and reached_rank of each partner that the programme decides about. `before` are
    the programmes that decide before it."""
    measures = [measure_named(name) for name in one.ladder.measures()]
    period = one.period(today)
    places = {measure.name: f"v{place}" for place, measure in enumerate(measures)}
    covers = one.covers()
    values: dict[str, Any] = {**covers.values, **bound(measures, period, among), **among.values}
    values["assessed"] = [status.value for status in ASSESSED]
    elsewhere = ""
    for other in before:
        deeper = other.covers()
        elsewhere += f" AND NOT {deeper.text}"
        values |= deeper.values
    counted = "".join(
        f"measured{place} AS ({measure.query(period, among).text}),\n"
        for place, measure in enumerate(measures)
    )
    columns = "".join(f", {column(place, m)} AS v{place}" for place, m in enumerate(measures))
    joins = "\n".join(
        f"LEFT JOIN measured{place} ON measured{place}.partner_id = mine.id"
        for place in range(len(measures))
    )
    told = ", ".join(f"'{name}', {place}::text" for name, place in places.items())
    scores = " + ".join(scored(score, places[score.measure]) for score in one.ladder.scores)
    text = f"""
    mine AS MATERIALIZED (
        SELECT p.id, p.tier_id, t.rank
        FROM partners_partner p JOIN partners_tier t ON t.id = p.tier_id
        JOIN partners_region r ON r.id = p.region_id
        WHERE {among.where("p.id")} AND p.status = ANY(%(assessed)s)
          AND {covers.text}{elsewhere}),
    {counted}
    valued AS (SELECT mine.*{columns} FROM mine {joins}),
    scored AS (SELECT valued.*, {f"({scores})::int" if scores else "NULL::int"} AS points
               FROM valued),
    reached AS (SELECT scored.*, jsonb_build_object({told}) AS measured,
                       {reached(one.ladder.levels, places)} AS reached_id FROM scored),
    judged AS MATERIALIZED (
        SELECT reached.id, reached.tier_id, reached.rank, measured, points, reached_id,
               t.rank AS reached_rank
        FROM reached JOIN partners_tier t ON t.id = reached_id)"""  # noqa: S608
    return Sql(text, values)


def column(place: int, measure: Measure) -> str:
    value = f"round(measured{place}.value, 3)"
    return f"coalesce({value}, 0.000)" if measure.adds_up else value


def number(value: Decimal) -> str:
    """A number of the programme as it stands in SQL; never anything else."""
    return format(Decimal(value), "f")


def scored(score: Score, place: str) -> str:
    points = f"greatest(floor({place} / {number(score.per)}) * {int(score.points)}, 0)"
    if score.at_most is not None:
        points = f"least({points}, {int(score.at_most)})"
    return f"coalesce({points}, 0)"


def reached(levels: Sequence[Level], places: dict[str, str]) -> str:
    whens = ""
    for level in reversed(levels[1:]):
        needs = [f"{places[one.measure]} >= {number(one.at_least)}" for one in level.requirements]
        if level.points is not None:
            needs.append(f"points >= {int(level.points)}")
        whens += f" WHEN {' AND '.join(needs) or 'true'} THEN {int(level.tier_id)}"
    base = int(levels[0].tier_id)
    return f"CASE{whens} ELSE {base} END" if whens else str(base)
