"""Bringing a programme in: regions, tiers, partners and people, many at once.

Each function adds what is missing by its natural key and leaves what is there as it is, so
that it can be run again. Each answers with the ids of all that was asked for.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from core.actor import Actor, StaffRole
from core.events import NewEvent, record_many
from core.models import User
from partners.events.organisations import PartnerAdded, RegionAdded, TierAdded
from partners.events.people import DutyGiven, PersonJoined
from partners.models import Membership, Partner, PartnerDomain, Region, StaffDuty, Tier, TierStay
from partners.queries.regions import policy_of
from partners.rules import PartnerRole, PartnerStatus, PartnerType, Policy

ONE_AT_A_TIME = 7004


@dataclass(frozen=True, slots=True)
class NewRegion:
    """`parent` is the path of the region above ("EMEA"), empty for a root."""

    code: str
    name: str
    parent: str = ""

    @property
    def path(self) -> str:
        return f"{self.parent}.{self.code}" if self.parent else self.code


@dataclass(frozen=True, slots=True)
class NewTier:
    """`approval_limit` is in the base currency; None means without limit."""

    name: str
    rank: int
    approval_limit: Decimal | None


@dataclass(frozen=True, slots=True)
class NewPartner:
    """A partner is known by its name and region."""

    name: str
    region: str
    tier: str
    type: PartnerType
    status: PartnerStatus
    manager_id: int | None = None
    country: str = ""
    domains: tuple[str, ...] = ()
    since: dt.datetime = field(default_factory=timezone.now)

    @property
    def key(self) -> tuple[str, str]:
        return self.name.lower(), self.region


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody at a partner; known by the e-mail address. Without a language or a time zone
    they are those of the partner's region."""

    email: str
    name: str
    partner_id: int
    roles: tuple[PartnerRole, ...]
    language: str = ""
    time_zone: str = ""
    joined_at: dt.datetime = field(default_factory=timezone.now)


@dataclass(frozen=True, slots=True)
class NewStaff:
    """Somebody at the vendor; each duty is a role and a region's path (None: everywhere)."""

    email: str
    name: str
    duties: tuple[tuple[StaffRole, str | None], ...]
    time_zone: str = "UTC"
    joined_at: dt.datetime = field(default_factory=timezone.now)


@dataclass(frozen=True, slots=True)
class Added:
    """The ids of all that was asked for, and the keys of those that were not there before."""

    ids: Mapping[str, int]
    new: frozenset[str]


@transaction.atomic
def add_regions(*, actor: Actor, regions: Sequence[NewRegion]) -> dict[str, int]:
    """Path → id. Parents come before their children."""
    _wait_for_others()
    ids = dict(Region.objects.values_list("path", "id"))
    for new in regions:
        if new.path in ids:
            continue
        parent = ids[new.parent] if new.parent else None
        region = Region.objects.create(
            code=new.code, name=new.name, parent_id=parent, path=new.path
        )
        ids[new.path] = region.pk
        record_many([NewEvent(RegionAdded(new.path, new.name), region)], actor=actor)
    return {new.path: ids[new.path] for new in regions}


@transaction.atomic
def add_tiers(*, actor: Actor, tiers: Sequence[NewTier]) -> dict[str, int]:
    """Name → id."""
    _wait_for_others()
    known = set(Tier.objects.values_list("name", flat=True))
    rows = Tier.objects.bulk_create(
        Tier(name=new.name, rank=new.rank, approval_limit=new.approval_limit)
        for new in tiers
        if new.name not in known
    )
    record_many(
        [NewEvent(TierAdded(tier.name, tier.rank, tier.approval_limit), tier) for tier in rows],
        actor=actor,
    )
    return dict(Tier.objects.values_list("name", "id"))


@transaction.atomic
def add_partners(*, actor: Actor, partners: Sequence[NewPartner]) -> dict[tuple[str, str], int]:
    """(lower-case name, region's path) → id. Regions and tiers are there already."""
    _wait_for_others()
    regions = dict(Region.objects.values_list("path", "id"))
    tiers = dict(Tier.objects.values_list("name", "id"))
    ids = partner_ids()
    missing = list({new.key: new for new in partners if new.key not in ids}.values())
    made = list(zip(_insert_partners(missing, regions, tiers), missing, strict=True))
    PartnerDomain.objects.bulk_create(
        PartnerDomain(partner=partner, domain=domain)
        for partner, new in made
        for domain in new.domains
    )
    TierStay.objects.bulk_create(
        TierStay(partner=partner, tier_id=partner.tier_id, since=new.since, by=actor.label[:200])
        for partner, new in made
    )
    news = [
        NewEvent(
            PartnerAdded(new.name, new.type.value, new.status.value, new.tier, new.region),
            partner,
            partner.pk,
            new.since,
        )
        for partner, new in made
    ]
    record_many(news, actor=actor)
    ids |= {new.key: partner.pk for partner, new in made}
    return {new.key: ids[new.key] for new in partners}


