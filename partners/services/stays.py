"""Partners' times in their tiers: the history behind `partner.tier`."""

import datetime as dt
from collections.abc import Collection

from django.utils import timezone

from core.actor import Actor
from partners.models import Partner, TierAssessment, TierStay


def place_in_tiers(
    assessments: Collection[TierAssessment], *, actor: Actor, now: dt.datetime, note: str = ""
) -> None:
    """Puts partners into the tier of their assessment, ends the time in the old one and begins
    one in the new."""
    by_tier: dict[int, list[int]] = {}
    for one in assessments:
        by_tier.setdefault(one.after_id, []).append(one.partner_id)
    for tier_id, partner_ids in by_tier.items():
        Partner.objects.filter(pk__in=partner_ids).update(tier_id=tier_id)
    stays = TierStay.objects.filter(partner__in=[one.partner_id for one in assessments])
    stays.filter(until__isnull=True).update(until=now)
    TierStay.objects.bulk_create(
        (
            TierStay(
                partner_id=one.partner_id,
                tier_id=one.after_id,
                since=now,
                note=note,
                by=actor.label[:200],
                assessment=one,
            )
            for one in assessments
        ),
        batch_size=2000,
    )


def begin_stay(
    partner_id: int, tier_id: int, *, actor: Actor, note: str, now: dt.datetime | None = None
) -> None:
    """A tier that somebody set: the time in the one before ends."""
    now = now or timezone.now()
    TierStay.objects.filter(partner_id=partner_id, until__isnull=True).update(until=now)
    TierStay.objects.create(
        partner_id=partner_id, tier_id=tier_id, since=now, note=note[:1000], by=actor.label[:200]
    )
