"""What operations set about a partner: its details, its status, its tier, its domains."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from partners.events.organisations import DomainsChanged, PartnerAdded, PartnerChanged
from partners.events.tiers import TierChanged
from partners.models import Partner, PartnerDomain, Tier
from partners.rules import PartnerStatus
from partners.services.authority import require_operations
from partners.services.stays import begin_stay

DETAILS = ("name", "type", "region_id", "manager_id", "country")


class DomainTaken(ValueError):
    """The domain belongs to another partner; the message says which."""


@dataclass(frozen=True, slots=True)
class PartnerDetails:
    """What a partner is called, is, and where it belongs."""

    name: str
    type: str
    region_id: int
    manager_id: int | None
    country: str


@transaction.atomic
def add_partner(
    *, actor: Actor, details: PartnerDetails, status: PartnerStatus, tier_id: int
) -> Partner:
    """A new partner. Raises PermissionDenied."""
    require_operations(actor)
    partner = Partner(status=status, tier_id=tier_id)
    for name in DETAILS:
        setattr(partner, name, getattr(details, name))
    partner.save(force_insert=True)
    begin_stay(partner.pk, tier_id, actor=actor, note="")
    record(
        PartnerAdded(
            name=partner.name,
            type=partner.type,
            status=status.value,
            tier=partner.tier.name,
            region=partner.region.path,
        ),
        subject=partner,
        actor=actor,
        partner_id=partner.pk,
    )
    return partner


@transaction.atomic
def change_partner(*, actor: Actor, partner_id: int, details: PartnerDetails) -> bool:
    """Sets those details that differ; False if none does. Raises PermissionDenied."""
    require_operations(actor)
    partner = _locked(partner_id)
    before = _told(partner)
    differing = [name for name in DETAILS if getattr(partner, name) != getattr(details, name)]
    if not differing:
        return False
    for name in differing:
        setattr(partner, name, getattr(details, name))
    partner.save(update_fields=differing)
    after = _told(partner)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    record(PartnerChanged(changes), subject=partner, actor=actor, partner_id=partner.pk)
    return True


def _told(partner: Partner) -> dict[str, str]:
    return {
        "name": partner.name,
        "type": partner.type,
        "region": partner.region.path,
        "manager": str(partner.manager or ""),
        "country": partner.country,
    }


def _locked(partner_id: int) -> Partner:
    return Partner.objects.select_for_update().get(pk=partner_id)


@transaction.atomic
def move_tier(*, actor: Actor, partner_id: int, tier_id: int, note: str = "") -> bool:
    """Moves a partner to another tier; False if it is in it. The partner reads `note`.

    Raises PermissionDenied, Tier.DoesNotExist.
    """
    require_operations(actor)
    partner = _locked(partner_id)
    if partner.tier_id == tier_id:
        return False
    old, new = partner.tier, Tier.objects.get(pk=tier_id)
    partner.tier = new
    partner.save(update_fields=["tier"])
    begin_stay(partner.pk, new.pk, actor=actor, note=note.strip())
    fact = TierChanged(old=old.name, new=new.name, note=note.strip())
    record(fact, subject=partner, actor=actor, partner_id=partner.pk)
    return True


@transaction.atomic
def set_domains(*, actor: Actor, partner_id: int, domains: Collection[str]) -> bool:
    """Makes `domains` the partner's only ones; False if they are already.

    Raises PermissionDenied, DomainTaken.
    """
    require_operations(actor)
    partner = _locked(partner_id)
    before = set(partner.domains.values_list("domain", flat=True))
    added, removed = sorted(set(domains) - before), sorted(before - set(domains))
    if not added and not removed:
        return False
    taken = PartnerDomain.objects.filter(domain__in=added).values_list("domain", flat=True).first()
    if taken is not None:
        raise DomainTaken(_("%s belongs to another partner.") % taken)
    partner.domains.filter(domain__in=removed).delete()
    PartnerDomain.objects.bulk_create(
        PartnerDomain(partner=partner, domain=domain) for domain in added
    )
    fact = DomainsChanged(tuple(added), tuple(removed))
    record(fact, subject=partner, actor=actor, partner_id=partner.pk)
    return True
