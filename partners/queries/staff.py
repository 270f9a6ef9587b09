"""Who at the vendor looks after whom."""

from django.db.models import Q

from core.actor import StaffRole
from core.models import User
from partners.models import Partner, StaffDuty
from partners.queries.regions import containing

MOST_STAFF = 50


def managers_of(partner_id: int) -> list[User]:
    """Who at the vendor looks after a partner: its manager, else the channel managers whose
    regions contain it (at most 20)."""
    partner = Partner.objects.select_related("manager", "region").get(pk=partner_id)
    if partner.manager and partner.manager.is_active:
        return [partner.manager]
    duties = StaffDuty.objects.filter(
        Q(region__isnull=True) | Q(region__path__in=containing(partner.region.path)),
        role=StaffRole.CHANNEL_MANAGER,
        user__is_active=True,
    )
    return list(User.objects.filter(staff_duties__in=duties).distinct().order_by("pk")[:20])


def staff_for(region_path: str, *roles: StaffRole) -> list[User]:
    """The active people of the vendor with one of these duties whose regions contain a region, or
    who have it everywhere (at most 50)."""
    duties = StaffDuty.objects.filter(
        Q(region__isnull=True) | Q(region__path__in=containing(region_path)),
        role__in=[role.value for role in roles],
        user__is_active=True,
    )
    return list(User.objects.filter(staff_duties__in=duties).distinct().order_by("pk")[:MOST_STAFF])


def nearest_managers(region_path: str) -> list[User]:
    """The channel managers of a region; where it has none, of the nearest region above that has
    some, and at last those who work everywhere (at most 50)."""
    duties = StaffDuty.objects.filter(
        Q(region__isnull=True) | Q(region__path__in=containing(region_path)),
        role=StaffRole.CHANNEL_MANAGER.value,
        user__is_active=True,
    ).select_related("region", "user")
    by_path: dict[str, list[User]] = {}
    for duty in duties.order_by("user_id"):
        by_path.setdefault(duty.region.path if duty.region else "", []).append(duty.user)
    deepest = max(by_path, key=len, default="")
    return by_path.get(deepest, [])[:MOST_STAFF]
