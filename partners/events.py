"""What this app announces."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.system_names import label_of
from partners.models import STAFF_ROLES
from partners.rules import InvitationState, PartnerStatus


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


@event_kind(
    "partners.duty_given",
    sentence=_("%(actor)s gave the duty %(role)s"),
    spoken={"role": label_of(STAFF_ROLES)},
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class DutyGiven:
    """The subject is the user; `region` is a path, empty for everywhere."""

    role: str
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
    "partners.tier_changed",
    sentence=_("%(actor)s moved the partner from %(old)s to %(new)s"),
    public=["old", "new", "note"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class TierChanged:
    """`old` and `new` are names of tiers; `note` is read by the partner."""

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
    "partners.roles_changed",
    sentence=_("%(actor)s changed what %(email)s does at the partner"),
    public=["email", "old_roles", "new_roles"],
)
@dataclass(frozen=True, slots=True)
class RolesChanged:
    """The subject is the user."""

    email: str
    old_roles: tuple[str, ...]
    new_roles: tuple[str, ...]


@event_kind(
    "partners.person_left",
    sentence=_("%(actor)s ended %(email)s's place at the partner"),
    public=["email"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class PersonLeft:
    """The subject is the user."""

    email: str


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


@event_kind(
    "partners.duty_taken",
    sentence=_("%(actor)s took the duty %(role)s"),
    spoken={"role": label_of(STAFF_ROLES)},
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class DutyTaken:
    """The subject is the user; `region` is a path, empty for everywhere."""

    role: str
    region: str


@event_kind(
    "partners.person_invited",
    sentence=_("%(actor)s invited %(email)s"),
    public=["email", "roles", "state"],
)
@dataclass(frozen=True, slots=True)
class PersonInvited:
    """The subject is the invitation; `state` says whether it waits for the vendor."""

    email: str
    roles: tuple[str, ...]
    state: str


@event_kind(
    "partners.invitation_released",
    sentence=_("%(actor)s approved the invitation of %(email)s"),
    public=["email"],
    tone="good",
)
@dataclass(frozen=True, slots=True)
class InvitationReleased:
    email: str


@event_kind(
    "partners.invitation_sent_again",
    sentence=_("%(actor)s sent the invitation of %(email)s again"),
    public=["email"],
)
@dataclass(frozen=True, slots=True)
class InvitationSentAgain:
    email: str


@event_kind(
    "partners.invitation_ended",
    sentence=_("The invitation of %(email)s ended: %(state)s (%(actor)s)"),
    public=["email", "state"],
    spoken={"state": label_of(InvitationState.choices)},
)
@dataclass(frozen=True, slots=True)
class InvitationEnded:
    """`state` is revoked, refused or expired."""

    email: str
    state: str


@event_kind(
    "partners.invitation_accepted",
    sentence=_("%(email)s accepted the invitation"),
    public=["email", "roles"],
    tone="good",
)
@dataclass(frozen=True, slots=True)
class InvitationAccepted:
    email: str
    roles: tuple[str, ...]


@event_kind(
    "partners.visit_began",
    sentence=_("%(actor)s began to act for %(person)s: %(reason)s"),
    public=["person", "reason", "until"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class VisitBegan:
    """The subject is the person for whom somebody of the vendor acts."""

    person: str
    reason: str
    until: dt.datetime


@event_kind(
    "partners.visit_ended",
    sentence=_("%(actor)s ceased to act for %(person)s"),
    public=["person"],
)
@dataclass(frozen=True, slots=True)
class VisitEnded:
    person: str


@event_kind(
    "partners.administration_handed_over",
    sentence=_("%(actor)s handed the administration over to %(email)s"),
    public=["email"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class AdministrationHandedOver:
    """The subject is the new administrator; the actor no longer is one."""

    email: str
