"""The numbers of a quarterly review: counted live, and kept as they stood when it was held.

What is kept is JSON of this module's own making: text, numbers as text, no words of any
language, so that it is said in each reader's language later.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.charts import Point
from core.ui import Tone
from partners import measures
from partners.measures import Unit
from partners.models import JointPlan, Partner, PlanGoal, QuarterlyReview
from partners.queries import plans, swot
from partners.queries.plans import ActivityShown, GoalShown
from partners.queries.todos import TONES as TODO_TONES
from partners.rules.periods import Period
from partners.rules.plans import PlanStatus, elapsed, quarter_before
from partners.rules.reviews import QUARTERS_SHOWN, ReviewStatus
from partners.rules.swot import Quadrant
from partners.rules.todos import TodoState
from partners.words import tiers as tier_words

Kept = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MeasureShown:
    """One measure in the quarter and the one before, in words, and how it got there."""

    name: str
    label: str
    unit: str
    value: str
    before: str
    change: str
    tone: Tone
    points: list[Point]


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a review looks at. `frozen_at` is None while it is counted live."""

    as_of: dt.date
    frozen_at: dt.datetime | None
    tier: str
    quarter: str
    quarter_before: str
    measures: list[MeasureShown]
    plan: str
    plan_period: str
    goals: list[GoalShown]
    activities: list[ActivityShown]
    swot: list[tuple[str, list[str]]]


def figures_of(review: QuarterlyReview, *, history: bool = True) -> Figures:
    """As it was kept, or counted now. Live it costs a query for each quarter shown and seven
    more; without `history` six: two quarters, and neither activities nor strengths."""
    if review.status == ReviewStatus.HELD:
        return shown(review, review.figures or {}, review.held_at)
    return shown(review, counted(review, timezone.localdate(), history=history), None)


def counted(review: QuarterlyReview, today: dt.date, *, history: bool = True) -> Kept:
    """The numbers as they are now, to be kept."""
    quarters = QUARTERS_SHOWN if history else 2
    partner = Partner.objects.select_related("tier").get(pk=review.partner_id)
    names = [one.name for one in measures.all_measures()]
    periods = [review.period]
    while len(periods) < quarters:
        periods.append(quarter_before(periods[-1]))
    by_quarter = [
        {
            "first": one.first.isoformat(),
            "last": one.last.isoformat(),
            "values": texts(one, names, partner.pk),
        }
        for one in periods
    ]
    return {
        "as_of": today.isoformat(),
        "tier": partner.tier.name,
        "quarters": by_quarter,
        "plan": plan_counted(review, today, whole=history),
        "swot": said_of(partner.pk) if history else {},
    }


def said_of(partner_id: int) -> dict[str, list[str]]:
    """The lines of the four lists as they are now."""
    lists = swot.lists_at(partner_id, swot.newest_version(partner_id))
    return {one.quadrant: [point.text for point in one.points] for one in lists}


def texts(period: Period, names: list[str], partner_id: int) -> dict[str, str]:
    found = measures.values(names, period, [partner_id])[partner_id]
    return {name: "" if value is None else str(value) for name, value in found.items()}


def plan_counted(review: QuarterlyReview, today: dt.date, *, whole: bool) -> Kept | None:
    """The agreed plan in whose period the quarter ends."""
    rows = JointPlan.objects.filter(
        partner_id=review.partner_id,
        status__in=[PlanStatus.AGREED, PlanStatus.CLOSED],
        first__lte=review.last,
        last__gte=review.last,
    )
    plan = rows.order_by("-first", "-revision").first()
    if plan is None:
        return None
    activities = plan.activities.select_related("owner", "todo__owner") if whole else []
    return {
        "title": plan.title,
        "first": plan.first.isoformat(),
        "last": plan.last.isoformat(),
        "goals": [
            {
                "measure": one.measure,
                "target": str(one.target),
                "value": "" if one.value is None else str(one.value),
                "note": one.note,
            }
            for one in plans.goals_of(plan, today)
        ],
        "activities": [
            {
                "title": one.title,
                "owner": str((one.todo.owner if one.todo else one.owner) or ""),
                "due_on": (one.todo or one).due_on.isoformat(),
                "state": one.todo.state if one.todo else "",
            }
            for one in activities
        ],
    }


# --- in the reader's words ------------------------------------------------------------------


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def shown(review: QuarterlyReview, kept: Kept, frozen_at: dt.datetime | None) -> Figures:
    today = dt.date.fromisoformat(kept["as_of"])
    plan = kept["plan"]
    return Figures(
        as_of=today,
        frozen_at=frozen_at,
        tier=kept["tier"],
        quarter=plans.period_label(review.period),
        quarter_before=plans.period_label(quarter_before(review.period)),
        measures=[measure_shown(name, kept["quarters"]) for name in kept["quarters"][0]["values"]],
        plan=plan["title"] if plan else "",
        plan_period=plans.period_label(period_of(plan)) if plan else "",
        goals=goals_shown(plan, today) if plan else [],
        activities=[activity_shown(one, today) for one in plan["activities"]] if plan else [],
        swot=[(str(one.label), kept["swot"].get(one.value, [])) for one in Quadrant],
    )


def period_of(kept: Kept) -> Period:
    return Period(dt.date.fromisoformat(kept["first"]), dt.date.fromisoformat(kept["last"]))


def measure_shown(name: str, quarters: list[Kept]) -> MeasureShown:
    values = [number(one["values"].get(name, "")) for one in quarters]
    value, before = values[0], values[1] if len(values) > 1 else None
    change, tone = changed(name, value, before)
    points = [
        Point(plans.period_label(period_of(one)), each or 0, tier_words.amount_of(name, each))
        for one, each in zip(reversed(quarters), reversed(values), strict=True)
    ]
    try:
        unit = str(Unit(measures.measure_named(name).unit).label)
    except measures.UnknownMeasure:
        unit = ""
    return MeasureShown(
        name=name,
        label=tier_words.label_of(name),
        unit=unit,
        value=tier_words.amount_of(name, value),
        before=tier_words.amount_of(name, before),
        change=change,
        tone=tone,
        points=points,
    )


def changed(name: str, value: Decimal | None, before: Decimal | None) -> tuple[str, Tone]:
    """By how much it differs from the quarter before; nothing where one of them is unknown."""
    if value is None or before is None or value == before:
        return "", Tone.NEUTRAL
    text = tier_words.amount_of(name, abs(value - before))
    return (f"+{text}", Tone.GOOD) if value > before else (f"−{text}", Tone.WARN)


def goals_shown(plan: Kept, today: dt.date) -> list[GoalShown]:
    period = period_of(plan)
    gone, over = elapsed(period, today), today > period.last
    return [
        plans.goal(
            PlanGoal(measure=one["measure"], target=Decimal(one["target"]), note=one["note"]),
            number(one["value"]),
            gone,
            over=over,
        )
        for one in plan["goals"]
    ]


def activity_shown(one: Kept, today: dt.date) -> ActivityShown:
    due, state = dt.date.fromisoformat(one["due_on"]), one["state"]
    if not state:
        return ActivityShown(one["title"], one["owner"], due, "", Tone.NEUTRAL, None)
    label, tone = str(TodoState(state).label), TODO_TONES[TodoState(state)]
    if state == TodoState.OPEN and due < today:
        tone = Tone.BAD
    return ActivityShown(one["title"], one["owner"], due, label, tone, None)
