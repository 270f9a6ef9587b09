"""What a company of the example states that the programme cost it."""

import datetime as dt
from decimal import Decimal

from core import money_rates
from core.models import User
from partners.models import PartnerCost
from partners.queries import actor_for
from partners.rules.profit import Cost, CostKind
from partners.services.costs import add_cost
from prm.demo.programme import IN_EUROS, rounded

BOOKKEEPER = "katrin@nordlicht.example"
# Kind, how many days ago, euros, what for.
COSTS = (
    (CostKind.CERTIFICATION, 30, 1_900, "Exams of two engineers"),
    (CostKind.PEOPLE, 45, 4_200, "A seller, one day a week"),
    (CostKind.EVENTS, 75, 2_600, "Stand at the autumn fair"),
    (CostKind.PEOPLE, 135, 4_200, "A seller, one day a week"),
    (CostKind.CERTIFICATION, 200, 2_400, "Course in Hamburg"),
    (CostKind.PEOPLE, 225, 4_200, "A seller, one day a week"),
    (CostKind.OTHER, 260, 350, "Demo hardware"),
    (CostKind.EVENTS, 330, 1_800, "Breakfast for customers"),
    (CostKind.PEOPLE, 400, 3_900, "A seller, one day a week"),
    (CostKind.CERTIFICATION, 520, 1_200, "Exams of an engineer"),
)


def state_costs(now: dt.datetime) -> None:
    """By the administrator of one company; nothing when something is stated."""
    if PartnerCost.objects.exists():
        return
    base = money_rates.base_currency()
    actor = actor_for(User.objects.get(email=BOOKKEEPER))
    for kind, days, euros, note in COSTS:
        amount = rounded(Decimal(euros) / IN_EUROS[base])
        day = now.date() - dt.timedelta(days=days)
        add_cost(actor=actor, cost=Cost(kind, day, amount, base, note))
