"""For whom what is tried out is on."""

import datetime as dt

from django.utils import timezone

from core.kept import kept_until_changed
from partners.models import Partner, Region, RollOut
from partners.registries.features import Feature, Policies
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


def policies_off(
    policies: Policies, *, partner_id: int | None, region: str, day: dt.date
) -> set[int]:
    """The ids of the stored policies of a kind that are tried out, but not with a partner of a
    region (a path); None stands for no partner in particular. No query once the roll-outs are
    known to the process."""
    return {
        key
        for (prefix, key), reaches in _of_policies().items()
        if prefix == policies.prefix and not is_on(reaches, partner_id or 0, region, day)
    }


def tried_out(policies: Policies) -> set[int]:
    """The ids of the stored policies of a kind that have roll-outs, also ended ones, and so do not
    count for everybody."""
    return {key for prefix, key in _of_policies() if prefix == policies.prefix}


@kept_until_changed(RollOut, Region)
def _of_policies() -> dict[tuple[str, int], list[Reach]]:
    rows = RollOut.objects.filter(feature__contains=":")
    found: dict[tuple[str, int], list[Reach]] = {}
    for code, first, last, region, partner_id in rows.values_list(
        "feature", "first_day", "last_day", "region__path", "partner_id"
    ):
        prefix, _colon, key = code.rpartition(":")
        reach = Reach(first, last, region or "", partner_id)
        found.setdefault((f"{prefix}:", int(key)), []).append(reach)
    return found
