"""What a partner earned with the programme against what that cost it, for its own eyes."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import money_rates
from core.actor import Actor
from core.charts import Series
from core.money import Money, NoRate, Rate, convert
from partners.models import PartnerCost
from partners.queries.regions import policy_of
from partners.registries.earnings import Earning, sources
from partners.rules.periods import Period
from partners.rules.profit import Booked, CostKind, EarningKind, Line, lines, quarters_of, year_of
from partners.services.costs import require_accounts

YEARS = 5
CHART_QUARTERS = 8
MOST_COSTS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Profitability:
    """All in `currency`, amounts at the rate of their day. `quarters` are those of the chosen
    year, `recent` the last eight and `all_quarters` those of the last five years; `years` are
    those years, the newest first. `uncounted` are the
    kinds of earnings that nobody counts yet, `unknown` how many earnings of a kind have no known
    amount, `unpriced` the currencies without a rate."""

    currency: str
    year: int
    quarters: tuple[Line, ...]
    total: Line
    years: tuple[Line, ...]
    recent: tuple[Line, ...]
    all_quarters: tuple[Line, ...]
    counted: tuple[EarningKind, ...]
    uncounted: tuple[EarningKind, ...]
    unknown: dict[str, int]
    unpriced: tuple[str, ...]
    has_costs: bool

    @property
    def labels(self) -> list[str]:
        return [short_label(line.period) for line in self.recent]

    @property
    def series(self) -> list[Series]:
        return [
            Series(str(_("Earned")), [line.earned for line in self.recent]),
            Series(str(_("Costs")), [line.cost for line in self.recent]),
        ]


def quarter_label(period: Period) -> str:
    """Of a year its number, of a quarter "Q3 2026"."""
    if period.first.month == 1 and period.last.month == 12:
        return str(period.first.year)
    number = (period.first.month + 2) // 3
    return _("Q%(quarter)s %(year)s") % {"quarter": number, "year": period.first.year}


def short_label(period: Period) -> str:
    """A quarter where there is little room: "Q3 26"."""
    words = {"quarter": (period.first.month + 2) // 3, "year": f"{period.first.year % 100:02}"}
    return _("Q%(quarter)s %(year)s") % words


def years_offered(today: dt.date) -> list[int]:
    return [today.year - back for back in range(YEARS)]


def profitability(
    actor: Actor, year: int | None = None, today: dt.date | None = None
) -> Profitability:
    """Of the actor's own company. About six queries and those of the sources. Another year than
    the last five is answered with this one. Raises PermissionDenied."""
    partner_id = require_accounts(actor)
    today = today or timezone.localdate()
    offered = years_offered(today)
    chosen = year if year in offered else today.year
    whole = Period(dt.date(offered[-1], 1, 1), dt.date(today.year, 12, 31))
    found = [(source.kind, source.query(partner_id, whole)) for source in sources()]
    earnings = [(kind.value, one) for kind, each in found for one in each.earnings]
    stated = costs_stated(partner_id, whole)
    exchange = Exchange(
        policy_of(partner_id).currency.value, (one.currency for _kind, one in earnings + stated)
    )
    earned, costs = list(exchange.booked(earnings)), list(exchange.booked(stated))
    quarters = [quarter for each in reversed(offered) for quarter in quarters_of(each)]
    past = [quarter for quarter in quarters if quarter.first <= today]
    counted = {kind for kind, _earned in found}
    unknown = Counter[str]()
    for kind, each in found:
        unknown[kind.value] += each.unknown
    return Profitability(
        currency=exchange.to,
        year=chosen,
        quarters=tuple(lines(quarters_of(chosen), earned, costs)),
        total=lines([year_of(chosen)], earned, costs)[0],
        years=tuple(lines([year_of(each) for each in offered], earned, costs)),
        recent=tuple(lines(past[-CHART_QUARTERS:], earned, costs)),
        all_quarters=tuple(lines(quarters, earned, costs)),
        counted=tuple(kind for kind in EarningKind if kind in counted),
        uncounted=tuple(kind for kind in EarningKind if kind not in counted),
        unknown={kind: number for kind, number in unknown.items() if number},
        unpriced=tuple(sorted(exchange.without_rate)),
        has_costs=bool(stated),
    )


def costs_stated(partner_id: int, whole: Period) -> list[tuple[str, Earning]]:
    """What the partner stated of a time, each with its kind."""
    rows = PartnerCost.objects.filter(
        partner_id=partner_id, day__gte=whole.first, day__lte=whole.last
    )
    return [
        (kind, Earning(day, amount, code))
        for kind, day, amount, code in rows.values_list("kind", "day", "amount", "currency")
    ]


class Exchange:
    """Amounts into one currency at the rate of their day: one query."""

    def __init__(self, to: str, currencies: Iterable[str]) -> None:
        self.to = to
        self.base = money_rates.base_currency()
        self.rates: list[Rate] = money_rates.dated_rates({*currencies, to})
        self.without_rate: set[str] = set()

    def booked(self, amounts: Iterable[tuple[str, Earning]]) -> Iterable[Booked]:
        for kind, one in amounts:
            worth = self.worth(one)
            if worth is not None:
                yield Booked(kind, one.day, worth)

    def worth(self, one: Earning) -> Decimal | None:
        """None, and kept in mind, where its day has no rate."""
        money = Money(one.amount, one.currency)
        try:
            return convert(money, self.to, on=one.day, base=self.base, rates=self.rates).amount
        except NoRate as missing:
            self.without_rate.add(missing.currency)
            return None


def costs_of(actor: Actor, year: int) -> Sequence[PartnerCost]:
    """What the actor's company states for a year, the newest first (at most 200). Raises
    PermissionDenied."""
    period = year_of(year)
    return list(
        PartnerCost.objects.filter(
            partner_id=require_accounts(actor), day__gte=period.first, day__lte=period.last
        )
        .select_related("written_by")
        .order_by("-day", "-id")[:MOST_COSTS_SHOWN]
    )


def all_costs(actor: Actor) -> "QuerySet[PartnerCost]":
    """Everything that the actor's company states, the newest first. Raises PermissionDenied."""
    rows = PartnerCost.objects.filter(partner_id=require_accounts(actor))
    return rows.order_by("-day", "-id")


def cost_label(kind: str) -> str:
    return str(CostKind(kind).label)
