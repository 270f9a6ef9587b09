"""What a partner may do in deal registration."""

from decimal import Decimal

from django.db import connection
from django.utils import timezone

from core.prepared import Prepared
from partners.models import Partner
from partners.queries.benefits import entitlements_at
from partners.rules import RegistrationRights

# For every registration: written out, it costs a quarter of what working it out anew does.
RIGHTS = Prepared("""
SELECT partner.name, partner.status, partner.type, partner.country, region.path,
       tier.id, tier.name, tier.approval_limit, tier.open_registrations_limit,
       EXISTS (SELECT 1 FROM partners_distributionlink WHERE reseller_id = partner.id)
FROM partners_partner AS partner
JOIN partners_region AS region ON region.id = partner.region_id
JOIN partners_tier AS tier ON tier.id = partner.tier_id
WHERE partner.id = %s
""")


def registration_rights(partner_id: int) -> RegistrationRights:
    """What a partner may do in deal registration now: its tier's own limits, unless a catalogue
    of benefits in force states others. One query, and two when a catalogue is in force.
    Raises Partner.DoesNotExist."""
    with connection.cursor() as cursor:
        RIGHTS.run(cursor, [partner_id])
        found = cursor.fetchone()
    if found is None:
        raise Partner.DoesNotExist(f"There is no partner {partner_id}.")
    name, status, kind, country, region, tier_id, tier, by_tier, open_by_tier, resells = found
    entitled = entitlements_at(partner_id, region, kind, tier_id, timezone.now())
    allowed = None if open_by_tier is None else Decimal(open_by_tier)
    most_open = entitled.limit("registrations", allowed)
    return RegistrationRights(
        partner_id=partner_id,
        partner_name=name,
        status=status,
        partner_type=kind,
        region_path=region,
        tier=tier,
        approval_limit=entitled.limit("approval", by_tier),
        country=country,
        open_limit=None if most_open is None else int(most_open),
        margin=entitled.margin,
        resells=resells,
    )
