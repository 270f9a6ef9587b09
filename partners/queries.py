"""Reads about partners, for their own pages and for the apps above."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import OuterRef
from django.db.models.functions import Length, Lower
from django.utils import timezone

from core import money_rates
from core.actor import ANONYMOUS, Actor, ActorKind, StaffRole
from core.models import User
from core.prepared import Prepared
from partners.benefits import Entitlements as Entitlements
from partners.benefits import entitlements as entitlements
from partners.benefits import entitlements_at
from partners.merged import actor_after_merge as actor_after_merge
from partners.models import (
    Holiday,
    Membership,
    Partner,
    PartnerDomain,
    Region,
    RegionCalendar,
    StaffDuty,
    StatusMove,
    Tier,
    TriedRegionPolicy,
)
from partners.models import in_regions as in_regions
from partners.record import territories_of as territories_of
from partners.rollouts import day_of, tried_by
from partners.rollouts import feature_on as feature_on
from partners.rollouts import policies_off as policies_off
from partners.rollouts import tried_out as tried_out
from partners.rules import (
    IN_BUSINESS,
    MAY_REGISTER_DEALS,
    Calendar,
    PartnerRole,
    PartnerStatus,
    Policy,
    RegionSays,
    RegistrationRights,
    policy_in_force,
)
from partners.rules.policies import TRIED
from partners.rules.rollouts import REGION_POLICIES


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


@dataclass(frozen=True, slots=True)
class PartnerCard:
    """Who a partner is, as its own people and staff see it. `manager` may be empty."""

    id: int
    name: str
    type: str
    region: str
    tier: str
    status: str
    status_label: str
    country: str
    manager: str
    manager_email: str
    domains: tuple[str, ...]


def partner_card(partner_id: int) -> PartnerCard:
    """A partner by id: one query. Raises Partner.DoesNotExist."""
    domains = PartnerDomain.objects.filter(partner=OuterRef("pk")).order_by("domain")
    partner = (
        Partner.objects.select_related("tier", "region", "manager")
        .annotate(known_domains=ArraySubquery(domains.values("domain")[:20]))
        .get(pk=partner_id)
    )
    return PartnerCard(
        id=partner.pk,
        name=partner.name,
        type=partner.get_type_display(),
        region=partner.region.name,
        tier=partner.tier.name,
        status=partner.status,
        status_label=partner.get_status_display(),
        country=partner.country,
        manager=str(partner.manager or ""),
        manager_email=partner.manager.email if partner.manager else "",
        domains=tuple(partner.known_domains),  # type: ignore[attr-defined]
    )


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person at a partner; `roles` are labels."""

    name: str
    email: str
    roles: tuple[str, ...]
    joined_at: dt.datetime


MOST_COLLEAGUES = 200
MOST_NAMED = 2000


def colleagues(partner_id: int) -> list[Colleague]:
    """The people of a partner by name (at most 200). One query."""
    places = (
        Membership.objects.filter(partner_id=partner_id, left_at__isnull=True, user__is_active=True)
        .select_related("user")
        .order_by("user__name", "user__email")[:MOST_COLLEAGUES]
    )
    return [
        Colleague(
            name=str(place.user),
            email=place.user.email,
            roles=tuple(str(PartnerRole(role).label) for role in place.roles),
            joined_at=place.joined_at,
        )
        for place in places
    ]


def registration_rights(partner_id: int) -> RegistrationRights:
    """What a partner may do in deal registration now: its tier's own limits, unless a catalogue
    of benefits in force states others. One query, and two when a catalogue is in force.
    Raises Partner.DoesNotExist."""
    with connection.cursor() as cursor:
        RIGHTS.run(cursor, [partner_id])
        found = cursor.fetchone()
    if found is None:
        raise Partner.DoesNotExist(f"There is no partner {partner_id}.")
    name, status, kind, country, region, tier_id, tier, by_tier, open_by_tier, resells = found
    entitled = entitlements_at(partner_id, region, kind, tier_id, timezone.now())
    allowed = None if open_by_tier is None else Decimal(open_by_tier)
    most_open = entitled.limit("registrations", allowed)
    return RegistrationRights(
        partner_id=partner_id,
        partner_name=name,
        status=status,
        partner_type=kind,
        region_path=region,
        tier=tier,
        approval_limit=entitled.limit("approval", by_tier),
        country=country,
        open_limit=None if most_open is None else int(most_open),
        margin=entitled.margin,
        resells=resells,
    )


