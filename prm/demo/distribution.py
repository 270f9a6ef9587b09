"""Distributors of the example and their resellers: some that work together, one that is asked."""

import datetime as dt
from collections.abc import Mapping

from core.actor import Actor
from core.models import Event, User
from dealreg.models import Deal, DealRoute
from partners.models import DistributionLink, DistributionPolicy, Region
from partners.queries import actor_for
from partners.services.distribution import propose_distribution, set_distribution
from prm.demo.cast import COMPANIES
from prm.demo.news import tell

TOGETHER = [
    ("steinadler", "nordlicht", "EMEA.DACH", 420),
    ("steinadler", "uetlinet", "EMEA.DACH", 300),
    ("hoshikawa", "straitworks", None, 210),
]


def add_distribution(
    *, actor: Actor, partners: Mapping[str, int], users: Mapping[str, int], now: dt.datetime
) -> None:
    """Adds it once; nobody's own relations are touched."""
    if DistributionLink.objects.exists():
        return
    regions = dict(Region.objects.values_list("path", "pk"))
    DistributionPolicy.objects.get_or_create(
        region_id=regions["EMEA.DACH"], defaults={"may_keep": True, "amounts_shown": False}
    )
    for distributor, reseller, region, days in TOGETHER:
        set_distribution(
            actor=actor,
            distributor_id=partners[distributor],
            reseller_id=partners[reseller],
            region_id=regions[region] if region else None,
            starts_on=now.date() - dt.timedelta(days=days),
        )
    _send_deals_through()
    domains = {company.key: company.domain for company in COMPANIES}
    veronika = User.objects.get(pk=users[f"veronika@{domains['steinadler']}"])
    propose_distribution(
        actor=actor_for(veronika),
        domain=domains["albwerk"],
        note="We stock what you install; shall we talk about delivery terms?",
    )
    tell(Event.objects.filter(subject_type="partners.distributionlink"), now)


def _send_deals_through() -> None:
    """The newest registrations of these resellers run through their distributor."""
    for link in DistributionLink.objects.filter(state="active"):
        deals = Deal.objects.filter(partner=link.reseller).exclude(status="draft")
        DealRoute.objects.bulk_create(
            DealRoute(deal=deal, link=link, distributor=link.distributor)
            for deal in deals.order_by("-pk")[:6]
        )
