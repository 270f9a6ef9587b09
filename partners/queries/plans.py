"""Reads about joint business plans: who may know of one, and how far its goals are."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.actor import Actor
from core.queries import timeline
from core.sql import LARGEST_ID
from core.ui import TimelineEntry, Tone
from partners import measures
from partners.models import JointPlan, Partner, PlanActivity, PlanComment, PlanGoal
from partners.models.plans import OfPartnersQuerySet
from partners.queries import todos
from partners.rules import PartnerRole
from partners.rules.periods import Period
from partners.rules.plans import (
    Pace,
    PlanStatus,
    PlanVerb,
    Reach,
    Side,
    elapsed,
    is_quarter,
    is_year,
    may_move,
    quarter_of,
    reach,
)
from partners.words import tiers as tier_words

MOST_COMMENTS = 200
STATUS_TONES = {
    PlanStatus.DRAFT: Tone.NEUTRAL,
    PlanStatus.PROPOSED: Tone.INFO,
    PlanStatus.AGREED: Tone.GOOD,
    PlanStatus.CLOSED: Tone.NEUTRAL,
    PlanStatus.REPLACED: Tone.NEUTRAL,
    PlanStatus.DISCARDED: Tone.NEUTRAL,
}
PACE_TONES = {
    Pace.REACHED: Tone.GOOD,
    Pace.ON_TRACK: Tone.INFO,
    Pace.BEHIND: Tone.WARN,
    Pace.UNKNOWN: Tone.NEUTRAL,
    Pace.MISSED: Tone.BAD,
}


# --- by right -------------------------------------------------------------------------------


def side_of(actor: Actor) -> Side | None:
    """For which side the actor signs: administrators for their partner, staff for the vendor.
    None for everybody else, who only reads."""
    if actor.is_staff or actor.is_system:
        return Side.VENDOR
    return Side.PARTNER if PartnerRole.ADMIN in actor.partner_roles else None


def require_writer(actor: Actor, partner_id: int) -> Side:
    """The side for which the actor writes about a partner. Http404 for a partner that is not
    the actor's to know, PermissionDenied for who only reads."""
    todos.partner_for_todo(actor, partner_id)
    side = side_of(actor)
    if side is None:
        raise PermissionDenied(_("This needs the role Administrator at the partner."))
    return side


def plan_for_reading(actor: Actor, plan_id: int) -> JointPlan:
    """Http404 for what the actor may not know of."""
    rows = plans(actor).select_related("partner", "partner_signed_by", "vendor_signed_by")
    found: JointPlan | None = None
    if 0 < plan_id <= LARGEST_ID:
        found = rows.filter(pk=plan_id).first()
    if found is None:
        raise Http404
    return found


def plans(actor: Actor) -> OfPartnersQuerySet:
    """The plans that the actor may read, but for discarded drafts."""
    return JointPlan.objects.visible_to(actor).exclude(status=PlanStatus.DISCARDED)


def verbs_for(actor: Actor, plan: JointPlan) -> frozenset[str]:
    side = side_of(actor)
    # What a merge left with another partner is read only.
    if side is None or actor.partner_id not in {None, plan.partner_id}:
        return frozenset()
    return frozenset(
        verb.value for verb in PlanVerb if may_move(plan.status, verb, side, plan.proposed_by)
    )


def find_for_todo(actor: Actor, key: int) -> todos.Subject:
    plan = plan_for_reading(actor, key)
    return todos.Subject(plan, plan.title, plan.partner_id)


# --- periods in words -----------------------------------------------------------------------


def period_label(one: Period) -> str:
    if is_year(one):
        return str(one.first.year)
    if is_quarter(one):
        return _("Q%(quarter)s %(year)s") % {
            "quarter": quarter_of(one.first),
            "year": one.first.year,
        }
    return tier_words.days(one)


# --- one plan -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GoalShown:
    """A goal with what is reached; values and amounts are text with their unit."""

    measure: str
    label: str
    description: str
    unit: str
    note: str
    target: Decimal
    value: Decimal | None
    wanted: str
    reached: str
    share: int
    pace: str
    pace_label: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class ActivityShown:
    """`state` is that of its task; empty before the plan is agreed."""

    title: str
    owner: str
    due_on: dt.date
    state: str
    tone: Tone
    todo_id: int | None


