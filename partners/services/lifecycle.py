"""Where a partner stands in the programme: each change by the table of rules/lifecycle.py, dated,
with its reason and who said so."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from partners.events.organisations import StatusChanged
from partners.models import Membership, Partner, StatusMove
from partners.rules import PartnerStatus
from partners.rules.lifecycle import CLOSED_TO_WRITING, needs_reason, who_may_move


class LifecycleRefused(ValueError):
    """The partner cannot be moved there; the message says why."""


@transaction.atomic
def change_status(*, actor: Actor, partner_id: int, status: PartnerStatus, note: str = "") -> bool:
    """Moves a partner to another status; False if it stands there already. The partner reads
    `note`. A suspended partner's people read and write nothing from this commit on.

    Raises LifecycleRefused, PermissionDenied.
    """
    partner = locked_partner(partner_id)
    if partner.status == status:
        return False
    _require_way(actor, partner, status, note.strip())
    move_partner(actor, partner, status, note)
    return True


def _require_way(actor: Actor, partner: Partner, status: PartnerStatus, reason: str) -> None:
    may = who_may_move(partner.status, status)
    if not actor.is_system and not actor.is_staff:
        raise PermissionDenied(_("The vendor decides this."))
    if status == PartnerStatus.OFFBOARDED:
        raise LifecycleRefused(_("A partner is let go by its offboarding: begin one."))
    if not may:
        raise LifecycleRefused(
            _("A partner that is “%(old)s” cannot become “%(new)s” directly.")
            % {"old": partner.get_status_display(), "new": status.label}
        )
    if not actor.is_system and not may & actor.staff_roles:
        raise PermissionDenied(_("This needs the duty Partner operations."))
    if needs_reason(partner.status, status) and not reason:
        raise LifecycleRefused(_("Say why; the partner reads it."))


def move_partner(actor: Actor, partner: Partner, status: PartnerStatus, reason: str) -> None:
    """Moves a locked partner; the caller has checked that it may."""
    if status in CLOSED_TO_WRITING:
        # Waits for what its people are writing; what they begin later sees the new status.
        places = Membership.objects.filter(partner=partner, left_at__isnull=True)
        list(places.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    old, partner.status = partner.status, status
    partner.save(update_fields=["status"])
    StatusMove.objects.create(
        partner=partner,
        old=old,
        new=status.value,
        reason=reason.strip()[:1000],
        moved_by_id=actor.user_id,
    )
    fact = StatusChanged(old=old, new=status.value, note=reason.strip())
    record(fact, subject=partner, actor=actor, partner_id=partner.pk)


def locked_partner(partner_id: int) -> Partner:
    """The partner until the end of the transaction; its new deals pass."""
    return Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner_id)
