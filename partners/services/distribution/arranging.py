"""The vendor says who works with whom."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.appointments import cancel_appointments
from partners.events.distribution import DistributionChanged
from partners.models import DistributionLink, Partner, Region
from partners.queries.distribution import link_for_reading
from partners.rules import PartnerType
from partners.rules.distribution import OPEN_LINK, LinkState, Side
from partners.services.authority import require_operations
from partners.services.distribution.relations import (
    EXPIRE_PROPOSAL,
    DistributionRefused,
    follow_last_day,
    locked,
    require_room,
    tell,
    tell_both,
)
from partners.services.lifecycle import locked_partner


@transaction.atomic
def set_distribution(
    *,
    actor: Actor,
    distributor_id: int,
    reseller_id: int,
    region_id: int | None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
) -> DistributionLink:
    """The vendor says that two companies work together; an open proposal of theirs is thereby
    accepted. Raises DistributionRefused, PermissionDenied."""
    require_operations(actor)
    locked_partner(reseller_id)
    reseller = Partner.objects.select_related("region").get(pk=reseller_id)
    distributor = Partner.objects.get(pk=distributor_id)
    kinds = {reseller.type == PartnerType.DISTRIBUTOR, distributor.type != PartnerType.DISTRIBUTOR}
    if True in kinds:
        raise DistributionRefused(
            _("Choose a partner of the type Distributor, and one that is of another type.")
        )
    _require_dates(starts_on, ends_on)
    known = DistributionLink.objects.select_for_update(of=("self",)).filter(
        distributor=distributor, reseller=reseller, state__in=sorted(OPEN_LINK)
    )
    link = known.first() or DistributionLink(
        distributor=distributor, reseller=reseller, proposed_by=Side.VENDOR
    )
    if link.state == LinkState.ACTIVE:
        raise DistributionRefused(_("These two work together already."))
    require_room(reseller, distributor, link.pk)
    link.region_id, link.starts_on, link.ends_on = region_id, starts_on, ends_on
    link.state = LinkState.ACTIVE
    link.save()
    cancel_appointments(link, EXPIRE_PROPOSAL)
    follow_last_day(link)
    tell_both(actor, link)
    return link


@transaction.atomic
def change_distribution(
    *,
    actor: Actor,
    link_id: int,
    region_id: int | None,
    starts_on: dt.date,
    ends_on: dt.date | None,
) -> bool:
    """Where and between which days an active relation counts; False if nothing differs. Raises
    DistributionRefused, PermissionDenied, Http404."""
    require_operations(actor)
    link = locked(link_for_reading(actor, link_id))
    if link.state != LinkState.ACTIVE:
        raise DistributionRefused(_("Only what is active can be changed."))
    _require_dates(starts_on, ends_on)
    paths = dict(
        Region.objects.filter(pk__in=[link.region_id, region_id]).values_list("pk", "path")
    )
    pairs = {
        "region": (paths.get(link.region_id or 0, ""), paths.get(region_id or 0, "")),
        "starts_on": (str(link.starts_on or ""), str(starts_on)),
        "ends_on": (str(link.ends_on or ""), str(ends_on or "")),
    }
    changes = {field: [old, new] for field, (old, new) in pairs.items() if old != new}
    if not changes:
        return False
    link.region_id, link.starts_on, link.ends_on = region_id, starts_on, ends_on
    link.save(update_fields=["region", "starts_on", "ends_on"])
    follow_last_day(link)
    tell(actor, link, lambda other: DistributionChanged(other, changes))
    return True


def _require_dates(starts_on: dt.date, ends_on: dt.date | None) -> None:
    if ends_on is not None and ends_on < max(starts_on, timezone.now().date()):
        raise DistributionRefused(_("The last day is today or later, and not before the first."))