# For every registration: written out, it costs a quarter of what working it out anew does.
RIGHTS = Prepared("""
SELECT partner.name, partner.status, partner.type, partner.country, region.path,
       tier.id, tier.name, tier.approval_limit, tier.open_registrations_limit,
       EXISTS (SELECT 1 FROM partners_distributionlink WHERE reseller_id = partner.id)
FROM partners_partner AS partner
JOIN partners_region AS region ON region.id = partner.region_id
JOIN partners_tier AS tier ON tier.id = partner.tier_id
WHERE partner.id = %s
""")


def partners_called(names: Collection[str]) -> dict[str, list[int]]:
    """The ids of the partners of each name, whatever its case: name in lower case → ids."""
    wanted = {name.casefold() for name in names if name}
    rows = Partner.objects.annotate(lower=Lower("name")).filter(
        lower__in=wanted | {name.lower() for name in names}
    )
    found: dict[str, list[int]] = {}
    for key, name in rows.order_by("pk").values_list("pk", "name")[:MOST_NAMED]:
        found.setdefault(name.casefold(), []).append(key)
    return found


def people_of(partner_id: int) -> models.QuerySet[User]:
    """The active people of a partner."""
    return User.objects.filter(
        memberships__partner_id=partner_id, memberships__left_at__isnull=True, is_active=True
    ).order_by("pk")


def administrators_of(partner_id: int) -> models.QuerySet[User]:
    """The active people of a partner who administer it."""
    return people_of(partner_id).filter(memberships__roles__contains=[PartnerRole.ADMIN])


def managers_of(partner_id: int) -> list[User]:
    """Who at the vendor looks after a partner: its manager, else the channel managers whose
    regions contain it (at most 20)."""
    partner = Partner.objects.select_related("manager", "region").get(pk=partner_id)
    if partner.manager and partner.manager.is_active:
        return [partner.manager]
    duties = StaffDuty.objects.filter(
        models.Q(region__isnull=True) | models.Q(region__path__in=containing(partner.region.path)),
        role=StaffRole.CHANNEL_MANAGER,
        user__is_active=True,
    )
    return list(User.objects.filter(staff_duties__in=duties).distinct().order_by("pk")[:20])


def partner_at(domain: str) -> int | None:
    """The partner in business that a domain belongs to; None for any other domain. One query."""
    rows = Partner.objects.filter(domains__domain=domain, status__in=sorted(IN_BUSINESS))
    return rows.values_list("pk", flat=True).first() if domain else None


def is_in_business(partner_id: int) -> bool:
    return Partner.objects.filter(pk=partner_id, status__in=sorted(IN_BUSINESS)).exists()


def sellers_of(partner_id: int) -> models.QuerySet[User]:
    """The active people of a partner whose work deals are."""
    places = Membership.objects.filter(
        partner_id=partner_id, left_at__isnull=True, roles__overlap=sorted(MAY_REGISTER_DEALS)
    )
    return User.objects.filter(memberships__in=places, is_active=True).order_by("pk")


MOST_STAFF = 50


def staff_for(region_path: str, *roles: StaffRole) -> list[User]:
    """The active people of the vendor with one of these duties whose regions contain a region, or
    who have it everywhere (at most 50)."""
    duties = StaffDuty.objects.filter(
        models.Q(region__isnull=True) | models.Q(region__path__in=containing(region_path)),
        role__in=[role.value for role in roles],
        user__is_active=True,
    )
    return list(User.objects.filter(staff_duties__in=duties).distinct().order_by("pk")[:MOST_STAFF])


