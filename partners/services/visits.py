"""Somebody of the vendor acts in the place of a person at a partner: for a reason, for half an
hour at most, and named in every record."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from core.models import User
from partners import access
from partners.events.invitations import VisitBegan, VisitEnded
from partners.models import Visit
from partners.queries.actors import actor_for
from partners.rules import VISIT_LASTS


class ReasonMissing(ValueError):
    """Nobody acts for somebody else without saying why."""


@transaction.atomic
def begin_visit(*, actor: Actor, membership_id: int, reason: str) -> Visit:
    """Begins to act in somebody's place; the partner reads why in its record.

    Raises ReasonMissing, PermissionDenied, Http404.
    """
    place = access.place_to_act_in(actor, membership_id)
    if not reason.strip():
        raise ReasonMissing(_("Say why you act for somebody else."))
    now = timezone.now()
    visit = Visit.objects.create(
        staff_id=actor.user_id or 0,
        place=place,
        reason=reason.strip()[:300],
        began_at=now,
        ends_at=now + VISIT_LASTS,
    )
    fact = VisitBegan(str(place.user), visit.reason, visit.ends_at)
    record(fact, subject=place.user, actor=actor, partner_id=place.partner_id)
    return visit


@transaction.atomic
def end_visit(*, staff: User, visit_id: int) -> bool:
    """Ends one's own visit; False if it had ended."""
    visit = (
        Visit.objects.select_for_update(of=("self",))
        .select_related("place__user")
        .filter(pk=visit_id, staff=staff, ended_at__isnull=True)
        .first()
    )
    if visit is None:
        return False
    visit.ended_at = timezone.now()
    visit.save(update_fields=["ended_at"])
    record(
        VisitEnded(str(visit.place.user)),
        subject=visit.place.user,
        actor=actor_for(staff),
        partner_id=visit.place.partner_id,
    )
    return True
