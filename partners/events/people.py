"""People at partners and at the vendor: who came, who left, what they may do."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.system_names import label_of
from partners.models import STAFF_ROLES


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
