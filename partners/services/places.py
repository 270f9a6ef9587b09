"""Who works at a partner, and as what."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from core.mail import withdraw_mail
from core.models import User
from core.notify import forget_partner
from partners.events import PersonJoined, PersonLeft, RolesChanged
from partners.models import Membership
from partners.rules import PartnerRole
from partners.services.authority import require_operations


class WorksElsewhere(ValueError):
    """The person cannot join; the message says why."""


@transaction.atomic
def add_person(
    *, actor: Actor, user_id: int, partner_id: int, roles: Collection[PartnerRole]
) -> Membership:
    """Gives a person a place at a partner. Raises WorksElsewhere, PermissionDenied."""
    require_operations(actor)
    user = User.objects.select_for_update().get(pk=user_id)
    if user.is_staff:
        raise WorksElsewhere(_("%s works at the vendor.") % user)
    place = Membership.objects.filter(user=user, left_at__isnull=True).first()
    if place is not None:
        raise WorksElsewhere(
            _("%(person)s works at %(partner)s. End that place first.")
            % {"person": user, "partner": place.partner}
        )
    names = sorted(role.value for role in roles)
    membership = Membership.objects.create(user=user, partner_id=partner_id, roles=names)
    fact = PersonJoined(user.email, tuple(names))
    record(fact, subject=user, actor=actor, partner_id=partner_id)
    return membership


@transaction.atomic
def change_roles(*, actor: Actor, membership_id: int, roles: Collection[PartnerRole]) -> bool:
    """Sets what a person does at the partner; False if nothing differs."""
    require_operations(actor)
    place = _locked(membership_id)
    old, new = sorted(place.roles), sorted(role.value for role in roles)
    if old == new:
        return False
    place.roles = new
    place.save(update_fields=["roles"])
    fact = RolesChanged(place.user.email, tuple(old), tuple(new))
    record(fact, subject=place.user, actor=actor, partner_id=place.partner_id)
    return True


@transaction.atomic
def end_place(*, actor: Actor, membership_id: int) -> bool:
    """The person no longer works at the partner and sees nothing of it from now on: no page,
    no program of theirs, no notification, no e-mail that still waits to be sent."""
    require_operations(actor)
    place = _locked(membership_id)
    if place.left_at is not None:
        return False
    place.left_at = timezone.now()
    place.save(update_fields=["left_at"])
    forget_partner(user_id=place.user_id, partner_id=place.partner_id)
    withdraw_mail(user_id=place.user_id)
    fact = PersonLeft(place.user.email)
    record(fact, subject=place.user, actor=actor, partner_id=place.partner_id)
    return True


def _locked(membership_id: int) -> Membership:
    return Membership.objects.select_for_update().get(pk=membership_id)
