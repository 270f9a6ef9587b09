"""Who acts. Made once per request or job and passed explicitly ever after."""

from dataclasses import dataclass, replace
from enum import StrEnum


class ActorKind(StrEnum):
    ANONYMOUS = "anonymous"
    USER = "user"
    SYSTEM = "system"


class StaffRole(StrEnum):
    """What a person of the vendor may do."""

    CHANNEL_MANAGER = "channel_manager"
    OPS = "ops"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at the vendor, a person at a partner, or the system itself.

    `partner_id` and `partner_roles` are set for people at partners, `staff_roles` for the
    vendor's people. `region_paths` bounds what staff see (empty: every region); each is the
    path of a region and stands for the whole subtree. `token_id` is set when a program acts
    with a person's token; `scopes` then bounds what it may do (None: no bound). `visitor_id` is
    the person of the vendor who acts in this one's place, if somebody does.
    """

    kind: ActorKind
    label: str
    user_id: int | None = None
    partner_id: int | None = None
    partner_roles: frozenset[str] = frozenset()
    staff_roles: frozenset[StaffRole] = frozenset()
    region_paths: frozenset[str] = frozenset()
    token_id: int | None = None
    scopes: frozenset[str] | None = None
    visitor_id: int | None = None

    @property
    def is_staff(self) -> bool:
        return bool(self.staff_roles)

    @property
    def is_system(self) -> bool:
        return self.kind == ActorKind.SYSTEM

    @property
    def is_ops(self) -> bool:
        return StaffRole.OPS in self.staff_roles

    def may(self, scope: str) -> bool:
        """Whether the token in use, if any, carries `scope`."""
        return self.scopes is None or scope in self.scopes

    def through_token(self, token_id: int, scopes: frozenset[str]) -> "Actor":
        return replace(self, token_id=token_id, scopes=scopes)


def system(reason: str) -> Actor:
    """The portal acting by itself; `reason` names the job, e.g. "nightly protection lapse"."""
    return Actor(kind=ActorKind.SYSTEM, label=reason)


ANONYMOUS = Actor(kind=ActorKind.ANONYMOUS, label="anonymous")
