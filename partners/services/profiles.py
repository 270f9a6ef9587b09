"""What a partner's administrators say of their company."""

from dataclasses import asdict

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from core.rows import as_text
from partners.access import speaks_for_company
from partners.events.company import ProfileChanged
from partners.models import Partner, PartnerProfile
from partners.rules import CompanyProfile


class StaleProfile(ValueError):
    """Somebody changed the profile after it was read; `version` is the present one."""

    def __init__(self, version: int) -> None:
        super().__init__(_("A colleague changed this after you opened it, so nothing was saved."))
        self.version = version


@transaction.atomic
def change_profile(
    *, actor: Actor, partner_id: int, profile: CompanyProfile, version: int
) -> PartnerProfile:
    """Makes this the partner's profile, if it is still in the version that was read (0: there
    was none). The same again changes nothing. Raises StaleProfile, PermissionDenied, Http404."""
    if not Partner.objects.visible_to(actor).filter(pk=partner_id).exists():
        raise Http404
    if not (speaks_for_company(actor) or actor.is_ops or actor.is_system):
        raise PermissionDenied(_("This needs the role Administrator at the partner."))
    partner = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner_id)
    row = PartnerProfile.objects.filter(partner=partner).first()
    row = row or PartnerProfile(partner=partner, version=0)
    if row.version != version:
        raise StaleProfile(row.version)
    said = asdict(profile)
    changes = {
        name: [as_text(getattr(row, name)), as_text(value)]
        for name, value in said.items()
        if getattr(row, name) != value
    }
    if not changes:
        return row
    for name, value in said.items():
        setattr(row, name, value)
    row.version += 1
    row.changed_at = timezone.now()
    row.save(update_fields=[*changes, "version", "changed_at"] if row.pk else None)
    record(ProfileChanged(changes), subject=partner, actor=actor, partner_id=partner.pk)
    return row
