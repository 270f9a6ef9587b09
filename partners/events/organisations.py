"""Partners, regions and tiers as they are added and changed."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.system_names import label_of
from partners.rules import PartnerStatus


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
    "partners.partner_changed",
    sentence=_("%(actor)s changed the partner's details"),
    public=["changes"],
)
@dataclass(frozen=True, slots=True)
class PartnerChanged:
    """`changes` is field → [old, new], as text."""

    changes: dict[str, list[str]]


@event_kind(
    "partners.status_changed",
    sentence=_("%(actor)s changed the partner's status from %(old)s to %(new)s"),
    public=["old", "new", "note"],
    spoken={"old": label_of(PartnerStatus.choices), "new": label_of(PartnerStatus.choices)},
    tone="info",
)
@dataclass(frozen=True, slots=True)
class StatusChanged:
    """`old` and `new` are statuses; `note` is read by the partner."""

    old: str
    new: str
    note: str


@event_kind(
    "partners.domains_changed",
    sentence=_("%(actor)s changed the partner's internet domains"),
    public=["added", "removed"],
)
@dataclass(frozen=True, slots=True)
class DomainsChanged:
    added: tuple[str, ...]
    removed: tuple[str, ...]


@event_kind(
    "partners.region_changed",
    sentence=_("%(actor)s changed the region %(name)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RegionChanged:
    """`changes` is field → [old, new]; `moved` counts the regions below whose path changed."""

    name: str
    changes: dict[str, list[str]]
    moved: int
