"""Who is credited for won deals: each partner's part by role, for measures and statements."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from babel.core import get_global
from django.db import connection

from core.money import minor_units, past_and_present_currencies

# In SQL as rules/splits.money_parts says it in Python: whole smallest units by the largest
# remainder, larger parts first, and what is below the smallest unit to the largest part. A deal
# without a split in force is its own partner's, who found it.
CREDITED = """
WITH odd(currency, digits) AS (
    SELECT * FROM unnest(%(currencies)s::text[], %(digits)s::int[])
), won AS (
    SELECT deal.id, deal.partner_id, deal.currency, deal.closed_on, deal.closed_amount AS amount,
           power(10::numeric, coalesce(odd.digits, 2)) AS units
    FROM dealreg_deal AS deal LEFT JOIN odd USING (currency)
    WHERE deal.stage = 'won' AND deal.closed_amount IS NOT NULL
      AND deal.closed_on >= %(since)s AND deal.closed_on <= %(until)s
      AND (%(partner)s::bigint IS NULL OR deal.partner_id = %(partner)s OR deal.id IN (
          SELECT split.deal_id FROM dealreg_splitparty AS party
          JOIN dealreg_split AS split ON split.id = party.split_id AND split.status = 'in_force'
          WHERE party.partner_id = %(partner)s
      ))
), parts AS (
    SELECT won.*, part.id AS part_id, party.id AS party_id, party.partner_id AS credited_id,
           part.role, part.percent,
           floor(trunc(won.amount * won.units) * part.percent / 100) AS floored,
           mod(trunc(won.amount * won.units) * part.percent, 100) AS remainder
    FROM won
    JOIN dealreg_split AS split ON split.deal_id = won.id AND split.status = 'in_force'
    JOIN dealreg_splitterms AS terms ON terms.split_id = split.id AND terms.number = split.number
    JOIN dealreg_splitpart AS part ON part.terms_id = terms.id
    JOIN dealreg_splitparty AS party ON party.id = part.party_id
), ranked AS (
    SELECT parts.*,
           row_number() OVER largest AS by_size,
           row_number() OVER (
               PARTITION BY id
               ORDER BY remainder DESC, percent DESC, role COLLATE "C", party_id
           ) AS by_loss,
           trunc(amount * units) - sum(floored) OVER (PARTITION BY id) AS left_over
    FROM parts
    WINDOW largest AS (PARTITION BY id ORDER BY percent DESC, role COLLATE "C", party_id)
), credited AS (
    SELECT id AS deal_id, credited_id AS partner_id, role, percent,
           (floored + CASE WHEN by_loss <= left_over THEN 1 ELSE 0 END) / units
               + CASE WHEN by_size = 1 THEN amount - trunc(amount * units) / units ELSE 0 END
               AS amount,
           currency, closed_on, part_id
    FROM ranked
    UNION ALL
    SELECT won.id, won.partner_id, 'source', 100, won.amount, won.currency, won.closed_on, 0
    FROM won
    WHERE NOT EXISTS (
        SELECT 1 FROM dealreg_split AS split
        WHERE split.deal_id = won.id AND split.status = 'in_force'
    )
)
SELECT deal_id, partner_id, role, percent, amount::numeric(24, 3), currency, closed_on
FROM credited
WHERE %(partner)s::bigint IS NULL OR partner_id = %(partner)s
ORDER BY deal_id, part_id
"""
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
        "since": since,
        "until": until,
        "partner": partner_id,
        **_odd_currencies(),
    }
    with connection.cursor() as cursor:
        cursor.execute(CREDITED, values)
        while rows := cursor.fetchmany(BATCH):
            yield from (Credit(*row) for row in rows)


def _odd_currencies() -> dict[str, list[str] | list[int]]:
    """The currencies that do not have two decimals."""
    odd = {
        code: minor_units(code)
        for code in sorted(past_and_present_currencies() & set(get_global("currency_fractions")))
        if minor_units(code) != 2
    }
    return {"currencies": list(odd), "digits": list(odd.values())}
