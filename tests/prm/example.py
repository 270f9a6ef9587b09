"""What the tests ask of the example and of larger ones."""

from decimal import Decimal

from core.models import Event, Notification, OutgoingMail, User
from dealreg.models import Account, Deal, Decision
from dealreg.rules.facts import FactValue
from partners.models import Partner


def counts() -> dict[str, int]:
    models = (Account, Deal, Decision, Event, Notification, OutgoingMail, Partner, User)
    return {model.__name__: model.objects.count() for model in models}


def facts_of(decision: Decision) -> dict[str, FactValue]:
    facts: dict[str, FactValue] = dict(decision.facts)
    amount = decision.facts["deal.amount"]
    return facts | {"deal.amount": None if amount is None else Decimal(amount)}
