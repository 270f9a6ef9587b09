"""What is true of joint business plans: their states, who moves them, and how far goals are."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from partners.rules.periods import Period, PeriodKind, period_at

MOST_GOALS = 20
MOST_ACTIVITIES = 50
LARGEST_TARGET = Decimal("999999999999")


class Side(TextChoices):
    PARTNER = "partner", _("the partner")
    VENDOR = "vendor", _("the vendor")


class PlanStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")
    CLOSED = "closed", _("Closed")
    REPLACED = "replaced", _("Replaced by a newer revision")
    DISCARDED = "discarded", _("Discarded")


class PlanVerb(TextChoices):
    EDIT = "edit", _("Edit")
    PROPOSE = "propose", _("Propose")
    AGREE = "agree", _("Agree")
    SEND_BACK = "send_back", _("Send back")
    REVISE = "revise", _("Revise")
    CLOSE = "close", _("Close")
    DISCARD = "discard", _("Discard")
    COMMENT = "comment", _("Comment")


OPEN_PLAN = frozenset({PlanStatus.DRAFT, PlanStatus.PROPOSED})
# Both sides have signed what stands in these.
SIGNED = frozenset({PlanStatus.AGREED, PlanStatus.CLOSED, PlanStatus.REPLACED})
BOTH = frozenset(Side)

# status, verb → status and which side may. What is not here is refused. Only the side that did
# not propose agrees (`may_move`).
PLAN_TRANSITIONS: dict[tuple[PlanStatus, PlanVerb], tuple[PlanStatus, frozenset[Side]]] = {
    (PlanStatus.DRAFT, PlanVerb.EDIT): (PlanStatus.DRAFT, BOTH),
    (PlanStatus.DRAFT, PlanVerb.PROPOSE): (PlanStatus.PROPOSED, BOTH),
    (PlanStatus.DRAFT, PlanVerb.DISCARD): (PlanStatus.DISCARDED, BOTH),
    (PlanStatus.DRAFT, PlanVerb.COMMENT): (PlanStatus.DRAFT, BOTH),
    (PlanStatus.PROPOSED, PlanVerb.AGREE): (PlanStatus.AGREED, BOTH),
    (PlanStatus.PROPOSED, PlanVerb.SEND_BACK): (PlanStatus.DRAFT, BOTH),
    (PlanStatus.PROPOSED, PlanVerb.COMMENT): (PlanStatus.PROPOSED, BOTH),
    (PlanStatus.AGREED, PlanVerb.REVISE): (PlanStatus.AGREED, BOTH),
    (PlanStatus.AGREED, PlanVerb.CLOSE): (PlanStatus.CLOSED, frozenset({Side.VENDOR})),
    (PlanStatus.AGREED, PlanVerb.COMMENT): (PlanStatus.AGREED, BOTH),
}


def plan_after(status: str, verb: PlanVerb) -> PlanStatus | None:
    """Where `verb` leads a plan from `status`; None where it leads nowhere."""
    found = PLAN_TRANSITIONS.get((PlanStatus(status), verb))
    return found[0] if found else None


def may_move(status: str, verb: PlanVerb, side: Side, proposed_by: str) -> bool:
    """Whether a side may do that now. Who proposed has signed already."""
    found = PLAN_TRANSITIONS.get((PlanStatus(status), verb))
    if found is None or side not in found[1]:
        return False
    return verb != PlanVerb.AGREE or side != proposed_by


# --- periods --------------------------------------------------------------------------------


def periods_offered(today: dt.date) -> list[Period]:
    """This year and the next, this quarter and the four that follow."""
    later = dt.date(today.year + 1, 1, 1)
    years = [period_at(PeriodKind.YEAR, 0, day) for day in (today, later)]
    quarters = [period_at(PeriodKind.QUARTER, 0, today)]
    while len(quarters) < 5:
        quarters.append(quarter_after(quarters[-1]))
    return [*years, *quarters]


def quarter_after(one: Period) -> Period:
    return period_at(PeriodKind.QUARTER, 0, one.last + dt.timedelta(days=1))


def quarter_before(one: Period) -> Period:
    return period_at(PeriodKind.QUARTER, 0, one.first - dt.timedelta(days=1))


def quarter_of(day: dt.date) -> int:
    return (day.month + 2) // 3


def is_year(one: Period) -> bool:
    return one == period_at(PeriodKind.YEAR, 0, one.first)


def is_quarter(one: Period) -> bool:
    return one == period_at(PeriodKind.QUARTER, 0, one.first)


def elapsed(one: Period, today: dt.date) -> Decimal:
    """The share of the period that is over, 0 to 1."""
    days = (one.last - one.first).days + 1
    gone = min(max((today - one.first).days + 1, 0), days)
    return Decimal(gone) / days


# --- how far --------------------------------------------------------------------------------


class Pace(TextChoices):
    REACHED = "reached", _("Reached")
    ON_TRACK = "on_track", _("On track")
    BEHIND = "behind", _("Behind")
    UNKNOWN = "unknown", _("No data yet")
    MISSED = "missed", _("Not reached")


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a goal is: the share of its target, 0 to 100, and whether that is enough."""

    share: int
    pace: Pace


def reach(
    value: Decimal | None, target: Decimal, gone: Decimal, *, adds_up: bool, over: bool = False
) -> Reach:
    """What adds up grows with the days: it is on track at nine tenths of what so many days ask
    for. A rate or a score is to be held on every day."""
    if value is None:
        return Reach(0, Pace.UNKNOWN)
    share = min(int(value * 100 / target), 100) if target else 100
    if value >= target:
        return Reach(100, Pace.REACHED)
    if over:
        return Reach(share, Pace.MISSED)
    expected = target * gone * Decimal("0.9") if adds_up else target * Decimal("0.9")
    return Reach(share, Pace.ON_TRACK if value >= expected else Pace.BEHIND)
