"""How soon the vendor decides, and who is told when it does not."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Who(TextChoices):
    """Who is told at a step of the escalation path."""

    OWNER = "owner", _("The case's owner")
    REGION = "region", _("Channel managers of the region")
    ABOVE = "above", _("Channel managers of the region above")
    OPS = "ops", _("Partner operations")


@dataclass(frozen=True, slots=True)
class Step:
    """Who is told when a case is undecided so many business days after it began."""

    after_days: int
    who: Who


@dataclass(frozen=True, slots=True)
class Level:
    """Within how many business days a decision is due, evidence is awaited and an appeal is
    open; `steps` in the order of time."""

    decision_days: int = 2
    evidence_days: int = 2
    appeal_days: int = 5
    steps: tuple[Step, ...] = (
        Step(1, Who.OWNER),
        Step(2, Who.REGION),
        Step(3, Who.ABOVE),
        Step(5, Who.OPS),
    )


# What holds until operations set something else.
DEFAULT_LEVEL = Level()


def tone_of(now: dt.datetime, due: dt.datetime | None, began: dt.datetime) -> str:
    """How a clock looks: good, warn in its last quarter, bad once it is over."""
    if due is None:
        return "neutral"
    if now >= due:
        return "bad"
    return "warn" if now >= began + (due - began) * 3 / 4 else "good"
