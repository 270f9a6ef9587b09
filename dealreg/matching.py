"""Finding customers that are, or may be, the one that was typed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from core.prepared import Prepared
from dealreg.rules.blocking import PLAIN, STRONG, TELLING, lock_keys, query_keys
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.names import Customer
from dealreg.rules.similarity import LEVEL_ORDER, Field, Likeness, compare

# Rows read for each key, by what sharing it is worth. Of a plain key that more customers share
# nothing is taken: whoever comes first in it is there by chance.
MOST_ROWS = {STRONG: 30, TELLING: 120, PLAIN: 40}
# How much rarer a list that ended by itself makes its customers than one that was cut.
CUT_SAYS_LESS = 4
MOST_COMPARED = 60
MOST_CANDIDATES = 50
MOST_RELATIVES = 20

# The customers that share the most telling keys, one row for each of their other names and
# domains, or one without. A key says the more the fewer share it, and little when its list was
# cut. (OFFSET keeps each list from being read twice.)
FIND_CANDIDATES = Prepared(
    f"""
WITH close AS MATERIALIZED (
    SELECT one.id, sum(rarity.weight) AS weight
    FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS wanted (key, worth, most)
    CROSS JOIN LATERAL (
        SELECT ARRAY(
            SELECT known.account_id FROM dealreg_accountkey AS known
            WHERE known.key = wanted.key ORDER BY known.account_id LIMIT wanted.most
        ) AS ids OFFSET 0
    ) AS found
    CROSS JOIN LATERAL (
        SELECT wanted.worth::float / nullif(cardinality(found.ids), 0)
               / CASE WHEN cardinality(found.ids) < wanted.most THEN 1 ELSE {CUT_SAYS_LESS} END
               AS weight OFFSET 0
    ) AS rarity
    CROSS JOIN LATERAL unnest(found.ids) AS one (id)
    WHERE wanted.worth > {PLAIN} OR cardinality(found.ids) < wanted.most
    GROUP BY one.id
    ORDER BY weight DESC, one.id
    LIMIT %s
)
SELECT account.id, account.name, account.domain, account.country, account.name_key,
       account.parent_id,
       EXISTS (SELECT 1 FROM dealreg_account AS part WHERE part.parent_id = account.id),
       alias.name, alias.domain, alias.name_key
FROM close
JOIN dealreg_account AS account ON account.id = close.id
LEFT JOIN dealreg_accountalias AS alias ON alias.account_id = close.id
ORDER BY close.weight DESC, close.id, alias.id
"""  # noqa: S608 (all that is put in is written above)
)
READ_RELATIVES = Prepared("""
SELECT id, name, domain, country, parent_id FROM dealreg_account
WHERE (id = ANY(%(above)s::bigint[]) OR parent_id = ANY(%(sure)s::bigint[]))
  AND merged_into_id IS NULL
ORDER BY id LIMIT %(most)s
""")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known account that may be the customer, how surely (`score` 0 to 100), and which fields
    said so. `alias` is the other name or domain by which it was recognised, `relative_of` the
    match whose parent or subsidiary it is."""

    account_id: int
    name: str
    domain: str
    country: str
    level: ConflictLevel
    agreeing: tuple[str, ...]
    score: int = 0
    fields: tuple[Field, ...] = ()
    alias: str = ""
    relative_of: int | None = None


def find_similar(customer: Customer) -> list[Candidate]:
    """Known accounts like `customer`, surest first (at most 50), with the parents and
    subsidiaries of those that are likely to be it. One or two queries by index."""
    best: dict[int, Candidate] = {}
    families: dict[int, _Family] = {}
    for candidate, family in _compared(customer):
        there = best.get(candidate.account_id)
        if there is None or _surest_first(candidate) < _surest_first(there):
            best[candidate.account_id] = candidate
        if family.known:
            families[candidate.account_id] = family
    sure = {pk for pk in families if best[pk].level in (ConflictLevel.SAME, ConflictLevel.LIKELY)}
    for relative in _relatives({pk: families[pk] for pk in sure}):
        best.setdefault(relative.account_id, relative)
    return sorted(best.values(), key=_surest_first)[:MOST_CANDIDATES]


