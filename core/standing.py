"""Whether somebody still stands where they stood when their request began.

A request finds out who acts once, at its beginning. Until it commits, the person may have lost
their place. So whatever is written down as done by them is checked once more where it is written
down, in the transaction of the change: what is refused here is undone as a whole.
"""

from collections.abc import Callable

from core.actor import Actor

Guard = Callable[[Actor, int], None]

_guards: list[Guard] = []


def check_standing_with(guard: Guard) -> None:
    """Names the function that knows whether an actor still may act for a partner; it raises
    PermissionDenied, and keeps what it looked at as it is until the transaction ends."""
    _guards.append(guard)


def require_standing(actor: Actor, partner_id: int) -> None:
    """Raises PermissionDenied for somebody who may no longer act for the partner."""
    for guard in _guards:
        guard(actor, partner_id)
