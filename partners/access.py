"""People and invitations by right. What somebody may not know of is not found; what they may
know of but not change is refused."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from core.actor import Actor
from core.sql import LARGEST_ID
from partners.models import Invitation, Membership, Partner
from partners.rules import InvitationVerb, PartnerRole

DECIDED_BY_STAFF = frozenset({InvitationVerb.RELEASE, InvitationVerb.REFUSE})


def administers(actor: Actor) -> bool:
    """Whether the actor looks after its own partner's people."""
    return (
        actor.partner_id is not None
        and PartnerRole.ADMIN in actor.partner_roles
        and actor.may("people:write")
    )


def require_administrator(actor: Actor) -> int:
    """The partner whose people the actor looks after. Raises PermissionDenied."""
    if actor.partner_id is None or not administers(actor):
        raise PermissionDenied(_("This needs the role Administrator at the partner."))
    return actor.partner_id


def require_reads_invitations(actor: Actor) -> None:
    """Who is invited is known to the partner's administrators and the vendor's people. Raises
    PermissionDenied."""
    if not (actor.is_staff or PartnerRole.ADMIN in actor.partner_roles):
        raise PermissionDenied(_("This needs the role Administrator at the partner."))


def speaks_for_company(actor: Actor) -> bool:
    """Whether the actor says who its own company is, and keeps its papers."""
    return (
        actor.partner_id is not None
        and PartnerRole.ADMIN in actor.partner_roles
        and actor.may("partners:write")
    )


def partner_for_its_people(actor: Actor, partner_id: int) -> Partner:
    """The partner, locked: whoever changes its people does so one after the other. Http404 for
    what is not the actor's to know, PermissionDenied for who may not change it.

    The lock lets new deals of the partner pass.
    """
    _partner_in_scope(actor, partner_id)
    require_looks_after_people(actor)
    return Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner_id)


def require_looks_after_people(actor: Actor) -> None:
    """Administrators of their own partner, operations of all. Raises PermissionDenied."""
    if not (administers(actor) or actor.is_ops or actor.is_system):
        raise PermissionDenied(_("This needs the role Administrator at the partner."))


def _partner_in_scope(actor: Actor, partner_id: int) -> None:
    if not 0 < partner_id <= LARGEST_ID:
        raise Http404
    if not Partner.objects.visible_to(actor).filter(pk=partner_id).exists():
        raise Http404


def place_for_changing(actor: Actor, membership_id: int) -> Membership:
    """Somebody's place, locked after its partner."""
    if not 0 < membership_id <= LARGEST_ID:
        raise Http404
    place = Membership.objects.filter(pk=membership_id).only("partner_id").first()
    if place is None:
        raise Http404
    partner_for_its_people(actor, place.partner_id)
    return (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user")
        .get(pk=membership_id)
    )


def invitation_for_changing(actor: Actor, invitation_id: int, verb: InvitationVerb) -> Invitation:
    """An invitation, locked after its partner. The vendor's people decide on those that wait
    for them; the partner's administrators and operations do the rest."""
    if not 0 < invitation_id <= LARGEST_ID:
        raise Http404
    found = Invitation.objects.filter(pk=invitation_id).only("partner_id").first()
    if found is None:
        raise Http404
    if verb in DECIDED_BY_STAFF:
        _partner_in_scope(actor, found.partner_id)
        if not actor.is_staff:
            raise PermissionDenied(_("The vendor decides this."))
    else:
        partner_for_its_people(actor, found.partner_id)
    return locked_invitation(found)


def locked_invitation(found: Invitation) -> Invitation:
    """An invitation as it is now, locked after its partner until the end of the transaction."""
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=found.partner_id)
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("partner", "invited_by")
        .get(pk=found.pk)
    )


def place_to_act_in(actor: Actor, membership_id: int) -> Membership:
    """The place of somebody for whom the vendor's people may act: of their regions, held by a
    person whose account is open."""
    if not 0 < membership_id <= LARGEST_ID:
        raise Http404
    place = (
        Membership.objects.select_related("user", "partner")
        .filter(pk=membership_id, left_at__isnull=True, user__is_active=True)
        .first()
    )
    if place is None:
        raise Http404
    _partner_in_scope(actor, place.partner_id)
    if not actor.is_staff or actor.token_id is not None:
        raise PermissionDenied(_("Only the vendor’s people act for others, at the portal itself."))
    return place
