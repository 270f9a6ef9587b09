"""Who may open and change what in the back office, by duty.

Apps grant permissions by Django's names ("core.view_event") in their permissions.py, which
asks the staff duties and nothing else; superusers have every one. What nobody may do, such as
editing a status, the admin classes refuse to superusers too.
"""

from collections.abc import Callable, Iterable

from rules import permissions, predicates

from core.actor import ANONYMOUS, Actor
from core.models import User

KNOWN = "_acting"
_found: list[Callable[[User], Actor]] = []


def find_actors_with(finder: Callable[[User], Actor]) -> None:
    """Names the function that knows who a user is; the floor of the partners does."""
    _found[:] = [finder]


def acting(user: object) -> Actor:
    """Who `user` is. Looked up once for each user object, which lives as long as a request."""
    if not isinstance(user, User) or not _found:
        return ANONYMOUS
    known: Actor | None = getattr(user, KNOWN, None)
    if known is None:
        known = _found[0](user)
        remember(user, known)
    return known


def remember(user: User, actor: Actor) -> None:
    """Tells who `user` is, where that is known already."""
    setattr(user, KNOWN, actor)


def on_duty(user: object) -> bool:
    """Any duty at the vendor."""
    return acting(user).is_staff


def operations(user: object) -> bool:
    """The duty Partner operations."""
    return acting(user).is_ops


Test = Callable[[object], bool]


def grant(label: str, models: Iterable[str], verbs: Iterable[str], to: Test) -> None:
    """Grants each of `verbs` (view, add, change, delete) on each of an app's models."""
    for model in models:
        for verb in verbs:
            grant_one(f"{label}.{verb}_{model}", to)


def grant_one(name: str, to: Test) -> None:
    """Grants one permission, or with an app's label the app itself, to whom `to` says yes."""
    permissions.add_perm(name, predicates.predicate(to))  # type: ignore[no-untyped-call]


grant_one("core", operations)
grant("core", ["exchangerate"], ["view"], on_duty)
grant("core", ["exchangerate"], ["add", "change", "delete"], operations)
grant("core", ["branding"], ["view", "change"], operations)
grant("core", ["user"], ["view", "add", "change"], operations)
grant("core", ["apitoken"], ["view", "add"], operations)
grant("core", ["importrun"], ["view"], operations)
grant(
    "core",
    ["event", "eventdelivery", "appointment", "outgoingmail", "eventseal", "storedfile"],
    ["view"],
    operations,
)
