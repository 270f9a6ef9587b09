"""What fsck checks of plans, reviews and tasks."""

from collections.abc import Iterator

from core.fsck import Finding, check
from core.models import QueueState
from partners.models import PlanActivity, ReviewPack
from partners.rules.plans import PlanStatus

MOST_FINDINGS = 100


@check("partners.plans", "Every activity of an agreed plan is a task, every finished pack a file.")
def plans() -> Iterator[Finding]:
    loose = PlanActivity.objects.filter(plan__status=PlanStatus.AGREED, todo__isnull=True)
    for one in loose.order_by("pk")[:MOST_FINDINGS]:
        yield Finding("partners.plans", f"Activity {one.pk} of plan {one.plan_id} has no task.")
    empty = ReviewPack.objects.filter(state=QueueState.DONE, file__isnull=True)
    for pack in empty.order_by("pk")[:MOST_FINDINGS]:
        yield Finding("partners.plans", f"Pack {pack.pk} is done and has no file.")
