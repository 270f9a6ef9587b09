"""What fsck checks of partners and the programme."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef

from core.fsck import Finding, check
from partners.models import Partner, TierException, TierStanding, TierStay

MOST_FINDINGS = 100


@check("partners.tiers", "A partner's tier is the one that its history says.")
def tiers() -> Iterator[Finding]:
    now = TierStay.objects.filter(partner=OuterRef("pk"), until__isnull=True)
    wrong = Partner.objects.filter(~Exists(now.filter(tier=OuterRef("tier"))))
    for partner in wrong.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(
            "partners.tiers",
            f"Partner {partner.pk}: the history tells another tier.",
            (partner.pk,),
        )


@check("partners.standings", "A standing repeats the partner's newest assessment.")
def standings() -> Iterator[Finding]:
    wrong = TierStanding.objects.exclude(
        partner_id=F("assessment__partner_id"),
        programme_id=F("assessment__programme_id"),
        measured=F("assessment__measured"),
        reached_id=F("assessment__reached_id"),
    )
    for standing in wrong.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(
            "partners.standings",
            f"Partner {standing.pk}: the standing does not fit its assessment.",
            (standing.pk,),
        )


@check("partners.exceptions", "Who has a tier by exception is in it.")
def exceptions() -> Iterator[Finding]:
    running = TierException.objects.filter(ended_at__isnull=True, tier__isnull=False)
    for one in running.exclude(tier=F("partner__tier")).order_by("pk")[:MOST_FINDINGS]:
        yield Finding(
            "partners.exceptions",
            f"Partner {one.partner_id} is not in the tier of its exception.",
            (one.partner_id,),
        )
