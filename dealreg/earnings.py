"""What partners earned with deals: the margin that their protection guaranteed."""

from decimal import Decimal

from core.sql import Sql, rows_of
from dealreg.credits import CREDITED, odd_currencies
from partners.registries.earnings import Earned, Earning, EarningSource, declare_source
from partners.rules.periods import Period
from partners.rules.profit import EarningKind

# The partner's own won deals, or its parts of them where it shares them, by day.
MARGINS = f"""
SELECT credit.closed_on, credit.currency, protection.margin, sum(credit.amount),
       count(DISTINCT credit.deal_id)
FROM ({CREDITED}) AS credit
JOIN dealreg_deal AS own ON own.id = credit.deal_id AND own.partner_id = %(partner)s
LEFT JOIN dealreg_protection AS protection ON protection.deal_id = credit.deal_id
GROUP BY credit.closed_on, credit.currency, protection.margin
ORDER BY credit.closed_on, credit.currency
"""  # noqa: S608
HUNDRED = Decimal(100)


def margins(partner_id: int, period: Period) -> Earned:
    """Closed amount × guaranteed margin of the won deals that the partner registered, on the day
    they closed; unknown are those of which nothing was guaranteed. One query."""
    values = {
        "period_first": period.first,
        "period_last": period.last,
        "partner": partner_id,
        **odd_currencies(),
    }
    earnings, unknown = [], 0
    for day, currency, margin, amount, deals in rows_of(Sql(MARGINS, values)):
        if margin is None:
            unknown += deals
        else:
            earnings.append(Earning(day, amount * margin / HUNDRED, currency))
    return Earned(earnings, unknown)


declare_source(EarningSource(EarningKind.MARGIN, margins))
