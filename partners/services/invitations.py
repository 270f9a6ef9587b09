"""A partner's administrator asks people to join; they do it with a link that opens once.

Whoever invites learns nothing about the address: it is answered alike whether or not it has an
account, works elsewhere or at the vendor.
"""

import hashlib
import secrets
from collections.abc import Collection

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import queries
from core.account_facts import AccountOpened
from core.accounts import own_actor
from core.actor import Actor, system
from core.appointments import cancel_appointments, make_appointment
from core.events import record
from core.mail import queue_mail, reading_as
from core.models import User
from partners import access
from partners.events.invitations import (
    InvitationAccepted,
    InvitationReleased,
    InvitationSentAgain,
    PersonInvited,
)
from partners.models import Invitation, Membership
from partners.rules import (
    INVITATION_LASTS,
    MOST_PENDING,
    OPEN_INVITATION,
    InvitationState,
    InvitationVerb,
    PartnerRole,
    after,
    first_state,
)
from partners.services.places import join
from partners.services.withdrawing import EXPIRE_INVITATION, end_invitation

MOST_SENDS = 5
# A link that was altered is refused without asking the database.
SIGNER = Signer(salt="partners.invitation")


class InvitationRefused(ValueError):
    """The invitation cannot be made or used; the message says why."""


@transaction.atomic
def invite_person(*, actor: Actor, email: str, roles: Collection[PartnerRole]) -> Invitation:
    """Asks somebody to join the actor's partner. At an address outside its domains the vendor is
    asked first (PARTNERS_INVITE_ANYBODY).

    Raises InvitationRefused, PermissionDenied.
    """
    partner = access.partner_for_its_people(actor, access.require_administrator(actor))
    address = email.strip().lower()
    _require_invitable(partner.pk, address, roles)
    domains = set(partner.domains.values_list("domain", flat=True))
    state = first_state(address, domains, anybody=settings.PARTNERS_INVITE_ANYBODY)
    invitation = Invitation(
        partner=partner,
        email=address,
        roles=sorted(str(role) for role in roles),
        state=InvitationState.HELD,
        invited_by_id=actor.user_id,
        expires_at=timezone.now() + INVITATION_LASTS,
    )
    invitation.save(force_insert=True)
    fact = PersonInvited(address, tuple(invitation.roles), state.value)
    record(fact, subject=invitation, actor=actor, partner_id=partner.pk)
    if state == InvitationState.SENT:
        _send(invitation)
    else:
        make_appointment(EXPIRE_INVITATION, invitation, invitation.expires_at)
    return invitation


def _require_invitable(partner_id: int, address: str, roles: Collection[PartnerRole]) -> None:
    """What the administrator sees anyway in the lists of colleagues and invitations."""
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvitationRefused(_("This is not an e-mail address.")) from error
    if not roles:
        raise InvitationRefused(_("Choose at least one role."))
    here = Membership.objects.filter(partner_id=partner_id, left_at__isnull=True)
    if here.filter(user__email=address).exists():
        raise InvitationRefused(_("%s works here already.") % address)
    pending = Invitation.objects.filter(partner_id=partner_id, state__in=OPEN_INVITATION)
    if pending.filter(email=address).exists():
        raise InvitationRefused(_("%s is invited already. Send the invitation again.") % address)
    if pending.count() >= MOST_PENDING:
        raise InvitationRefused(_("There are too many open invitations. Revoke some first."))


def _send(invitation: Invitation) -> None:
    """Makes a new link, which ends the one before, and mails it."""
    link = SIGNER.sign(secrets.token_urlsafe(24))
    invitation.state = InvitationState.SENT
    invitation.token_hash = digest(link)
    invitation.sends += 1
    invitation.ended_at = None
    invitation.expires_at = timezone.now() + INVITATION_LASTS
    invitation.save(update_fields=["state", "token_hash", "sends", "ended_at", "expires_at"])
    make_appointment(EXPIRE_INVITATION, invitation, invitation.expires_at)
    portal = queries.branding().name
    with reading_as(None):
        title = _("%(partner)s invites you to %(portal)s") % {
            "partner": invitation.partner.name,
            "portal": portal,
        }
        queue_mail(
            once=f"invitation:{invitation.pk}:{invitation.sends}",
            to_address=invitation.email,
            subject=title,
            template="core/mail/account",
            secret=True,
            context={
                "title": title,
                "lines": [
                    _("%(who)s asks you to join %(partner)s in the partner portal.")
                    % {
                        "who": invitation.invited_by or invitation.partner.name,
                        "partner": invitation.partner.name,
                    },
                    _(
                        "The link works once and for 14 days. If you expected no invitation, you "
                        "need not do anything."
                    ),
                ],
                "url": settings.SITE_URL + reverse("join", args=[link]),
                "button": _("Open the invitation"),
            },
        )


def digest(link: str) -> str:
    """Plain SHA-256 is enough: the link has 192 random bits."""
    return hashlib.sha256(link.encode()).hexdigest()


