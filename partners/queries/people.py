"""The people of a partner, its invitations, and visits in somebody's place."""

import datetime as dt
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from core.actor import Actor
from core.models import User
from core.sql import LARGEST_ID
from partners import access
from partners.models import Invitation, Membership, Partner, Visit
from partners.queries.actors import actor_for
from partners.rules import (
    MAY_REGISTER_DEALS,
    OPEN_INVITATION,
    InvitationState,
    InvitationVerb,
    PartnerRole,
    after,
)

MOST_COLLEAGUES = 200


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person at a partner; `roles` are labels."""

    name: str
    email: str
    roles: tuple[str, ...]
    joined_at: dt.datetime


def colleagues(partner_id: int) -> list[Colleague]:
    """The people of a partner by name (at most 200). One query."""
    places = (
        Membership.objects.filter(partner_id=partner_id, left_at__isnull=True, user__is_active=True)
        .select_related("user")
        .order_by("user__name", "user__email")[:MOST_COLLEAGUES]
    )
    return [
        Colleague(
            name=str(place.user),
            email=place.user.email,
            roles=tuple(str(PartnerRole(role).label) for role in place.roles),
            joined_at=place.joined_at,
        )
        for place in places
    ]


def people_of(partner_id: int) -> QuerySet[User]:
    """The active people of a partner."""
    return User.objects.filter(
        memberships__partner_id=partner_id, memberships__left_at__isnull=True, is_active=True
    ).order_by("pk")


def administrators_of(partner_id: int) -> QuerySet[User]:
    """The active people of a partner who administer it."""
    return people_of(partner_id).filter(memberships__roles__contains=[PartnerRole.ADMIN])


def sellers_of(partner_id: int) -> QuerySet[User]:
    """The active people of a partner whose work deals are."""
    places = Membership.objects.filter(
        partner_id=partner_id, left_at__isnull=True, roles__overlap=sorted(MAY_REGISTER_DEALS)
    )
    return User.objects.filter(memberships__in=places, is_active=True).order_by("pk")


@dataclass(frozen=True, slots=True)
class PersonShown:
    """Somebody's place; `roles` are labels."""

    place_id: int
    name: str
    email: str
    roles: tuple[str, ...]
    administrator: bool
    joined_at: dt.datetime
    self: bool


@dataclass(frozen=True, slots=True)
class InvitationShown:
    """An invitation that is open, or ran out and may be sent again."""

    id: int
    email: str
    roles: tuple[str, ...]
    state_label: str
    tone: str
    expires_at: dt.datetime
    may_resend: bool
    may_revoke: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    people: list[PersonShown]
    invitations: list[InvitationShown]
    may_change: bool


TONES = {
    InvitationState.HELD: "warn",
    InvitationState.SENT: "info",
    InvitationState.EXPIRED: "neutral",
}


def labels(roles: list[str]) -> tuple[str, ...]:
    return tuple(str(PartnerRole(role).label) for role in roles)


def people_page(actor: Actor) -> PeoplePage:
    """The colleagues and, for administrators, the invitations (at most 200 each). Two queries."""
    may_change = access.administers(actor)
    places = places_at(actor.partner_id or 0).order_by("user__name", "user__email")
    return PeoplePage(
        people=[shown(place, actor) for place in places[:MOST_COLLEAGUES]],
        invitations=_invitations(actor) if may_change else [],
        may_change=may_change,
    )


def places_at(partner_id: int) -> QuerySet[Membership]:
    """The places of those who work at a partner now."""
    return Membership.objects.filter(
        partner_id=partner_id, left_at__isnull=True, user__is_active=True
    ).select_related("user")


def invitations_pending(partner_id: int) -> QuerySet[Invitation]:
    """What is open, or ran out and may be sent again."""
    return Invitation.objects.filter(
        partner_id=partner_id, state__in=[*OPEN_INVITATION, InvitationState.EXPIRED]
    )


def invitation_named(invitation_id: int) -> Invitation:
    """For who has just changed it."""
    return Invitation.objects.get(pk=invitation_id)


def shown(place: Membership, actor: Actor) -> PersonShown:
    return PersonShown(
        place_id=place.pk,
        name=str(place.user),
        email=place.user.email,
        roles=labels(place.roles),
        administrator=PartnerRole.ADMIN in place.roles,
        joined_at=place.joined_at,
        self=place.user_id == actor.user_id,
    )


def _invitations(actor: Actor) -> list[InvitationShown]:
    rows = invitations_pending(actor.partner_id or 0).order_by("-pk")[:MOST_COLLEAGUES]
    return [
        InvitationShown(
            id=row.pk,
            email=row.email,
            roles=labels(row.roles),
            state_label=row.get_state_display(),
            tone=TONES[InvitationState(row.state)],
            expires_at=row.expires_at,
            may_resend=after(row.state, InvitationVerb.RESEND) is not None,
            may_revoke=after(row.state, InvitationVerb.REVOKE) is not None,
        )
        for row in rows
    ]


def place_for_reading(actor: Actor, place_id: int) -> Membership:
    """The place of somebody who works at a partner that the actor sees. Http404 for others."""
    place = None
    if 0 < place_id <= LARGEST_ID:
        rows = Membership.objects.filter(
            partner__in=Partner.objects.visible_to(actor), left_at__isnull=True
        )
        place = rows.filter(pk=place_id, user__is_active=True).select_related("user").first()
    if place is None:
        raise Http404
    return place


def place_to_change(actor: Actor, place_id: int) -> Membership:
    """The same for who looks after the partner's people; PermissionDenied for others."""
    place = place_for_reading(actor, place_id)
    access.require_looks_after_people(actor)
    return place


def place_of_colleague(actor: Actor, place_id: int) -> Membership:
    """A colleague's place, for the partner's administrators. Http404 for other partners' and
    ended ones, PermissionDenied for others."""
    if actor.partner_id is None:
        raise Http404
    place = place_for_reading(actor, place_id)
    access.require_administrator(actor)
    return place


def has_account(address: str) -> bool:
    """For whoever holds the link that was mailed to the address, and nobody else."""
    return User.objects.filter(email=address).exists()


def invitations_in_scope(actor: Actor, rows: "QuerySet[Invitation]") -> "QuerySet[Invitation]":
    return rows.filter(partner__in=Partner.objects.visible_to(actor))


def visiting(staff: User, visit_id: int) -> tuple[Actor, Visit] | None:
    """Who a person of the vendor is while they act in somebody's place; None when the visit, the
    person's place or the duty that allowed it has ended. At most six queries."""
    visit = (
        Visit.objects.select_related("place__user", "place__partner")
        .filter(
            pk=visit_id,
            staff=staff,
            ended_at__isnull=True,
            ends_at__gt=timezone.now(),
            place__left_at__isnull=True,
            place__user__is_active=True,
        )
        .first()
    )
    if visit is None:
        return None
    own = actor_for(staff)
    try:
        access.place_to_act_in(own, visit.place_id)
    except (Http404, PermissionDenied):
        return None
    person = actor_for(visit.place.user)
    label = f"{staff} for {visit.place.user}"
    return replace(person, label=label, visitor_id=staff.pk), visit


def acted_for(staff_id: int | None, partner_id: int, at: dt.datetime) -> bool:
    """Whether a person of the vendor was acting for somebody at the partner at a moment."""
    return Visit.objects.filter(
        staff_id=staff_id, place__partner_id=partner_id, began_at__lte=at, ends_at__gte=at
    ).exists()
