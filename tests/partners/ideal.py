"""An ideal partner profile to test with."""

from decimal import Decimal
from typing import Any

from partners.models import IdealProfile
from partners.rules.fit import Band, Criterion
from partners.services import ideal_profiles as services
from tests.partners.programme import TEST

SUPPORT = "Has its own support team"


def criteria() -> tuple[Criterion, ...]:
    """Employees, type and a question, half of the weight on the first."""
    return (
        Criterion(
            "a1",
            "employees",
            "Size",
            50,
            bands=(Band(Decimal(10), 50), Band(Decimal(50), 100), Band(Decimal(500), 60)),
        ),
        Criterion("b2", "type", "Business", 30, members=frozenset({"reseller", "msp"})),
        Criterion("c3", "check", SUPPORT, 20),
    )


def draft(wanted: tuple[Criterion, ...] | None = None, **settings: Any) -> IdealProfile:
    row = services.draft_ideal(actor=TEST)
    said = criteria() if wanted is None else wanted
    written = services.IdealDraft(**{"title": "Ideal", "criteria": said, **settings})
    services.write_ideal(actor=TEST, profile_id=row.pk, draft=written)
    row.refresh_from_db()
    return row


def published(wanted: tuple[Criterion, ...] | None = None, **settings: Any) -> IdealProfile:
    when = settings.pop("effective_from", None)
    row = draft(wanted, **settings)
    return services.publish_ideal(actor=TEST, profile_id=row.pk, effective_from=when)
