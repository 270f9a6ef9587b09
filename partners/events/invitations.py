"""What this app announces about people at partners: invitations, visits, who is in charge."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.system_names import label_of
from partners.rules import InvitationState


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
