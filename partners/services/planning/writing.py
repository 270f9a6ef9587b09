"""Both sides write a joint business plan, revise it and say something about it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from partners import measures
from partners.events.plans import PlanBegun, PlanCommented, PlanRewritten
from partners.models import JointPlan, PlanActivity, PlanComment, PlanGoal
from partners.queries import plans, todos
from partners.rules.periods import Period
from partners.rules.plans import (
    LARGEST_TARGET,
    MOST_ACTIVITIES,
    MOST_GOALS,
    PlanStatus,
    PlanVerb,
    is_quarter,
    is_year,
)
from partners.services.planning.moving import PlanRefused, plan_to


@dataclass(frozen=True, slots=True)
class GoalDraft:
    measure: str
    target: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """`id` is that of the activity it was before, if it was one."""

    title: str
    due_on: dt.date
    owner_id: int | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class PlanDraft:
    title: str
    summary: str = ""
    goals: Sequence[GoalDraft] = field(default_factory=list)
    activities: Sequence[ActivityDraft] = field(default_factory=list)


@transaction.atomic
def begin_plan(*, actor: Actor, partner_id: int, period: Period, title: str) -> JointPlan:
    """An empty draft for a year or a quarter.

    Raises PlanRefused where there is one already, PermissionDenied, Http404.
    """
    plans.require_writer(actor, partner_id)
    if not (is_year(period) or is_quarter(period)):
        raise PlanRefused(_("A plan is for a calendar year or a quarter."))
    if not title.strip():
        raise PlanRefused(_("Give the plan a title."))
    known = JointPlan.objects.filter(partner_id=partner_id, first=period.first, last=period.last)
    if known.exclude(status=PlanStatus.DISCARDED).exists():
        raise PlanRefused(_("There is a plan for this period already; revise that one."))
    revision = (known.order_by("-revision").values_list("revision", flat=True).first() or 0) + 1
    return _begin(actor, partner_id, period, title.strip(), "", revision)


def _begin(
    actor: Actor, partner_id: int, period: Period, title: str, summary: str, revision: int
) -> JointPlan:
    plan = JointPlan(
        partner_id=partner_id,
        first=period.first,
        last=period.last,
        title=title,
        summary=summary,
        revision=revision,
        created_by_id=actor.user_id,
    )
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError:
        raise PlanRefused(_("Somebody has just begun such a plan; open that one.")) from None
    fact = PlanBegun(title, revision, period.first, period.last)
    record(fact, subject=plan, actor=actor, partner_id=partner_id)
    return plan


@transaction.atomic
def write_plan(*, actor: Actor, plan_id: int, draft: PlanDraft, version: int) -> bool:
    """Makes a draft say this; False if it does already.

    Raises StalePlan, PlanRefused, PermissionDenied, Http404.
    """
    plan, _side = plan_to(actor, plan_id, PlanVerb.EDIT, version)
    _require_sound(actor, plan, draft)
    old = _told(plan)
    plan.title, plan.summary = draft.title.strip(), draft.summary
    plan.goals.all().delete()
    PlanGoal.objects.bulk_create(
        PlanGoal(plan=plan, position=at, measure=one.measure, target=one.target, note=one.note)
        for at, one in enumerate(draft.goals, start=1)
    )
    _write_activities(plan, draft.activities)
    new = _told(plan)
    if new == old:
        return False
    plan.version += 1
    plan.save(update_fields=["title", "summary", "version"])
    fact = PlanRewritten(plan.title, old, new)
    record(fact, subject=plan, actor=actor, partner_id=plan.partner_id)
    return True


def _write_activities(plan: JointPlan, drafts: Sequence[ActivityDraft]) -> None:
    """Those that were there keep their row, and with it the task of an earlier revision."""
    known = {one.pk: one for one in plan.activities.all()}
    kept = {one.id for one in drafts if one.id in known}
    plan.activities.exclude(pk__in=kept).delete()
    for at, one in enumerate(drafts, start=1):
        row = known.get(one.id or 0) or PlanActivity(plan=plan)
        row.position, row.title = at, one.title.strip()
        row.owner_id, row.due_on = one.owner_id, one.due_on
        row.save()


def _require_sound(actor: Actor, plan: JointPlan, draft: PlanDraft) -> None:
    names = [one.measure for one in draft.goals]
    if not draft.title.strip():
        raise PlanRefused(_("Give the plan a title."))
    if len(names) > MOST_GOALS or len(draft.activities) > MOST_ACTIVITIES:
        raise PlanRefused(_("That is too much for one plan."))
    if len(set(names)) < len(names):
        raise PlanRefused(_("Set one goal for each measure."))
    if unknown := set(names) - {one.name for one in measures.all_measures()}:
        raise PlanRefused(_("Nobody counts %s.") % sorted(unknown)[0])
    if any(not 0 < one.target <= LARGEST_TARGET for one in draft.goals):
        raise PlanRefused(_("A goal needs a target above zero."))
    if any(not one.title.strip() for one in draft.activities):
        raise PlanRefused(_("Say what is to be done."))
    owners = {one.pk for one in todos.owners_for(actor, plan.partner_id, shared=True)}
    owners |= set(plan.activities.values_list("owner_id", flat=True))
    if any(one.owner_id not in owners for one in draft.activities if one.owner_id is not None):
        raise PlanRefused(_("An activity is for people at the partner or who look after it."))


def _told(plan: JointPlan) -> dict[str, Any]:
    """All that a draft says, as text."""
    goals = plan.goals.order_by("position").values_list("measure", "target", "note")
    activities = plan.activities.order_by("position").values_list("title", "due_on", "owner_id")
    return {
        "title": plan.title,
        "summary": plan.summary,
        "goals": "; ".join(f"{name} {target:.3f} {note}".strip() for name, target, note in goals),
        "activities": "; ".join(f"{title} {due} {who or ''}" for title, due, who in activities),
    }


@transaction.atomic
def revise_plan(*, actor: Actor, plan_id: int, version: int) -> JointPlan:
    """A draft of the next revision that says what the agreed one says; that one counts until
    both have signed the new one. Raises StalePlan, PlanRefused, PermissionDenied, Http404."""
    plan, _side = plan_to(actor, plan_id, PlanVerb.REVISE, version)
    number = (
        JointPlan.objects.filter(partner_id=plan.partner_id, first=plan.first, last=plan.last)
        .order_by("-revision")
        .values_list("revision", flat=True)[0]
        + 1
    )
    fresh = _begin(actor, plan.partner_id, plan.period, plan.title, plan.summary, number)
    PlanGoal.objects.bulk_create(
        PlanGoal(
            plan=fresh, position=one.position, measure=one.measure, target=one.target, note=one.note
        )
        for one in plan.goals.all()
    )
    PlanActivity.objects.bulk_create(
        PlanActivity(
            plan=fresh,
            position=one.position,
            title=one.title,
            owner_id=one.owner_id,
            due_on=one.due_on,
            todo_id=one.todo_id,
        )
        for one in plan.activities.all()
    )
    return fresh


@transaction.atomic
def comment_on_plan(*, actor: Actor, plan_id: int, text: str) -> PlanComment:
    """Says something about a plan; both sides read it.

    Raises PlanRefused, PermissionDenied, Http404.
    """
    plan, side = plan_to(actor, plan_id, PlanVerb.COMMENT, None)
    if not text.strip():
        raise PlanRefused(_("Write something."))
    comment = PlanComment.objects.create(
        plan=plan,
        author_id=actor.user_id,
        author_label=actor.label[:200],
        side=side,
        text=text.strip(),
    )
    fact = PlanCommented(plan.title, side.value, comment.text)
    record(fact, subject=plan, actor=actor, partner_id=plan.partner_id)
    return comment
