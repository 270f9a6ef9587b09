"""What every act on a plan does: it takes the plan by right and version, and moves it."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from partners.models import JointPlan
from partners.queries import plans
from partners.rules.plans import PlanStatus, PlanVerb, Side, may_move


class PlanRefused(ValueError):
    """The plan cannot be so, or not any more; the message says why."""


class StalePlan(RuntimeError):
    """Somebody changed the plan after it was read. `plan` is how it is now."""

    def __init__(self, plan: JointPlan) -> None:
        super().__init__(
            _("Somebody changed the plan after you opened it, so nothing was done. Look again.")
        )
        self.plan = plan


def plan_to(
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


def signature(side: Side) -> tuple[str, str]:
    return f"{side.value}_signed_by", f"{side.value}_signed_at"


def sign(plan: JointPlan, side: Side, actor: Actor) -> None:
    by, at = signature(side)
    setattr(plan, f"{by}_id", actor.user_id)
    setattr(plan, at, timezone.now())


def unsign(plan: JointPlan) -> None:
    """A draft again, signed by nobody."""
    plan.proposed_by = ""
    plan.partner_signed_by = plan.partner_signed_at = None
    plan.vendor_signed_by = plan.vendor_signed_at = None
    signatures = [*signature(Side.PARTNER), *signature(Side.VENDOR)]
    move(plan, PlanStatus.DRAFT, "proposed_by", *signatures)


def move(plan: JointPlan, status: PlanStatus, *fields: str) -> None:
    plan.status = status
    plan.version += 1
    plan.save(update_fields=["status", "version", *fields])
