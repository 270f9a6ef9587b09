"""A programme to test with: Registered, Silver, Gold, by revenue and registrations."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.actor import system
from dealreg.models import Account, Deal
from partners.models import Partner, Tier, TierProgramme
from partners.services import programmes as services
from partners.services.programmes import LevelDraft, ProgrammeDraft

TEST = system("test")


def tiers() -> dict[str, Tier]:
    """By name, the cast's Silver between the others."""
    Tier.objects.get_or_create(name="Silver", defaults={"rank": 10})
    Tier.objects.filter(name="Silver").update(rank=10)
    for name, rank in [("Registered", 5), ("Gold", 20)]:
        Tier.objects.get_or_create(name=name, defaults={"rank": rank})
    return {tier.name: tier for tier in Tier.objects.all()}


def asked(**silver_and_gold: Any) -> list[LevelDraft]:
    known = tiers()
    return [
        LevelDraft(known["Registered"].pk),
        LevelDraft(known["Silver"].pk, {"sourced_revenue": Decimal(10_000)}),
        LevelDraft(
            known["Gold"].pk, {"sourced_revenue": Decimal(50_000), "deals_registered": Decimal(3)}
        ),
    ]


def draft(**settings: Any) -> TierProgramme:
    row = services.draft_programme(actor=TEST)
    written = ProgrammeDraft(**{"title": "Test", "levels": asked(), **settings})
    services.write_programme(actor=TEST, programme_id=row.pk, draft=written)
    return TierProgramme.objects.get(pk=row.pk)


def published(**settings: Any) -> TierProgramme:
    return services.publish_programme(actor=TEST, programme_id=draft(**settings).pk)


def won(
    partner: Partner,
    amount: float | Decimal,
    currency: str = "EUR",
    *,
    days_ago: int = 5,
    stage: str = "won",
    **fields: Any,
) -> Deal:
    """A registered and closed deal, as history."""
    when = timezone.now() - dt.timedelta(days=days_ago)
    account = Account.objects.create(name="Somebody", name_key="somebody", country="DE")
    defaults: dict[str, Any] = {
        "partner": partner,
        "account": account,
        "product_line_id": fields.pop("line_id"),
        "customer_name": "Somebody",
        "amount": amount,
        "currency": currency,
        "status": "approved",
        "stage": stage,
        "closed_on": when.date() if stage in {"won", "lost"} else None,
        "closed_amount": {"won": Decimal(amount), "lost": Decimal(0)}.get(stage),
        "submitted_at": when,
        "decided_at": when,
        "decided_by": "x",
        "expected_close": when.date(),
    }
    return Deal.objects.create(**{**defaults, **fields})