@dataclass(frozen=True, slots=True)
class PlanPage:
    plan: JointPlan
    period: str
    elapsed: int
    goals: list[GoalShown]
    activities: list[ActivityShown]
    comments: list[PlanComment]
    revisions: list[JointPlan]
    verbs: frozenset[str]
    tone: Tone
    timeline: list[TimelineEntry]


def plan_page(actor: Actor, plan: JointPlan, today: dt.date | None = None) -> PlanPage:
    """A plan that the actor may read, with its goals as they stand now. Seven queries."""
    today = today or timezone.localdate()
    same = plans(actor).filter(partner_id=plan.partner_id, first=plan.first, last=plan.last)
    activities = plan.activities.select_related("owner", "todo__owner")
    return PlanPage(
        plan=plan,
        period=period_label(plan.period),
        elapsed=int(elapsed(plan.period, today) * 100),
        goals=goals_of(plan, today),
        activities=[activity(one) for one in activities],
        comments=list(plan.comments.order_by("-pk")[:MOST_COMMENTS]),
        revisions=list(same.order_by("-revision")),
        verbs=verbs_for(actor, plan),
        tone=STATUS_TONES[PlanStatus(plan.status)],
        timeline=timeline(plan, actor),
    )


def goals_of(plan: JointPlan, today: dt.date) -> list[GoalShown]:
    """The goals as they stand now, or as they stood when the plan was closed. Two queries."""
    rows = list(plan.goals.all())
    known = {one.name for one in measures.all_measures()}
    if plan.status == PlanStatus.CLOSED:
        found = {one.measure: one.result for one in rows}
    else:
        names = [one.measure for one in rows if one.measure in known]
        found = measures.values(names, plan.period, [plan.partner_id])[plan.partner_id]
    over = plan.status == PlanStatus.CLOSED or today > plan.last
    gone = elapsed(plan.period, today)
    return [goal(one, found.get(one.measure), gone, over=over) for one in rows]


def goal(one: PlanGoal, value: Decimal | None, gone: Decimal, *, over: bool) -> GoalShown:
    try:
        measure = measures.measure_named(one.measure)
    except measures.UnknownMeasure:
        unit, adds_up, description = "", True, ""
    else:
        unit, adds_up = str(measure.unit.label), measure.adds_up
        description = str(measure.description)
    far: Reach = reach(value, one.target, gone, adds_up=adds_up, over=over)
    return GoalShown(
        measure=one.measure,
        label=tier_words.label_of(one.measure),
        description=description,
        unit=unit,
        note=one.note,
        target=one.target,
        value=value,
        wanted=tier_words.amount_of(one.measure, one.target),
        reached=tier_words.amount_of(one.measure, value),
        share=far.share,
        pace=far.pace.value,
        pace_label=str(far.pace.label),
        tone=PACE_TONES[far.pace],
    )


def activity(one: PlanActivity) -> ActivityShown:
    """The task says whose it is and until when, once there is one."""
    todo = one.todo
    if todo is None:
        return ActivityShown(one.title, str(one.owner or ""), one.due_on, "", Tone.NEUTRAL, None)
    label, tone = todos.state_shown(todo)
    return ActivityShown(one.title, str(todo.owner or ""), todo.due_on, label, tone, todo.pk)


def current_plan(actor: Actor, partner_id: int, today: dt.date) -> JointPlan | None:
    """The agreed plan in whose period the day is; a quarter's before a year's."""
    rows: OfPartnersQuerySet = plans(actor).filter(
        partner_id=partner_id, status=PlanStatus.AGREED, first__lte=today, last__gte=today
    )
    found: JointPlan | None = rows.order_by("-first", "last").first()
    return found


def partner_of(actor: Actor, partner_id: int) -> Partner:
    """Http404 for a partner that is not the actor's to know."""
    return todos.partner_for_todo(actor, partner_id)


def day(one: dt.date) -> str:
    return date_format(one, "DATE_FORMAT")
