"""Plans come to an end, and are taken up again."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from partners import measures
from partners.events.plans import PlanClosed, PlanDiscarded, PlanTakenUp
from partners.models import JointPlan
from partners.rules.plans import PlanStatus, PlanVerb
from partners.services.planning.moving import PlanRefused, move, plan_to, unsign


@transaction.atomic
def discard_plan(*, actor: Actor, plan_id: int, version: int) -> JointPlan:
    """Nobody goes on with a draft. Raises StalePlan, PlanRefused, PermissionDenied, Http404."""
    plan, _side = plan_to(actor, plan_id, PlanVerb.DISCARD, version)
    give_up_plan(actor=actor, plan=plan)
    return plan


def give_up_plan(*, actor: Actor, plan: JointPlan) -> None:
    """Discards a locked plan that is not agreed, for an act that may."""
    move(plan, PlanStatus.DISCARDED)
    record(PlanDiscarded(plan.title), subject=plan, actor=actor, partner_id=plan.partner_id)


@transaction.atomic
def close_plan(*, actor: Actor, plan_id: int, note: str, version: int) -> JointPlan:
    """Ends an agreed plan and keeps what each goal had reached. Its open tasks stay.

    Raises StalePlan, PlanRefused, PermissionDenied, Http404.
    """
    plan, _side = plan_to(actor, plan_id, PlanVerb.CLOSE, version)
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
    move(plan, PlanStatus.CLOSED, "closed_at", "closing_note")
    results = {one.measure: "" if one.result is None else str(one.result) for one in goals}
    fact = PlanClosed(plan.title, plan.closing_note, results)
    record(fact, subject=plan, actor=actor, partner_id=plan.partner_id)


def take_up_plan(*, actor: Actor, plan: JointPlan) -> None:
    """A locked plan that ended with a partner that stays after all: what was agreed counts again,
    what was not is a draft that nobody has signed."""
    if plan.status == PlanStatus.CLOSED:
        plan.closed_at, plan.closing_note = None, ""
        plan.goals.update(result=None)
        move(plan, PlanStatus.AGREED, "closed_at", "closing_note")
    elif plan.status == PlanStatus.DISCARDED:
        unsign(plan)
    else:
        return
    record(PlanTakenUp(plan.title), subject=plan, actor=actor, partner_id=plan.partner_id)
