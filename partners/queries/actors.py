"""Who somebody is at this moment, also when their partner was merged into another."""

from dataclasses import replace

from core.actor import ANONYMOUS, Actor, ActorKind, StaffRole
from core.models import User
from partners.models import Membership, PartnerMerge, StaffDuty


def actor_for(user: User) -> Actor:
    """The actor that `user` is at this moment: two queries, nothing remembered.

    A person who was deactivated is nobody. A superuser has every staff role.
    """
    if not user.is_active:
        return ANONYMOUS
    if user.is_staff:
        return _staff_actor(user)
    membership = Membership.objects.filter(user=user, left_at__isnull=True).first()
    return Actor(
        kind=ActorKind.USER,
        label=str(user),
        user_id=user.pk,
        partner_id=membership.partner_id if membership else None,
        partner_roles=frozenset(membership.roles) if membership else frozenset(),
    )


def _staff_actor(user: User) -> Actor:
    duties = list(StaffDuty.objects.filter(user=user).select_related("region"))
    roles = {StaffRole(duty.role) for duty in duties}
    if user.is_superuser:
        roles = set(StaffRole)
    everywhere = user.is_superuser or any(duty.region is None for duty in duties)
    paths = frozenset(duty.region.path for duty in duties if duty.region is not None)
    return Actor(
        kind=ActorKind.USER,
        label=str(user),
        user_id=user.pk,
        staff_roles=frozenset(roles),
        region_paths=frozenset() if everywhere else paths,
    )


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
