"""The tiers there are, and the moves between them that wait for a person."""

from core.actor import Actor
from partners.models import Tier, TierProposal, in_regions
from partners.models.standing import ProposalStatus

MOST_PROPOSED = 10


def all_tiers() -> list[Tier]:
    """The lowest first."""
    return list(Tier.objects.order_by("rank"))


def entry_tier() -> str:
    """The name of the tier in which partners begin: the lowest; "" when there is none."""
    return Tier.objects.order_by("rank").values_list("name", flat=True).first() or ""


def proposed_tiers(actor: Actor) -> list[TierProposal]:
    """The moves in the actor's regions that wait for a person, oldest first (at most 10)."""
    rows = TierProposal.objects.filter(
        in_regions(actor.region_paths, "partner__region__path"), status=ProposalStatus.WAITING
    )
    return list(
        rows.select_related("partner", "before", "after").order_by("asked_at", "pk")[:MOST_PROPOSED]
    )
