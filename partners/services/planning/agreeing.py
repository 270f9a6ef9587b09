"""Both sides sign a plan; then its activities are tasks."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from core.models import User
from partners.events.plans import PlanAgreed, PlanProposed, PlanReplaced, PlanSentBack
from partners.models import JointPlan, PlanActivity, Todo
from partners.rules.plans import PlanStatus, PlanVerb
from partners.rules.todos import TodoState, TodoVerb
from partners.services.planning.moving import (
    PlanRefused,
    move,
    plan_to,
    sign,
    signature,
    unsign,
)
from partners.services.todos import About, TodoDetails, move_todo, put_todo, rewrite_todo


@transaction.atomic
def propose_plan(*, actor: Actor, plan_id: int, version: int) -> JointPlan:
    """Signs a draft for one's own side and asks the other to agree.

    Raises StalePlan, PlanRefused, PermissionDenied, Http404.
    """
    plan, side = plan_to(actor, plan_id, PlanVerb.PROPOSE, version)
    if not plan.goals.exists():
        raise PlanRefused(_("A plan needs a goal before it can be proposed."))
    sign(plan, side, actor)
    plan.proposed_by = side
    move(plan, PlanStatus.PROPOSED, "proposed_by", *signature(side))
    fact = PlanProposed(plan.title, side.value)
    record(fact, subject=plan, actor=actor, partner_id=plan.partner_id)
    return plan


@transaction.atomic
def agree_plan(*, actor: Actor, plan_id: int, version: int) -> JointPlan:
    """Signs what the other side proposed. From now on it stays as it is, its activities are
    tasks, and it takes the place of the revision before.

    Raises StalePlan, PlanRefused, PermissionDenied, Http404.
    """
    plan, side = plan_to(actor, plan_id, PlanVerb.AGREE, version)
    before = (
        JointPlan.objects.select_for_update(of=("self",))
        .filter(partner_id=plan.partner_id, first=plan.first, last=plan.last)
        .filter(status=PlanStatus.AGREED)
        .first()
    )
    if before is not None:
        move(before, PlanStatus.REPLACED)
        replaced = PlanReplaced(before.title, plan.revision)
        record(replaced, subject=before, actor=actor, partner_id=plan.partner_id)
    sign(plan, side, actor)
    move(plan, PlanStatus.AGREED, *signature(side))
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
    plan, side = plan_to(actor, plan_id, PlanVerb.SEND_BACK, version)
    if side != plan.proposed_by and not note.strip():
        raise PlanRefused(_("Tell the other side what should change."))
    unsign(plan)
    fact = PlanSentBack(plan.title, side.value, note.strip())
    record(fact, subject=plan, actor=actor, partner_id=plan.partner_id)
    return plan
