"""How Alpha and Beta fit the ideal partner in the walk, what Alpha states as costs, and what the
forms carry."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from partners.models import FitRun, IdealProfile, PartnerCost, PartnerFit
from partners.rules.fit import Band, Criterion, question_key
from partners.rules.profit import Cost, CostKind
from partners.runs import scoring
from partners.services import fit
from partners.services import ideal_profiles as ideals
from partners.services.costs import add_cost
from tests.cast import Cast

QUESTION = "Has a support team"


def add_for(cast: Cast) -> None:
    """Otto published what the ideal partner is like, shown to partners; all are scored, and the
    version was tried."""
    otto = cast.actor(cast.otto)
    row = ideals.draft_ideal(actor=otto)
    bands = (Band(Decimal(1), 50), Band(Decimal(50), 100))
    criteria = (
        Criterion("", "measure:deals_registered", "Deals", 60, bands=bands),
        Criterion("", "check", QUESTION, 40),
    )
    draft = ideals.IdealDraft("Ideal", criteria, shown=True)
    ideals.write_ideal(actor=otto, profile_id=row.pk, draft=draft)
    # The first run is one that everybody who reads runs may read; a trial is its asker's own.
    scoring.ask_scoring(actor=otto, cause="ops")
    scoring.work_due()
    scoring.ask_trial(actor=otto, profile_id=row.pk)
    ideals.publish_ideal(actor=otto, profile_id=row.pk)
    scoring.work_due()
    for partner in (cast.alpha, cast.beta):
        fit.score_partner(partner.pk)
    day = timezone.localdate()
    cost = Cost(CostKind.PEOPLE, day, Decimal("4711.25"), "EUR", "Working hours")
    add_cost(actor=cast.actor(cast.ada), cost=cost)


def ids_of() -> dict[str, Any]:
    """The ids that stand in addresses."""
    return {
        "profile_id": IdealProfile.objects.latest("pk").pk,
        "cost_id": PartnerCost.objects.latest("pk").pk,
    }


def trial() -> int:
    return FitRun.objects.earliest("pk").pk


def rows_of(partner_id: int) -> dict[str, object]:
    """The rows of the back office's tables that are the partner's."""
    return {"partnerfit": PartnerFit.objects.get(partner_id=partner_id).pk}


def bodies() -> dict[str, dict[str, Any]]:
    """What each form needs to be accepted."""
    answer = {"question": question_key(QUESTION), "answer": "yes"}
    cost = {"kind": "people", "day": "2026-01-05", "amount": "9", "currency": "EUR", "version": 1}
    return {
        "/admin/partners/partnerfit/partner/<partner_id>/answer/": answer,
        "/company/profitability/costs/add/": cost,
        "/company/profitability/costs/<cost_id>/": cost,
        "/api/v1/profitability/costs/": cost,
        "/api/v1/profitability/costs/<cost_id>/": cost,
    }
