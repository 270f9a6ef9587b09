"""What the vendor's people do in the programme, and where."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor, StaffRole
from core.events import record
from core.models import User
from partners.events.people import DutyGiven, DutyTaken
from partners.models import Region, StaffDuty
from partners.services.authority import require_operations


class DutyRefused(ValueError):
    """The duty cannot be given or taken; the message says why."""


@transaction.atomic
def give_duty(*, actor: Actor, user_id: int, role: StaffRole, region_id: int | None) -> StaffDuty:
    """Gives a person of the vendor a duty in a region (None: everywhere).

    Raises DutyRefused for people who are not the vendor's or have it, PermissionDenied.
    """
    require_operations(actor)
    user = User.objects.select_for_update().get(pk=user_id)
    if not user.is_staff:
        raise DutyRefused(_("%s does not work at the vendor.") % user)
    region = Region.objects.get(pk=region_id) if region_id is not None else None
    if StaffDuty.objects.filter(user=user, role=role, region=region).exists():
        raise DutyRefused(_("%s has this duty already.") % user)
    duty = StaffDuty.objects.create(user=user, role=role.value, region=region)
    record(DutyGiven(role.value, region.path if region else ""), subject=user, actor=actor)
    return duty


@transaction.atomic
def take_duty(*, actor: Actor, duty_id: int) -> None:
    """Ends a duty, and with it what it lets the person see.

    Raises DutyRefused for one's own duty Partner operations, PermissionDenied.
    """
    require_operations(actor)
    duty = (
        StaffDuty.objects.select_for_update(of=("self",))
        .select_related("region", "user")
        .get(pk=duty_id)
    )
    if duty.user_id == actor.user_id and duty.role == StaffRole.OPS:
        raise DutyRefused(_("Somebody else has to take this duty from you."))
    path = duty.region.path if duty.region else ""
    record(DutyTaken(duty.role, path), subject=duty.user, actor=actor)
    duty.delete()