def nearest_managers(region_path: str) -> list[User]:
    """The channel managers of a region; where it has none, of the nearest region above that has
    some, and at last those who work everywhere (at most 50)."""
    duties = StaffDuty.objects.filter(
        models.Q(region__isnull=True) | models.Q(region__path__in=containing(region_path)),
        role=StaffRole.CHANNEL_MANAGER.value,
        user__is_active=True,
    ).select_related("region", "user")
    by_path: dict[str, list[User]] = {}
    for duty in duties.order_by("user_id"):
        by_path.setdefault(duty.region.path if duty.region else "", []).append(duty.user)
    deepest = max(by_path, key=len, default="")
    return by_path.get(deepest, [])[:MOST_STAFF]


def region_of(partner_id: int) -> tuple[int, str]:
    """The id and the path of a partner's region. Raises Partner.DoesNotExist."""
    key, path = Partner.objects.values_list("region_id", "region__path").get(pk=partner_id)
    return key, path


def containing(region_path: str) -> list[str]:
    """The paths of a region and of those above it, the topmost first."""
    codes = region_path.split(".") if region_path else []
    return [".".join(codes[: depth + 1]) for depth in range(len(codes))]


def calendar_of(where: str | int) -> Calendar:
    """When people work in a region (by its path), or in that of a partner (by its id).

    The calendar is the region's own or that of the nearest region above that has one, and
    Monday to Friday in UTC where none has. Holidays are those of all regions above, unless a
    region below works on one. At most three queries.
    """
    if isinstance(where, int):
        where = Partner.objects.values_list("region__path", flat=True).get(pk=where)
    paths = containing(where)
    row = (
        RegionCalendar.objects.filter(region__path__in=paths)
        .order_by(Length("region__path").desc())
        .first()
    )
    working: dict[dt.date, bool] = {}
    days = Holiday.objects.filter(region__path__in=paths).order_by(Length("region__path"))
    for day, worked in days.values_list("day", "worked"):
        working[day] = worked
    holidays = frozenset(day for day, worked in working.items() if not worked)
    if row is None:
        return Calendar(holidays=holidays)
    return Calendar(row.time_zone, frozenset(row.working_days), row.opens, row.closes, holidays)


def policy_of(where: str | int) -> Policy:
    """What holds in a region (by its path), or in that of a partner (by its id), each value
    with the region that sets it. What is tried out there goes before it. Two queries, one for a
    partner's region, and one for what is tried out."""
    partner_id = where if isinstance(where, int) else None
    if isinstance(where, int):
        where = Partner.objects.values_list("region__path", flat=True).get(pk=where)
    rows = (
        Region.objects.filter(path__in=containing(where))
        .order_by(Length("path"))
        .values_list(
            "path",
            "policy__currency",
            "policy__language",
            "calendar__time_zone",
            "policy__approval_limit",
            "policy__any_amount",
            "policy__lead_days",
        )
    )
    said = [
        RegionSays(path, currency or "", language or "", zone or "", limit, bool(any_amount), kept)
        for path, currency, language, zone, limit, any_amount, kept in rows
    ]
    portal = RegionSays(
        "",
        money_rates.base_currency(),
        settings.LANGUAGE_CODE,
        settings.TIME_ZONE,
        any_amount=True,
        lead_days=settings.LEAD_KEPT_DAYS,
    )
    return policy_in_force([*said, *_tried_policy(partner_id, where)], portal)


def _tried_policy(partner_id: int | None, region_path: str) -> list[RegionSays]:
    day = day_of(timezone.now())
    found = tried_by(REGION_POLICIES, partner_id, region_path, day)
    row = TriedRegionPolicy.objects.filter(pk=found[0]).first() if found else None
    if row is None:
        return []
    return [
        RegionSays(
            TRIED,
            row.currency,
            row.language,
            approval_limit=row.approval_limit,
            any_amount=row.any_amount,
        )
    ]


def entry_tier() -> str:
    """The name of the tier in which partners begin: the lowest; "" when there is none."""
    return Tier.objects.order_by("rank").values_list("name", flat=True).first() or ""


def suspension_of(partner_id: int) -> StatusMove | None:
    """Since when and why a partner's people only read; None while they may write."""
    found = StatusMove.objects.filter(partner_id=partner_id).order_by("-pk").first()
    suspended = found is not None and found.new == PartnerStatus.SUSPENDED
    return found if suspended else None
