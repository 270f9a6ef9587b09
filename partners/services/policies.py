"""Policies of regions brought in at once, for the example and for imports; operations edit them
in the back office afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from core.actor import Actor
from core.rows import add_row
from partners.models import Region, RegionPolicy
from partners.services.authority import require_operations


@dataclass(frozen=True, slots=True)
class NewPolicy:
    """`region` is a path; `approval_limit` is in the base currency. What is empty is inherited."""

    region: str
    currency: str = ""
    language: str = ""
    approval_limit: Decimal | None = None


@transaction.atomic
def add_policies(*, actor: Actor, policies: Sequence[NewPolicy]) -> None:
    """Adds what is missing; what is there stays as it is. Raises PermissionDenied."""
    require_operations(actor)
    regions = {region.path: region for region in Region.objects.select_for_update().order_by("pk")}
    known = set(RegionPolicy.objects.values_list("region_id", flat=True))
    for new in policies:
        region = regions[new.region]
        if region.pk not in known:
            add_row(
                actor=actor,
                row=RegionPolicy(
                    region=region,
                    currency=new.currency,
                    language=new.language,
                    approval_limit=new.approval_limit,
                ),
            )
