"""Whether people still have the place at a partner in which they act (core/standing.py)."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.translation import gettext as _

from core.actor import Actor
from core.notify import tell_only
from core.prepared import Prepared
from core.standing import check_standing_with
from partners.rules.lifecycle import CLOSED_TO_WRITING

# Shared, so that a person's writes do not wait for each other; whoever ends or changes the place
# waits for them, and they for it.
STILL_THERE = Prepared("""
SELECT 1 FROM partners_membership
WHERE user_id = %s AND partner_id = %s AND left_at IS NULL AND roles @> %s::varchar[]
FOR SHARE
""")
STANDS = Prepared("SELECT status FROM partners_partner WHERE id = %s")
STILL_SOMEWHERE = """
SELECT user_id FROM partners_membership
WHERE user_id = ANY(%s) AND left_at IS NULL ORDER BY id FOR SHARE
"""
LEFT = """
SELECT DISTINCT user_id FROM partners_membership
WHERE user_id = ANY(%s) AND left_at IS NOT NULL
"""


def require_place(actor: Actor, _partner_id: int) -> None:
    """Raises PermissionDenied when the actor's place or roles have been taken meanwhile, or
    the partner is closed to writing. Two queries; the place stays as it is until the end of the
    transaction."""
    if actor.partner_id is None or actor.user_id is None:
        return
    roles = [str(role) for role in sorted(actor.partner_roles)]
    with connection.cursor() as cursor:
        STILL_THERE.run(cursor, [actor.user_id, actor.partner_id, roles])
        if cursor.fetchone() is None:
            raise PermissionDenied(_("You no longer have this place at the partner."))
        # A statement of its own: the one above may have waited for a suspension to commit.
        STANDS.run(cursor, [actor.partner_id])
        if cursor.fetchone()[0] in CLOSED_TO_WRITING:
            raise PermissionDenied(_("Your company is suspended: you can read, but not change."))


def with_a_place(people: Iterable[int]) -> set[int]:
    """Those of some people who did not leave their last partner. Two queries."""
    asked = list(people)
    with connection.cursor() as cursor:
        cursor.execute(STILL_SOMEWHERE, [asked])
        there = {user_id for (user_id,) in cursor.fetchall()}
        cursor.execute(LEFT, [asked])
        left = {user_id for (user_id,) in cursor.fetchall()}
    return set(asked) - (left - there)


check_standing_with(require_place)
tell_only(with_a_place)
