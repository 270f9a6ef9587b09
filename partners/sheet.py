"""Partners as rows of a spreadsheet: what the export writes, and the import reads back."""

from collections.abc import Callable

from django.db.models import QuerySet

from core.actor import Actor
from partners.models import Partner


def exported(actor: Actor) -> "QuerySet[Partner]":
    """The partners that the actor may see, in the order of their names. A page of 2,000 costs
    two queries."""
    rows = Partner.objects.visible_to(actor).select_related("tier", "region", "manager")
    return rows.prefetch_related("domains").order_by("name", "id")


CELLS: dict[str, Callable[[Partner], str]] = {
    "name": lambda partner: partner.name,
    "type": lambda partner: partner.type,
    "status": lambda partner: partner.status,
    "region": lambda partner: partner.region.path,
    "tier": lambda partner: partner.tier.name,
    "country": lambda partner: partner.country,
    "domains": lambda partner: " ".join(sorted(row.domain for row in partner.domains.all())),
    "manager": lambda partner: partner.manager.email if partner.manager else "",
}
