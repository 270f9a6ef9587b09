"""What this app announces."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind(
    "partners.region_added", sentence=_("%(actor)s added the region %(name)s"), staff_only=True
)
@dataclass(frozen=True, slots=True)
class RegionAdded:
    path: str
    name: str


@event_kind("partners.tier_added", sentence=_("%(actor)s added the tier %(name)s"), staff_only=True)
@dataclass(frozen=True, slots=True)
class TierAdded:
    """`approval_limit` is in the base currency; None means without limit."""

    name: str
    rank: int
    approval_limit: Decimal | None


@event_kind(
    "partners.partner_added",
    sentence=_("%(actor)s added the partner %(name)s"),
    public=["name", "type", "status", "tier", "region"],
)
@dataclass(frozen=True, slots=True)
class PartnerAdded:
    name: str
    type: str
    status: str
    tier: str
    region: str


@event_kind(
    "partners.person_joined",
    sentence=_("%(actor)s added %(email)s to the partner"),
    public=["email", "roles"],
)
@dataclass(frozen=True, slots=True)
class PersonJoined:
    """The subject is the user."""

    email: str
    roles: tuple[str, ...]


@event_kind("partners.duty_given", sentence=_("%(actor)s gave the duty %(role)s"), staff_only=True)
@dataclass(frozen=True, slots=True)
class DutyGiven:
    """The subject is the user; `region` is a path, empty for everywhere."""

    role: str
    region: str