@transaction.atomic
def send_again(*, actor: Actor, invitation_id: int) -> Invitation:
    """Mails a new link; the one before opens nothing any more.

    Raises InvitationRefused, PermissionDenied, Http404.
    """
    invitation = access.invitation_for_changing(actor, invitation_id, InvitationVerb.RESEND)
    _require(invitation, InvitationVerb.RESEND)
    if invitation.sends >= MOST_SENDS:
        raise InvitationRefused(
            _("This was sent %d times. Revoke it and invite anew.") % MOST_SENDS
        )
    twice = Invitation.objects.filter(
        partner_id=invitation.partner_id, email=invitation.email, state__in=OPEN_INVITATION
    ).exclude(pk=invitation.pk)
    if twice.exists():
        raise InvitationRefused(_("%s has a newer invitation.") % invitation.email)
    fact = InvitationSentAgain(invitation.email)
    record(fact, subject=invitation, actor=actor, partner_id=invitation.partner_id)
    _send(invitation)
    return invitation


@transaction.atomic
def revoke_invitation(*, actor: Actor, invitation_id: int) -> None:
    """The link opens nothing from now on. Raises InvitationRefused, PermissionDenied, Http404."""
    invitation = access.invitation_for_changing(actor, invitation_id, InvitationVerb.REVOKE)
    _require(invitation, InvitationVerb.REVOKE)
    end_invitation(actor, invitation, InvitationState.REVOKED)


@transaction.atomic
def release_invitation(*, actor: Actor, invitation_id: int) -> None:
    """The vendor agrees to an address outside the partner's domains.

    Raises InvitationRefused, PermissionDenied, Http404.
    """
    invitation = access.invitation_for_changing(actor, invitation_id, InvitationVerb.RELEASE)
    _require(invitation, InvitationVerb.RELEASE)
    fact = InvitationReleased(invitation.email)
    record(fact, subject=invitation, actor=actor, partner_id=invitation.partner_id)
    _send(invitation)


@transaction.atomic
def refuse_invitation(*, actor: Actor, invitation_id: int) -> None:
    """The vendor does not agree. Raises InvitationRefused, PermissionDenied, Http404."""
    invitation = access.invitation_for_changing(actor, invitation_id, InvitationVerb.REFUSE)
    _require(invitation, InvitationVerb.REFUSE)
    end_invitation(actor, invitation, InvitationState.REFUSED)


@transaction.atomic
def expire_invitation(*, invitation_id: int) -> bool:
    """Ends an open invitation whose time is up; False where there is nothing to do."""
    found = Invitation.objects.filter(pk=invitation_id).first()
    if found is None:
        return False
    invitation = access.locked_invitation(found)
    due = invitation.expires_at <= timezone.now()
    if not due or after(invitation.state, InvitationVerb.EXPIRE) is None:
        return False
    end_invitation(system("invitations that ran out"), invitation, InvitationState.EXPIRED)
    return True


def open_invitation(link: str) -> Invitation | None:
    """The invitation that a link opens now."""
    try:
        SIGNER.unsign(link)
    except BadSignature:
        return None
    return (
        Invitation.objects.select_related("partner", "invited_by")
        .filter(token_hash=digest(link), expires_at__gt=timezone.now())
        .first()
    )


@transaction.atomic
def accept_invitation(*, link: str, user_id: int) -> Membership:
    """Somebody with an account joins. The address must be the one that was invited.

    Raises InvitationRefused, WorksElsewhere.
    """
    invitation = _opened(link)
    user = User.objects.select_for_update().get(pk=user_id)
    if user.email != invitation.email or not user.is_active:
        raise InvitationRefused(_("This invitation is for another address."))
    return _join(invitation, user)


@transaction.atomic
def join_with_new_account(*, link: str, name: str, password: str) -> User:
    """Opens an account for the invited address and joins. The link came to that address, so it
    is confirmed. Raises InvitationRefused."""
    invitation = _opened(link)
    if User.objects.filter(email=invitation.email).exists():
        raise InvitationRefused(_("You have an account already. Sign in to accept."))
    user = User.objects.create_user(invitation.email, password, name=name.strip())
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    record(AccountOpened(user.email), subject=user, actor=own_actor(user))
    _join(invitation, user)
    return user


def _opened(link: str) -> Invitation:
    found = open_invitation(link)
    if found is not None:
        invitation = access.locked_invitation(found)
        if invitation.token_hash == digest(link):
            return invitation
    raise InvitationRefused(_("This link opens nothing any more. Ask for a new invitation."))


def _join(invitation: Invitation, user: User) -> Membership:
    cancel_appointments(invitation, EXPIRE_INVITATION)
    invitation.state = InvitationState.ACCEPTED
    invitation.token_hash = ""
    invitation.ended_at = timezone.now()
    invitation.save(update_fields=["state", "token_hash", "ended_at"])
    place = join(own_actor(user), user, invitation.partner_id, invitation.roles)
    fact = InvitationAccepted(invitation.email, tuple(invitation.roles))
    record(fact, subject=invitation, actor=own_actor(user), partner_id=invitation.partner_id)
    return place


def _require(invitation: Invitation, verb: InvitationVerb) -> None:
    """Raises InvitationRefused for what is over, or not yet."""
    if after(invitation.state, verb) is None:
        raise InvitationRefused(
            _("This invitation is %s, so nothing was changed.") % invitation.get_state_display()
        )
