"""The example's tier programme, and where its partners stand in it."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from core import money_rates
from core.actor import Actor
from partners.measures import EVERYBODY
from partners.models import Tier, TierProgramme, TierSchedule
from partners.services import (
    LevelDraft,
    NewValue,
    ProgrammeDraft,
    draft_programme,
    enter_values,
    publish_programme,
    set_schedule,
    write_programme,
)
from partners.services.assessing import assess
from prm.demo.programme import IN_EUROS, rounded

# Euros won and deals registered in twelve months, certifications, satisfaction.
ASKED = {
    "Registered": (0, 0, 0, 0),
    "Silver": (10_000, 4, 0, 0),
    "Gold": (35_000, 4, 2, 0),
    "Platinum": (300_000, 8, 6, 75),
}
MEASURES = ("sourced_revenue", "deals_registered", "active_certifications", "psat")

# Certifications and satisfaction, company by company; some are one step below a tier.
KNOWN = {
    "nordlicht": (5, 86), "albwerk": (4, 79), "thornbury": (3, 71), "fjordpartner": (5, 82),
    "polderlink": (2, 74), "gulfspan": (4, 77), "redmesa": (3, 80), "hoshikawa": (2, 69),
    "bluegum": (2, 83), "deccan": (2, 76), "steinadler": (9, 81), "penrose": (7, 84),
    "lakeshore": (8, 78), "liffeycloud": (1, 88), "karooline": (2, 75), "uetlinet": (1, 72),
    "straitworks": (1, 70), "lagoblu": (0, 66),
}  # fmt: skip


def add_tier_programme(
    actor: Actor, partners: Mapping[str, int], now: dt.datetime
) -> TierProgramme | None:
    """A programme in force whose rises a person approves, entered values, a nightly schedule,
    and everybody looked at once; nothing when there is a programme."""
    if TierProgramme.objects.exists():
        return None
    today = now.date()
    enter_values(
        actor=actor,
        values=[
            NewValue(partners[key], measure, today - dt.timedelta(days=20), Decimal(value), source)
            for key, known in KNOWN.items()
            for measure, value, source in zip(
                ("active_certifications", "psat"), known, ("Academy", "Survey"), strict=True
            )
        ],
    )
    row = draft_programme(actor=actor)
    write_programme(actor=actor, programme_id=row.pk, draft=written())
    publish_programme(actor=actor, programme_id=row.pk)
    schedule = TierSchedule(
        rhythm=TierSchedule.Rhythm.DAILY, at=dt.time(3), time_zone="Europe/Warsaw"
    )
    set_schedule(actor=actor, schedule=schedule)
    assess(EVERYBODY, cause="example")
    return row


def written() -> ProgrammeDraft:
    tiers = dict(Tier.objects.values_list("name", "pk"))
    worth = IN_EUROS[money_rates.base_currency()]
    levels = []
    for name, (euros, *rest) in ASKED.items():
        amounts = [rounded(euros / worth) if euros else Decimal(0), *map(Decimal, rest)]
        asked = {one: value for one, value in zip(MEASURES, amounts, strict=True) if value}
        levels.append(LevelDraft(tiers[name], asked))
    return ProgrammeDraft("Partner programme", levels, grace_days=60, approval="up")
