"""Who works at a partner, and as what. A partner's administrators look after their own people,
operations after everybody's."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts import sign_out_everywhere
from core.actor import Actor
from core.events import record
from core.models import User
from core.notify import forget_partner
from partners import access
from partners.events.invitations import AdministrationHandedOver
from partners.events.people import PersonJoined, PersonLeft, RolesChanged
from partners.models import Membership
from partners.rules import PartnerRole, leaves_nobody_in_charge
from partners.services.authority import require_operations
from partners.services.withdrawing import revoke_those_of


class WorksElsewhere(ValueError):
    """The person cannot join; the message says why."""


class LastAdministrator(ValueError):
    """A partner is never left without somebody who looks after its people."""


class StaleRoles(RuntimeError):
    """Somebody changed the roles after they were read. `place` is how it is now."""

    def __init__(self, place: Membership) -> None:
        super().__init__(_("Somebody changed these roles after you opened the page."))
        self.place = place


@transaction.atomic
def add_person(
    *, actor: Actor, user_id: int, partner_id: int, roles: Collection[PartnerRole]
) -> Membership:
    """Gives a person a place at a partner. Raises WorksElsewhere, PermissionDenied."""
    require_operations(actor)
    return join(actor, User.objects.select_for_update().get(pk=user_id), partner_id, roles)


def join(
    actor: Actor, user: User, partner_id: int, roles: Collection[PartnerRole | str]
) -> Membership:
    """Gives a locked person a place; the caller has checked that they may have it."""
    if user.is_staff:
        raise WorksElsewhere(_("%s works at the vendor.") % user)
    place = Membership.objects.filter(user=user, left_at__isnull=True).first()
    if place is not None:
        raise WorksElsewhere(
            _("%(person)s works at %(partner)s. End that place first.")
            % {"person": user, "partner": place.partner}
        )
    names = sorted(str(role) for role in roles)
    membership = Membership.objects.create(user=user, partner_id=partner_id, roles=names)
    fact = PersonJoined(user.email, tuple(names))
    record(fact, subject=user, actor=actor, partner_id=partner_id)
    return membership


@transaction.atomic
def change_roles(
    *,
    actor: Actor,
    membership_id: int,
    roles: Collection[PartnerRole],
    version: int | None = None,
) -> bool:
    """Sets what a person does at the partner; False if nothing differs. `version` is the one
    that was read; None: whichever is there.

    Raises StaleRoles, LastAdministrator, PermissionDenied, Http404.
    """
    place = access.place_for_changing(actor, membership_id)
    if version is not None and version != place.version:
        raise StaleRoles(place)
    old, new = sorted(place.roles), sorted(role.value for role in roles)
    if old == new or place.left_at is not None:
        return False
    _keep_somebody_in_charge(place, new)
    # Written down first: an administrator who gives the role away still has it here.
    fact = RolesChanged(place.user.email, tuple(old), tuple(new))
    record(fact, subject=place.user, actor=actor, partner_id=place.partner_id)
    _set_roles(place, new)
    return True


@transaction.atomic
def hand_over_administration(*, actor: Actor, to_membership_id: int) -> None:
    """The acting administrator makes a colleague administrator in their place, in one step, so
    that the last one can go. Raises PermissionDenied, Http404."""
    partner_id = access.require_administrator(actor)
    place = access.place_for_changing(actor, to_membership_id)
    own = Membership.objects.select_for_update().get(
        user_id=actor.user_id or 0, partner_id=partner_id, left_at__isnull=True
    )
    if place.pk == own.pk or place.left_at is not None or not place.user.is_active:
        raise LastAdministrator(_("Choose a colleague who works here."))
    fact = AdministrationHandedOver(place.user.email)
    record(fact, subject=place.user, actor=actor, partner_id=partner_id)
    _set_roles(place, sorted({*place.roles, PartnerRole.ADMIN.value}))
    kept = sorted({*own.roles} - {PartnerRole.ADMIN.value})
    _set_roles(own, kept or [PartnerRole.SALES.value])


def _set_roles(place: Membership, roles: list[str]) -> None:
    place.roles = roles
    place.version += 1
    place.save(update_fields=["roles", "version"])


@transaction.atomic
def end_place(*, actor: Actor, membership_id: int) -> bool:
    """The person no longer works at the partner and sees nothing of it from this commit on: no
    page, session, program of theirs, notification, or e-mail that still waits to be sent; and
    nothing they had begun is finished (partners/standing.py).

    Raises LastAdministrator, PermissionDenied, Http404.
    """
    place = access.place_for_changing(actor, membership_id)
    if place.left_at is not None:
        return False
    # The vendor may take the last one too: a partner that is let go, an account taken over.
    if actor.partner_id is not None:
        _keep_somebody_in_charge(place, [])
    close_place(actor, place)
    return True


def close_place(actor: Actor, place: Membership) -> None:
    """Ends a locked place; the caller has checked that it may."""
    fact = PersonLeft(place.user.email)
    record(fact, subject=place.user, actor=actor, partner_id=place.partner_id)
    sign_out_everywhere(actor=actor, user=place.user)
    place.left_at = timezone.now()
    place.save(update_fields=["left_at"])
    forget_partner(user_id=place.user_id, partner_id=place.partner_id)
    revoke_those_of(actor, place)


def _keep_somebody_in_charge(place: Membership, roles: Collection[str]) -> None:
    """Raises LastAdministrator. The partner is locked, so nobody else goes at the same moment."""
    others = Membership.objects.filter(
        partner_id=place.partner_id,
        left_at__isnull=True,
        roles__contains=[PartnerRole.ADMIN.value],
        user__is_active=True,
    ).exclude(pk=place.pk)
    if leaves_nobody_in_charge(place.roles, roles, other_administrators=others.count()):
        raise LastAdministrator(
            _("%s is the last administrator. Hand the administration over first.") % place.user
        )
