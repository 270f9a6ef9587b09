"""What is true of people at partners, their invitations and their leaving."""

import datetime as dt
from collections.abc import Collection

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from partners.rules.organisations import PartnerRole

INVITATION_LASTS = dt.timedelta(days=14)
VISIT_LASTS = dt.timedelta(minutes=30)
# So that a mistaken or taken-over account does not write to half the world.
MOST_PENDING = 50


class InvitationState(TextChoices):
    HELD = "held", _("Waits for the vendor")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    REVOKED = "revoked", _("Revoked")
    REFUSED = "refused", _("Refused by the vendor")
    EXPIRED = "expired", _("Expired")


OPEN_INVITATION = frozenset({InvitationState.HELD, InvitationState.SENT})


class InvitationVerb(TextChoices):
    RELEASE = "release", _("Approve")
    REFUSE = "refuse", _("Refuse")
    RESEND = "resend", _("Send again")
    REVOKE = "revoke", _("Revoke")
    ACCEPT = "accept", _("Accept")
    EXPIRE = "expire", _("Expire")


# from, verb → to. What is not here is refused.
INVITATION_TRANSITIONS: dict[tuple[InvitationState, InvitationVerb], InvitationState] = {
    (InvitationState.HELD, InvitationVerb.RELEASE): InvitationState.SENT,
    (InvitationState.HELD, InvitationVerb.REFUSE): InvitationState.REFUSED,
    (InvitationState.HELD, InvitationVerb.REVOKE): InvitationState.REVOKED,
    (InvitationState.HELD, InvitationVerb.EXPIRE): InvitationState.EXPIRED,
    (InvitationState.SENT, InvitationVerb.RESEND): InvitationState.SENT,
    (InvitationState.SENT, InvitationVerb.REVOKE): InvitationState.REVOKED,
    (InvitationState.SENT, InvitationVerb.ACCEPT): InvitationState.ACCEPTED,
    (InvitationState.SENT, InvitationVerb.EXPIRE): InvitationState.EXPIRED,
    (InvitationState.EXPIRED, InvitationVerb.RESEND): InvitationState.SENT,
}


def after(state: str, verb: InvitationVerb) -> InvitationState | None:
    """Where `verb` leads an invitation from `state`; None where it leads nowhere."""
    return INVITATION_TRANSITIONS.get((InvitationState(state), verb))


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def first_state(address: str, domains: Collection[str], *, anybody: bool) -> InvitationState:
    """Addresses of the partner's own domains are invited at once, others when the vendor has
    agreed, unless its policy is that partners may invite anybody."""
    own = domain_of(address) in domains
    return InvitationState.SENT if own or anybody else InvitationState.HELD


def leaves_nobody_in_charge(
    old: Collection[str], new: Collection[str], *, other_administrators: int
) -> bool:
    """Whether the change would take the partner its last administrator. `new` is empty for
    somebody who leaves."""
    was, stays = PartnerRole.ADMIN in old, PartnerRole.ADMIN in new
    return was and not stays and other_administrators == 0
