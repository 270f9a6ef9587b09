"""For whom what is tried out is on."""

from django.utils import timezone

from partners.features import Feature
from partners.models import Partner, RollOut
from partners.rules import Reach, is_on


def feature_on(partner_id: int, feature: Feature) -> bool:
    """Whether a partner has a feature today. One query, and one for a feature that is tried
    out with some partners only."""
    rows = RollOut.objects.filter(feature=feature.code).values_list(
        "first_day", "last_day", "region__path", "partner_id"
    )
    reaches = [Reach(first, last, region or "", one) for first, last, region, one in rows]
    if not reaches:
        return True
    region = Partner.objects.values_list("region__path", flat=True).get(pk=partner_id)
    return is_on(reaches, partner_id, region, timezone.localdate())