def _insert_partners(
    missing: Sequence[NewPartner], regions: Mapping[str, int], tiers: Mapping[str, int]
) -> list[Partner]:
    return Partner.objects.bulk_create(
        Partner(
            name=new.name,
            type=new.type,
            status=new.status,
            region_id=regions[new.region],
            tier_id=tiers[new.tier],
            manager_id=new.manager_id,
            country=new.country,
            created_at=new.since,
        )
        for new in missing
    )


def partner_ids() -> dict[tuple[str, str], int]:
    rows = Partner.objects.order_by().values_list("name", "region__path", "id")
    return {(name.lower(), path): pk for name, path, pk in rows}


@transaction.atomic
def add_people(*, actor: Actor, people: Sequence[NewPerson]) -> Added:
    """Answers with user ids by address. They cannot sign in with a password until they set one;
    their addresses count as verified, because whoever brings them in vouches for them."""
    _wait_for_others()
    policies = _policies(people)
    ids, added = _add_users(
        {
            new.email: User(
                email=new.email,
                name=new.name,
                language=new.language or policies[new.partner_id].language.value,
                time_zone=new.time_zone or policies[new.partner_id].time_zone.value,
                date_joined=new.joined_at,
            )
            for new in people
        }
    )
    joining = [new for new in people if new.email in added]
    Membership.objects.bulk_create(
        Membership(
            user_id=ids[new.email],
            partner_id=new.partner_id,
            roles=[role.value for role in new.roles],
            joined_at=new.joined_at,
        )
        for new in joining
    )
    news = [
        NewEvent(
            PersonJoined(new.email, tuple(role.value for role in new.roles)),
            added[new.email],
            new.partner_id,
            new.joined_at,
        )
        for new in joining
    ]
    record_many(news, actor=actor)
    return Added(ids, frozenset(added))


def _policies(people: Sequence[NewPerson]) -> dict[int, Policy]:
    """What holds where the people's partners are, by partner. A query for each region."""
    wanted = {new.partner_id for new in people}
    rows = Partner.objects.filter(pk__in=wanted).order_by()
    regions = dict(rows.values_list("pk", "region__path"))
    held = {path: policy_of(path) for path in set(regions.values())}
    return {partner_id: held[path] for partner_id, path in regions.items()}


@transaction.atomic
def add_staff(*, actor: Actor, staff: Sequence[NewStaff]) -> dict[str, int]:
    """Address → user id. An account at the vendor gets the duties that it does not have yet;
    an address of somebody at a partner is refused with ValueError."""
    _wait_for_others()
    ids, _added = _add_users(
        {
            new.email: User(
                email=new.email,
                name=new.name,
                time_zone=new.time_zone,
                date_joined=new.joined_at,
                is_staff=True,
            )
            for new in staff
        }
    )
    outsiders = User.objects.filter(pk__in=ids.values(), is_staff=False)
    if outsiders.exists():
        raise ValueError(f"{outsiders[0].email} is not an account of the vendor's staff.")
    regions = dict(Region.objects.values_list("path", "id"))
    rows = _give_duties(staff, ids, regions)
    paths = {pk: path for path, pk in regions.items()}
    users = User.objects.in_bulk(ids.values())
    news = [
        NewEvent(DutyGiven(duty.role, paths.get(duty.region_id or 0, "")), users[duty.user_id])
        for duty in rows
    ]
    record_many(news, actor=actor)
    return ids


def _give_duties(
    staff: Sequence[NewStaff], ids: Mapping[str, int], regions: Mapping[str, int]
) -> list[StaffDuty]:
    """The duties that the accounts do not have yet."""
    wanted = [
        StaffDuty(
            user_id=ids[new.email], role=role.value, region_id=regions[path] if path else None
        )
        for new in staff
        for role, path in new.duties
    ]
    known = set(
        StaffDuty.objects.filter(user__in=ids.values()).values_list("user", "role", "region")
    )
    return StaffDuty.objects.bulk_create(
        duty for duty in wanted if (duty.user_id, duty.role, duty.region_id) not in known
    )


def _add_users(users: dict[str, User]) -> tuple[dict[str, int], dict[str, User]]:
    """The ids of all by address, and those that were not there before."""
    ids = dict(User.objects.filter(email__in=users).values_list("email", "id"))
    missing = {email: user for email, user in users.items() if email not in ids}
    for user in missing.values():
        user.password = make_password(None)
    rows = User.objects.bulk_create(missing.values())
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in rows
    )
    return ids | {user.email: user.pk for user in rows}, missing


def _wait_for_others() -> None:
    """Two that bring the same in at once would both find it missing; the second waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
