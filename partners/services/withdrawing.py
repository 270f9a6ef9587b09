"""How an invitation ends without anybody having joined."""

from django.db.models import QuerySet
from django.utils import timezone

from core.actor import Actor
from core.appointments import cancel_appointments
from core.events import record
from partners.events.invitations import InvitationEnded
from partners.models import Invitation, Membership
from partners.rules import OPEN_INVITATION, InvitationState

EXPIRE_INVITATION = "partners.expire_invitation"


def end_invitation(actor: Actor, invitation: Invitation, state: InvitationState) -> None:
    """Ends a locked, open invitation; its link opens nothing from now on."""
    invitation.state = state
    invitation.token_hash = ""
    invitation.ended_at = timezone.now()
    invitation.save(update_fields=["state", "token_hash", "ended_at"])
    cancel_appointments(invitation, EXPIRE_INVITATION)
    fact = InvitationEnded(invitation.email, state.value)
    record(fact, subject=invitation, actor=actor, partner_id=invitation.partner_id)


def revoke_those_of(actor: Actor, place: Membership) -> int:
    """Ends the open invitations that somebody who leaves has sent; returns how many."""
    return revoke_all(
        actor, Invitation.objects.filter(partner_id=place.partner_id, invited_by_id=place.user_id)
    )


def revoke_all(actor: Actor, invitations: "QuerySet[Invitation]") -> int:
    rows = list(invitations.filter(state__in=OPEN_INVITATION).select_for_update().order_by("pk"))
    for row in rows:
        end_invitation(actor, row, InvitationState.REVOKED)
    return len(rows)
