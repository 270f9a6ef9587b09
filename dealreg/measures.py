"""What deals say about a partner: revenue, pipeline, registrations, rates.

Amounts are converted into the base currency at the rate of the day on which a deal closed;
what is open, at the newest rate. An amount without a rate on its day counts nothing, and
`fsck` names it.
"""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core import money_rates
from core.sql import Sql
from dealreg import selling
from dealreg.credits import UNSHARED, odd_currencies, shared_credits
from dealreg.events import (
    DealApproved,
    DealDeclined,
    DealLost,
    DealRegistered,
    DealReopened,
    DealWithdrawn,
    DealWon,
    SaleAmountChanged,
)
from dealreg.rules.splits import SplitRole
from dealreg.split_events import (
    SplitCredited,
    SplitCreditEnded,
    SplitInForce,
    SplitReplaced,
)
from partners.events.tiers import MeasureValueEntered
from partners.measures import Among, Measure, Moves, Period, Unit, declare_moves, register
from partners.measures.own import entered_in_period

ENTERED_INFLUENCE = entered_in_period("influenced_revenue")
# What the vendor has accepted; only such deals are sold (a constraint).
ACCEPTED = "d.status = 'approved'"
# The condition of the index that these count from.
CLOSED_DEAL = "d.stage IN ('won', 'lost')"


def days_of(period: Period) -> dict[str, object]:
    return {"period_first": period.first, "period_last": period.last}


def converted(amount: str, currency: str) -> str:
    """The amount in the base currency; `rate` is joined by `rates_on`."""
    return (
        f"CASE WHEN {currency} = %(base_currency)s THEN {amount} "
        f"ELSE round({amount} * rate.rate, 3) END"
    )


def rates_on(day: str, currency: str) -> str:
    return (
        f"LEFT JOIN {money_rates.RATES} AS rate ON rate.currency = {currency} "
        f"AND {day} >= rate.since AND {day} < rate.until"
    )


def sourced_revenue(period: Period, among: Among) -> Sql:
    text = f"""
        SELECT partner_id, sum(value) AS value FROM (
            SELECT d.partner_id,
                   coalesce(sum({converted("d.closed_amount", "d.currency")}), 0) AS value
            FROM dealreg_deal d {rates_on("d.closed_on", "d.currency")}
            WHERE {CLOSED_DEAL} AND d.stage = 'won' AND {ACCEPTED}
              AND {among.where("d.partner_id")}
              AND d.closed_on >= %(period_first)s AND d.closed_on <= %(period_last)s
              AND {UNSHARED}
            GROUP BY d.partner_id
            UNION ALL
            {credited_as(SplitRole.SOURCE, among)}
        ) AS sourced
        GROUP BY partner_id"""  # noqa: S608
    return Sql(text, values_of(period, among))


def influenced_revenue(period: Period, among: Among) -> Sql:
    entered = ENTERED_INFLUENCE(period, among)
    text = f"""
        SELECT partner_id, sum(value) AS value FROM (
            {entered.text}
            UNION ALL
            {credited_as(SplitRole.INFLUENCE, among)}
        ) AS influenced
        GROUP BY partner_id"""  # noqa: S608
    return Sql(text, {**values_of(period, among), **entered.values})


def credited_as(role: SplitRole, among: Among) -> str:
    """What partners are credited in one role by splits in force, as (partner_id, value)."""
    worth = converted("credit.amount", "credit.currency")
    return f"""
            SELECT credit.partner_id, coalesce(sum({worth}), 0) AS value
            FROM ({shared_credits(among.where("named.partner_id"))}) AS credit
            {rates_on("credit.closed_on", "credit.currency")}
            WHERE credit.role = '{role.value}' AND {among.where("credit.partner_id")}
            GROUP BY credit.partner_id"""  # noqa: S608


def values_of(period: Period, among: Among) -> dict[str, object]:
    base = {"base_currency": money_rates.base_currency()}
    return {**days_of(period), **among.values, **base, **odd_currencies()}


def open_pipeline(period: Period, among: Among) -> Sql:
    day = "%(period_last)s::date"
    text = f"""
        SELECT d.partner_id, coalesce(sum({converted("d.amount", "d.currency")}), 0) AS value
        FROM dealreg_deal d {rates_on(day, "d.currency")}
        WHERE {ACCEPTED} AND d.stage NOT IN ('won', 'lost') AND {among.where("d.partner_id")}
        GROUP BY d.partner_id"""  # noqa: S608
    base = {"base_currency": money_rates.base_currency(), "period_last": period.last}
    return Sql(text, {**among.values, **base})


