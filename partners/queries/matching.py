"""Finding partners that are worth comparing: for one that is typed, and for many at a time."""

from collections.abc import Mapping
from typing import Any

from core.sql import Sql, rows_of
from partners.registries.likeness import Clue, Company, comparison

MOST_COMPARED = 40

# Each list is read once, however many of those that are looked for share it. A number says the
# more the fewer share it. (OFFSET keeps each list from being read twice.) It is planned anew each
# time: while many partners are looked at for the first time, the table grows from nothing.
FIND_CLOSE = """
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(%(place)s::bigint[], %(key)s::bigint[], %(worth)s::float[],
                         %(most)s::int[], %(worth_cut)s::float[])
        AS wanted (place, key, worth, most, worth_cut)
), lists AS MATERIALIZED (
    SELECT distinct_keys.key, found.ids, cardinality(found.ids) AS length
    FROM (SELECT key, max(most) AS most FROM wanted GROUP BY key) AS distinct_keys
    CROSS JOIN LATERAL (
        SELECT ARRAY(
            SELECT known.partner_id FROM partners_partnerkey AS known
            WHERE known.key = distinct_keys.key ORDER BY known.partner_id
            LIMIT distinct_keys.most
        ) AS ids OFFSET 0
    ) AS found
), close AS (
    SELECT wanted.place, other.id,
           sum(CASE WHEN lists.length < wanted.most THEN wanted.worth ELSE wanted.worth_cut END
               / lists.length) AS weight
    FROM wanted
    JOIN lists ON lists.key = wanted.key
    CROSS JOIN LATERAL unnest(lists.ids) AS other (id)
    WHERE lists.length < wanted.most OR wanted.worth_cut > 0
    GROUP BY wanted.place, other.id
), ranked AS (
    SELECT place, id,
           row_number() OVER (PARTITION BY place ORDER BY weight DESC, id) AS position
    FROM close WHERE id <> place
)
SELECT place, id FROM ranked WHERE position <= %(compared)s ORDER BY place, position
"""
NOBODY = 0


def close_to(company: Company) -> list[int]:
    """The partners worth comparing with a company, those that share the most first. One query."""
    return close_to_each({NOBODY: company}).get(NOBODY, [])


def close_to_each(companies: Mapping[int, Company]) -> dict[int, list[int]]:
    """The same for each of many partners by its id, without itself. One query for all."""
    clues = [
        (place, clue)
        for place, company in companies.items()
        for clue in comparison().clues(company)
    ]
    columns: dict[str, Any] = {
        name: [clue[number] for _place, clue in clues] for number, name in enumerate(Clue._fields)
    }
    columns |= {"place": [place for place, _clue in clues], "compared": MOST_COMPARED}
    found: dict[int, list[int]] = {}
    for place, partner_id in rows_of(Sql(FIND_CLOSE, columns)):
        found.setdefault(place, []).append(partner_id)
    return found
