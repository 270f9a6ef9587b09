"""What the tests ask of the example and of larger ones."""

import io
from decimal import Decimal
from pathlib import Path

from django.core.management import call_command

from core.models import Event, Notification, OutgoingMail, User
from dealreg.models import Account, Deal, Decision
from dealreg.rules.facts import FactValue
from partners.models import Partner


def seed_demo(sign_ins: Path, *options: str) -> str:
    """What `manage.py seed_demo` prints."""
    output = io.StringIO()
    call_command("seed_demo", "--sign-ins", str(sign_ins), *options, stdout=output)
    return output.getvalue()


def counts() -> dict[str, int]:
    models = (Account, Deal, Decision, Event, Notification, OutgoingMail, Partner, User)
    return {model.__name__: model.objects.count() for model in models}


def facts_of(decision: Decision) -> dict[str, FactValue]:
    facts: dict[str, FactValue] = dict(decision.facts)
    amount = decision.facts["deal.amount"]
    return facts | {"deal.amount": None if amount is None else Decimal(amount)}
