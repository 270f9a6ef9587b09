"""Who registers customers and who works on them: registered against progressed, by partner."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q

from core.actor import Actor
from dealreg.models import Deal, EvidenceItem
from dealreg.rules.states import DealStage, DealStatus

MOST_PARTNERS = 100
LONGEST = dt.timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Period:
    """Both days are in it."""

    since: dt.date
    until: dt.date


def progress(actor: Actor, period: Period, region: str = "") -> Any:
    """A row for each partner that registered in the period, those with most registrations
    without progress first. One grouped query over the period's registrations.

    Progress is evidence, a sales stage beyond the first, or a closed sale. `idle` are
    registrations that lapsed without any.
    """
    shown = EvidenceItem.objects.filter(deal=OuterRef("pk"))
    moved = ~Q(stage=DealStage.PROSPECTING)
    rows = (
        Deal.objects.visible_to(actor)
        .exclude(status=DealStatus.DRAFT)
        .filter(submitted_at__date__gte=period.since, submitted_at__date__lte=period.until)
        .annotate(shown=Exists(shown))
    )
    if region:
        rows = rows.filter(
            Q(partner__region__path=region) | Q(partner__region__path__startswith=f"{region}.")
        )
    return (
        rows.order_by()
        .values("partner_id", "partner__name", "partner__tier__name")
        .annotate(
            registered=Count("pk"),
            evidenced=Count("pk", filter=Q(shown=True)),
            moved=Count("pk", filter=moved),
            won=Count("pk", filter=Q(stage=DealStage.WON)),
            lapsed=Count("pk", filter=Q(status=DealStatus.LAPSED)),
            idle=Count("pk", filter=Q(status=DealStatus.LAPSED, shown=False) & ~moved),
            progressed=Count("pk", filter=Q(shown=True) | moved),
        )
        .annotate(still=F("registered") - F("progressed"))
        .order_by("-idle", "-still", "partner__name", "partner_id")
    )