class _Family(NamedTuple):
    """Whether a customer has a parent and subsidiaries."""

    parent_id: int | None
    subsidiaries: bool

    @property
    def known(self) -> bool:
        return self.subsidiaries or self.parent_id is not None


def _surest_first(one: Candidate) -> tuple[int, int, int, int]:
    return -LEVEL_ORDER.index(one.level), -one.score, -len(one.agreeing), one.account_id


def candidate_ids(customer: Customer) -> list[int]:
    """The accounts worth comparing, those with the most telling keys first (at most 60)."""
    return list(dict.fromkeys(row[0] for row in _close_rows(customer)))


def _close_rows(customer: Customer) -> list[tuple[Any, ...]]:
    keys = query_keys(customer)
    most = [MOST_ROWS[worth] for worth in keys.values()]
    with connection.cursor() as cursor:
        wanted = [list(keys), list(keys.values()), most, MOST_COMPARED]
        FIND_CANDIDATES.run(cursor, wanted)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _compared(customer: Customer) -> Iterable[tuple[Candidate, _Family]]:
    """Each close customer under its own name, then under each other name and domain."""
    last = None
    for row in _close_rows(customer):
        pk, name, domain, country, name_key, *family, alias, alias_domain, alias_key = row
        if pk != last:
            last = pk
            likeness = compare(Customer(name_key, domain, country), customer)
            if likeness.level != ConflictLevel.NONE:
                yield _candidate(pk, name, domain, country, "", likeness), _Family(*family)
        if alias is not None:
            known_as = Customer(alias_key or name_key, alias_domain or domain, country)
            likeness = compare(known_as, customer)
            if likeness.level != ConflictLevel.NONE:
                other = alias or alias_domain
                yield _candidate(pk, name, domain, country, other, likeness), _Family(*family)


def _candidate(
    pk: int, name: str, domain: str, country: str, alias: str, likeness: Likeness
) -> Candidate:
    return Candidate(
        account_id=pk,
        name=name,
        domain=domain,
        country=country,
        level=likeness.level,
        agreeing=likeness.agreeing,
        score=likeness.score,
        fields=likeness.fields,
        alias=alias,
    )


def _relatives(families: dict[int, _Family]) -> list[Candidate]:
    """Parents and subsidiaries of the sure and likely matches: possible, never more."""
    if not families:
        return []
    above = {one.parent_id: pk for pk, one in families.items() if one.parent_id is not None}
    with connection.cursor() as cursor:
        asked = {"above": [*above], "sure": [*families], "most": MOST_RELATIVES}
        READ_RELATIVES.run(cursor, asked)
        rows = cursor.fetchall()
    return [
        Candidate(
            account_id=pk,
            name=name,
            domain=domain,
            country=country,
            level=ConflictLevel.POSSIBLE,
            agreeing=("family",),
            relative_of=above.get(pk, parent_id),
        )
        for pk, name, domain, country, parent_id in rows
    ]


LOCK_IN_TURN = Prepared("""
SELECT pg_advisory_xact_lock(key), clock_timestamp()
FROM (SELECT key FROM unnest(%s::bigint[]) WITH ORDINALITY AS keys (key, place)
      ORDER BY place OFFSET 0) AS sorted
""")


def lock_customer(*known_as: Customer) -> dt.datetime:
    """Makes simultaneous registrations of one customer, also under different spellings, wait
    for each other until the end of the transaction. Locks are taken in one order, so that
    they cannot deadlock; of several customers therefore all at once.

    Returns the moment from which they were all held, by the database's clock.
    """
    keys = {key for customer in known_as for key in lock_keys(customer)}
    with connection.cursor() as cursor:
        LOCK_IN_TURN.run(cursor, [sorted(keys)])
        *_others, (_locked, held_from) = cursor.fetchall()
    return held_from.astimezone(dt.UTC)  # type: ignore[no-any-return]
