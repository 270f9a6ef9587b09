"""The example's ideal partner profile, and how its partners fit it."""

from collections.abc import Mapping
from decimal import Decimal

from core import money_rates
from core.actor import Actor
from partners.measures import EVERYBODY
from partners.models import Focus, IdealProfile
from partners.rules import FocusKind
from partners.rules.fit import Band, Criterion, question_key
from partners.services import fit
from partners.services import ideal_profiles as ideals
from prm.demo.programme import IN_EUROS, rounded

SUPPORT = "Has a support team of its own"
EXECUTIVE = "Its management stands behind the partnership"


def add_ideal_profile(*, actor: Actor, partners: Mapping[str, int]) -> None:
    """A version in force that partners see, a draft of the next one, some answers, and everybody
    scored; nothing when there is a profile."""
    if IdealProfile.objects.exists():
        return
    row = ideals.draft_ideal(actor=actor)
    draft = ideals.IdealDraft("Growth partner", criteria(), shown=True)
    ideals.write_ideal(actor=actor, profile_id=row.pk, draft=draft)
    ideals.publish_ideal(actor=actor, profile_id=row.pk)
    for number, partner_id in enumerate(partners.values()):
        for place, wording in enumerate((SUPPORT, EXECUTIVE)):
            if (number + place) % 3:
                fit.answer_question(
                    actor=actor,
                    partner_id=partner_id,
                    question=question_key(wording),
                    yes=(number + place) % 4 != 1,
                )
    fit.score_partners(EVERYBODY)
    ideals.draft_ideal(actor=actor, from_id=row.pk)


def criteria() -> tuple[Criterion, ...]:
    worth = IN_EUROS[money_rates.base_currency()]
    special = Focus.objects.filter(kind=FocusKind.SPECIALISATION, name__startswith="Cloud")
    wanted = frozenset(str(key) for key in special.values_list("pk", flat=True))
    revenue = [(10_000, 30), (50_000, 70), (200_000, 100)]
    bands = tuple(Band(rounded(euros / worth), share) for euros, share in revenue)
    return (
        Criterion("", "measure:sourced_revenue", "Revenue with us", 30, bands=bands),
        Criterion(
            "",
            "employees",
            "Size",
            20,
            bands=(Band(Decimal(20), 50), Band(Decimal(100), 100), Band(Decimal(600), 70)),
        ),
        Criterion(
            "",
            "measure:active_certifications",
            "Certified people",
            20,
            bands=(Band(Decimal(1), 40), Band(Decimal(4), 100)),
        ),
        Criterion("", "specialisation", "Cloud migration", 10, members=wanted),
        Criterion("", "check", SUPPORT, 10),
        Criterion("", "check", EXECUTIVE, 10),
    )
