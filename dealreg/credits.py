"""Who is credited for won deals: each partner's part by role, for measures and statements."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from babel.core import get_global
from django.db import connection

from core.money import minor_units, past_and_present_currencies

WHOSE = "(%(partner)s::bigint IS NULL OR {} = %(partner)s)"
# In SQL as rules/splits.money_parts says it in Python: whole smallest units by the largest
# remainder, larger parts first, and what is below the smallest unit to the largest part.
#
# The parts of won deals with a split in force; `{concerned}` narrows the splits.
SHARED = """
    WITH odd(currency, digits) AS (
        SELECT * FROM unnest(%(odd_currencies)s::text[], %(odd_digits)s::int[])
    ), parts AS (
        SELECT deal.id, deal.currency, deal.closed_on, deal.closed_amount AS amount, unit.s,
               part.id AS part_id, party.id AS party_id, party.partner_id, part.role, part.percent,
               floor(trunc(deal.closed_amount * unit.s) * part.percent / 100) AS floored,
               mod(trunc(deal.closed_amount * unit.s) * part.percent, 100) AS remainder
        FROM dealreg_split AS split
        JOIN dealreg_deal AS deal ON deal.id = split.deal_id
        JOIN dealreg_splitterms AS terms
          ON terms.split_id = split.id AND terms.number = split.number
        JOIN dealreg_splitpart AS part ON part.terms_id = terms.id
        JOIN dealreg_splitparty AS party ON party.id = part.party_id
        LEFT JOIN odd ON odd.currency = deal.currency
        CROSS JOIN LATERAL (SELECT power(10::numeric, coalesce(odd.digits, 2)) AS s) AS unit
        WHERE split.status = 'in_force' AND {concerned}
          AND deal.stage = 'won' AND deal.status = 'approved' AND deal.closed_amount IS NOT NULL
          AND deal.closed_on >= %(period_first)s AND deal.closed_on <= %(period_last)s
    ), ranked AS (
        SELECT parts.*,
               row_number() OVER largest AS by_size,
               row_number() OVER (
                   PARTITION BY id
                   ORDER BY remainder DESC, percent DESC, role COLLATE "C", party_id
               ) AS by_loss,
               trunc(amount * s) - sum(floored) OVER (PARTITION BY id) AS left_over
        FROM parts
        WINDOW largest AS (PARTITION BY id ORDER BY percent DESC, role COLLATE "C", party_id)
    )
    SELECT id AS deal_id, partner_id, role, percent,
           (floored + CASE WHEN by_loss <= left_over THEN 1 ELSE 0 END) / s
               + CASE WHEN by_size = 1 THEN amount - trunc(amount * s) / s ELSE 0 END AS amount,
           currency, closed_on, part_id
    FROM ranked"""
# Where a deal `d` has no split in force, and so is its own partner's alone.
UNSHARED = """NOT EXISTS (
        SELECT 1 FROM dealreg_split AS split
        WHERE split.deal_id = d.id AND split.status = 'in_force')"""
PARTY_OF = """split.id IN (
        SELECT named.split_id FROM dealreg_splitparty AS named WHERE {where})"""
CREDITED = f"""
SELECT deal_id, partner_id, role, percent, amount::numeric(24, 3), currency, closed_on FROM (
    {SHARED.format(concerned=PARTY_OF.format(where=WHOSE.format("named.partner_id")))}
    UNION ALL
    SELECT d.id, d.partner_id, 'source', 100, d.closed_amount, d.currency, d.closed_on, 0
    FROM dealreg_deal AS d
    WHERE d.stage = 'won' AND d.status = 'approved' AND d.closed_amount IS NOT NULL
      AND d.closed_on >= %(period_first)s AND d.closed_on <= %(period_last)s
      AND {WHOSE.format("d.partner_id")} AND {UNSHARED}
) AS credited
WHERE {WHOSE.format("partner_id")}
ORDER BY deal_id, part_id
"""  # noqa: S608
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Credit:
    """A partner's part of one won deal, for one role; the credits of a deal add up to exactly
    what it closed at."""

    deal_id: int
    partner_id: int
    role: str
    percent: Decimal
    amount: Decimal
    currency: str
    closed_on: dt.date


def credited_amounts(
    since: dt.date, until: dt.date, *, partner_id: int | None = None
) -> Iterator[Credit]:
    """The credits of deals won in a period, both days in it, deal by deal; of one partner when
    it is named. Sourced revenue is what has the role "source", influenced what has "influence".

    One statement, whatever there is.
    """
    values = {
        "period_first": since,
        "period_last": until,
        "partner": partner_id,
        **odd_currencies(),
    }
    with connection.cursor() as cursor:
        cursor.execute(CREDITED, values)
        while rows := cursor.fetchmany(BATCH):
            yield from (Credit(*row) for row in rows)


def shared_credits(where: str) -> str:
    """The credits of won deals with a split in force as a query of (deal_id, partner_id, role,
    percent, amount, currency, closed_on, part_id), of splits in which a partner is named for whom
    `where` holds of `named.partner_id`. It asks for the values of `odd_currencies` and the
    period's."""
    return SHARED.format(concerned="true" if where == "true" else PARTY_OF.format(where=where))


def odd_currencies() -> dict[str, list[str] | list[int]]:
    """The currencies that do not have two decimals."""
    odd = {
        code: minor_units(code)
        for code in sorted(past_and_present_currencies() & set(get_global("currency_fractions")))
        if minor_units(code) != 2
    }
    return {"odd_currencies": list(odd), "odd_digits": list(odd.values())}