def deals_registered(period: Period, among: Among) -> Sql:
    text = f"""
        SELECT d.partner_id, count(*)::numeric AS value
        FROM dealreg_deal d
        WHERE d.status <> 'draft' AND {among.where("d.partner_id")}
          AND d.submitted_at >= %(period_first)s AND d.submitted_at < %(period_last)s + 1
        GROUP BY d.partner_id"""  # noqa: S608
    return Sql(text, {**days_of(period), **among.values})


def approval_rate(period: Period, among: Among) -> Sql:
    # What was approved may have been withdrawn or have lapsed since; a refusal stays one.
    text = f"""
        SELECT d.partner_id,
               round(100.0 * count(*) FILTER (WHERE d.status <> 'declined') / count(*), 3) AS value
        FROM dealreg_deal d
        WHERE d.status NOT IN ('draft', 'in_review', 'needs_info')
          AND {among.where("d.partner_id")}
          AND d.decided_at >= %(period_first)s AND d.decided_at < %(period_last)s + 1
        GROUP BY d.partner_id"""  # noqa: S608
    return Sql(text, {**days_of(period), **among.values})


def win_rate(period: Period, among: Among) -> Sql:
    text = f"""
        SELECT d.partner_id,
               round(100.0 * count(*) FILTER (WHERE d.stage = 'won') / count(*), 3) AS value
        FROM dealreg_deal d
        WHERE {CLOSED_DEAL} AND {ACCEPTED} AND {among.where("d.partner_id")}
          AND d.closed_on >= %(period_first)s AND d.closed_on <= %(period_last)s
        GROUP BY d.partner_id"""  # noqa: S608
    return Sql(text, {**days_of(period), **among.values})


def deals_won(period: Period, among: Among) -> Sql:
    text = f"""
        SELECT d.partner_id, count(*)::numeric AS value
        FROM dealreg_deal d
        WHERE {CLOSED_DEAL} AND d.stage = 'won' AND {ACCEPTED}
          AND {among.where("d.partner_id")}
          AND d.closed_on >= %(period_first)s AND d.closed_on <= %(period_last)s
        GROUP BY d.partner_id"""  # noqa: S608
    return Sql(text, {**days_of(period), **among.values})


DECIDED = (DealApproved, DealDeclined, DealWithdrawn)
CLOSED = (DealWon, DealLost, DealReopened, DealWithdrawn)
CREDITED = (SplitInForce, SplitReplaced, SplitCredited, SplitCreditEnded)
OPEN = (*DECIDED, *CLOSED, SaleAmountChanged)

register(
    Measure(
        "sourced_revenue",
        Unit.MONEY,
        _("Sourced revenue"),
        _(
            "Closed amounts of won deals that closed in the period: of the partner's own, or its "
            "part as the source where partners agreed on a split."
        ),
        sourced_revenue,
        (*CLOSED, *CREDITED),
    )
)
register(
    Measure(
        "influenced_revenue",
        Unit.MONEY,
        _("Influenced revenue"),
        _(
            "The partner's parts as influence of won deals that closed in the period, by the "
            "splits in force, and what was entered."
        ),
        influenced_revenue,
        (*CLOSED, *CREDITED, MeasureValueEntered),
        stored=True,
    )
)
register(
    Measure(
        "deals_won",
        Unit.COUNT,
        _("Deals won"),
        _("The partner's own deals that were won in the period."),
        deals_won,
        CLOSED,
    )
)
register(
    Measure(
        "open_pipeline",
        Unit.MONEY,
        _("Open pipeline"),
        _("Expected amounts of approved deals that are not closed; as of now."),
        open_pipeline,
        OPEN,
    )
)
register(
    Measure(
        "deals_registered",
        Unit.COUNT,
        _("Deals registered"),
        _("Deals that the partner registered in the period, whatever became of them."),
        deals_registered,
        (DealRegistered,),
    )
)
register(
    Measure(
        "approval_rate",
        Unit.PERCENT,
        _("Approval rate"),
        _("The share of approved registrations among those decided in the period."),
        approval_rate,
        DECIDED,
        Decimal("0.5"),
    )
)
register(
    Measure(
        "win_rate",
        Unit.PERCENT,
        _("Win rate"),
        _("The share of won deals among those closed in the period."),
        win_rate,
        CLOSED,
        Decimal(1),
    )
)
declare_moves(Moves(("deals_won", "sourced_revenue", "win_rate"), selling.moves, selling.words_of))
