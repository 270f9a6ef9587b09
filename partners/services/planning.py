"""Joint business plans: writing, proposing, agreeing, revising and closing them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from core.models import User
from partners import measures
from partners.events.plans import (
    PlanAgreed,
    PlanBegun,
    PlanClosed,
    PlanCommented,
    PlanDiscarded,
    PlanProposed,
    PlanReplaced,
    PlanRewritten,
    PlanSentBack,
    PlanTakenUp,
)
from partners.models import JointPlan, PlanActivity, PlanComment, PlanGoal, Todo
from partners.queries import plans, todos
from partners.rules.periods import Period
from partners.rules.plans import (
    LARGEST_TARGET,
    MOST_ACTIVITIES,
    MOST_GOALS,
    PlanStatus,
    PlanVerb,
    Side,
    is_quarter,
    is_year,
    may_move,
)
from partners.rules.todos import TodoState, TodoVerb
from partners.services.todos import About, TodoDetails, move_todo, put_todo, rewrite_todo


class PlanRefused(ValueError):
    """The plan cannot be so, or not any more; the message says why."""


class StalePlan(RuntimeError):
    """Somebody changed the plan after it was read. `plan` is how it is now."""

    def __init__(self, plan: JointPlan) -> None:
        super().__init__(
            _("Somebody changed the plan after you opened it, so nothing was done. Look again.")
        )
        self.plan = plan


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
    plan, _side = _plan_to(actor, plan_id, PlanVerb.EDIT, version)
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


@transaction.atomic
def propose_plan(*, actor: Actor, plan_id: int, version: int) -> JointPlan:
    """Signs a draft for one's own side and asks the other to agree.

    Raises StalePlan, PlanRefused, PermissionDenied, Http404.
    """
    plan, side = _plan_to(actor, plan_id, PlanVerb.PROPOSE, version)
    if not plan.goals.exists():
        raise PlanRefused(_("A plan needs a goal before it can be proposed."))
    _sign(plan, side, actor)
    plan.proposed_by = side
    _move(plan, PlanStatus.PROPOSED, "proposed_by", *_signature(side))
    fact = PlanProposed(plan.title, side.value)
    record(fact, subject=plan, actor=actor, partner_id=plan.partner_id)
    return plan


@transaction.atomic
def agree_plan(*, actor: Actor, plan_id: int, version: int) -> JointPlan:
    """Signs what the other side proposed. From now on it stays as it is, its activities are
    tasks, and it takes the place of the revision before.

    Raises StalePlan, PlanRefused, PermissionDenied, Http404.
    """
    plan, side = _plan_to(actor, plan_id, PlanVerb.AGREE, version)
    before = (
        JointPlan.objects.select_for_update(of=("self",))
        .filter(partner_id=plan.partner_id, first=plan.first, last=plan.last)
        .filter(status=PlanStatus.AGREED)
        .first()
    )
    if before is not None:
        _move(before, PlanStatus.REPLACED)
        replaced = PlanReplaced(before.title, plan.revision)
        record(replaced, subject=before, actor=actor, partner_id=plan.partner_id)
    _sign(plan, side, actor)
    _move(plan, PlanStatus.AGREED, *_signature(side))
    fact = PlanAgreed(plan.title, side.value)
    record(fact, subject=plan, actor=actor, partner_id=plan.partner_id)
    _follow_activities(actor, plan, before)
    return plan


def _follow_activities(actor: Actor, plan: JointPlan, before: JointPlan | None) -> None:
    """Every activity is a task: a new one, or the one it was in the revision before. Tasks of
    activities that are no longer in the plan are dropped."""
    about = About(plan, plan.title, plan.partner_id)
    owners = [one.owner_id for one in plan.activities.all() if one.owner_id]
    there = set(User.objects.filter(pk__in=owners, is_active=True).values_list("pk", flat=True))
    followed = set()
    for one in plan.activities.all():
        owner_id = one.owner_id if one.owner_id in there else None
        details = TodoDetails(one.title, one.due_on, owner_id, remind_days=3)
        if one.todo_id is None:
            one.todo = put_todo(
                actor=actor, details=details, partner_id=plan.partner_id, shared=True, about=about
            )
            one.save(update_fields=["todo"])
        else:
            _follow(actor, _locked_todo(one.todo_id), details, plan)
        followed.add(one.todo_id)
    old = before.activities.exclude(todo__isnull=True) if before else PlanActivity.objects.none()
    for key in sorted(set(old.values_list("todo_id", flat=True)) - followed):
        todo = _locked_todo(key or 0)
        if todo.state == TodoState.OPEN:
            move_todo(actor=actor, todo=todo, verb=TodoVerb.DROP)


def _follow(actor: Actor, todo: Todo, details: TodoDetails, plan: JointPlan) -> None:
    todo.about_id, todo.about_label = plan.pk, plan.title[:200]
    todo.save(update_fields=["about_id", "about_label"])
    if todo.state == TodoState.OPEN:
        rewrite_todo(actor=actor, todo=todo, details=details)


def _locked_todo(key: int) -> Todo:
    return Todo.objects.select_for_update(of=("self",)).select_related("owner").get(pk=key)


@transaction.atomic
def send_plan_back(*, actor: Actor, plan_id: int, note: str, version: int) -> JointPlan:
    """A proposed plan is a draft again, signed by nobody. Who did not propose it says why.

    Raises StalePlan, PlanRefused, PermissionDenied, Http404.
    """
    plan, side = _plan_to(actor, plan_id, PlanVerb.SEND_BACK, version)
    if side != plan.proposed_by and not note.strip():
        raise PlanRefused(_("Tell the other side what should change."))
    _unsign(plan)
    fact = PlanSentBack(plan.title, side.value, note.strip())
    record(fact, subject=plan, actor=actor, partner_id=plan.partner_id)
    return plan


@transaction.atomic
def revise_plan(*, actor: Actor, plan_id: int, version: int) -> JointPlan:
    """A draft of the next revision that says what the agreed one says; that one counts until
    both have signed the new one. Raises StalePlan, PlanRefused, PermissionDenied, Http404."""
    plan, _side = _plan_to(actor, plan_id, PlanVerb.REVISE, version)
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
def discard_plan(*, actor: Actor, plan_id: int, version: int) -> JointPlan:
    """Nobody goes on with a draft. Raises StalePlan, PlanRefused, PermissionDenied, Http404."""
    plan, _side = _plan_to(actor, plan_id, PlanVerb.DISCARD, version)
    give_up_plan(actor=actor, plan=plan)
    return plan


def give_up_plan(*, actor: Actor, plan: JointPlan) -> None:
    """Discards a locked plan that is not agreed, for an act that may."""
    _move(plan, PlanStatus.DISCARDED)
    record(PlanDiscarded(plan.title), subject=plan, actor=actor, partner_id=plan.partner_id)


@transaction.atomic
def close_plan(*, actor: Actor, plan_id: int, note: str, version: int) -> JointPlan:
    """Ends an agreed plan and keeps what each goal had reached. Its open tasks stay.

    Raises StalePlan, PlanRefused, PermissionDenied, Http404.
    """
    plan, _side = _plan_to(actor, plan_id, PlanVerb.CLOSE, version)
    newer = JointPlan.objects.filter(
        partner_id=plan.partner_id, first=plan.first, last=plan.last, revision__gt=plan.revision
    )
    if newer.exclude(status=PlanStatus.DISCARDED).exists():
        raise PlanRefused(_("A newer revision is being written; finish or discard it first."))
    end_plan(actor=actor, plan=plan, note=note)
    return plan


def end_plan(*, actor: Actor, plan: JointPlan, note: str) -> None:
    """Closes a locked, agreed plan for an act that may."""
    goals = list(plan.goals.all())
    found = measures.values([one.measure for one in goals], plan.period, [plan.partner_id])
    for one in goals:
        one.result = found[plan.partner_id][one.measure]
        one.save(update_fields=["result"])
    plan.closed_at, plan.closing_note = timezone.now(), note.strip()
    _move(plan, PlanStatus.CLOSED, "closed_at", "closing_note")
    results = {one.measure: "" if one.result is None else str(one.result) for one in goals}
    fact = PlanClosed(plan.title, plan.closing_note, results)
    record(fact, subject=plan, actor=actor, partner_id=plan.partner_id)


def take_up_plan(*, actor: Actor, plan: JointPlan) -> None:
    """A locked plan that ended with a partner that stays after all: what was agreed counts again,
    what was not is a draft that nobody has signed."""
    if plan.status == PlanStatus.CLOSED:
        plan.closed_at, plan.closing_note = None, ""
        plan.goals.update(result=None)
        _move(plan, PlanStatus.AGREED, "closed_at", "closing_note")
    elif plan.status == PlanStatus.DISCARDED:
        _unsign(plan)
    else:
        return
    record(PlanTakenUp(plan.title), subject=plan, actor=actor, partner_id=plan.partner_id)


@transaction.atomic
def comment_on_plan(*, actor: Actor, plan_id: int, text: str) -> PlanComment:
    """Says something about a plan; both sides read it.

    Raises PlanRefused, PermissionDenied, Http404.
    """
    plan, side = _plan_to(actor, plan_id, PlanVerb.COMMENT, None)
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


def _plan_to(
    actor: Actor, plan_id: int, verb: PlanVerb, version: int | None
) -> tuple[JointPlan, Side]:
    """The plan, locked, and the side for which the actor moves it."""
    seen = plans.plan_for_reading(actor, plan_id)
    side = plans.require_writer(actor, seen.partner_id)
    plan = JointPlan.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    if version is not None and plan.version != version:
        raise StalePlan(plan)
    if not may_move(plan.status, verb, side, plan.proposed_by):
        if verb == PlanVerb.CLOSE and side == Side.PARTNER:
            raise PermissionDenied(_("The vendor closes plans."))
        raise PlanRefused(_("The plan is not in a state for this, or the other side has to do it."))
    return plan, side


def _signature(side: Side) -> tuple[str, str]:
    return f"{side.value}_signed_by", f"{side.value}_signed_at"


def _unsign(plan: JointPlan) -> None:
    """A draft again, signed by nobody."""
    plan.proposed_by = ""
    plan.partner_signed_by = plan.partner_signed_at = None
    plan.vendor_signed_by = plan.vendor_signed_at = None
    signatures = [*_signature(Side.PARTNER), *_signature(Side.VENDOR)]
    _move(plan, PlanStatus.DRAFT, "proposed_by", *signatures)


def _sign(plan: JointPlan, side: Side, actor: Actor) -> None:
    by, at = _signature(side)
    setattr(plan, f"{by}_id", actor.user_id)
    setattr(plan, at, timezone.now())


def _move(plan: JointPlan, status: PlanStatus, *fields: str) -> None:
    plan.status = status
    plan.version += 1
    plan.save(update_fields=["status", "version", *fields])


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
