"""Where people stand whose partner was merged into another."""

from dataclasses import replace

from core.actor import Actor
from partners.models import Membership, PartnerMerge


def actor_after_merge(actor: Actor) -> Actor | None:
    """Who somebody is whose partner was merged into another after their request began; None for
    everybody else. Two queries, asked only when something was refused."""
    place = Membership.objects.filter(user_id=actor.user_id or 0, left_at__isnull=True).first()
    if actor.partner_id is None or place is None or place.partner_id == actor.partner_id:
        return None
    merges = PartnerMerge.objects.filter(loser_id=actor.partner_id, undone_at__isnull=True)
    if not merges.filter(survivor_id=place.partner_id).exists():
        return None
    return replace(actor, partner_id=place.partner_id, partner_roles=frozenset(place.roles))
