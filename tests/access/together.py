"""What Alpha and Beta have together with the vendor in the walk, and what its forms carry."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.models import User
from partners.models import (
    JointPlan,
    PartnerContact,
    QuarterlyReview,
    ReviewPack,
    ReviewTemplate,
    SwotPoint,
    Todo,
)
from partners.rules.plans import periods_offered
from partners.rules.swot import Quadrant
from partners.services.planning import GoalDraft, PlanDraft, begin_plan, write_plan
from partners.services.reviews import ReviewDetails, ask_pack, plan_review
from partners.services.swot import add_point
from partners.services.todos import TodoDetails, add_todo
from tests.cast import Cast


def add_for(cast: Cast, user: User, *, errand: str) -> None:
    """A task that somebody at a partner gave themselves."""
    later = timezone.localdate() + dt.timedelta(days=30)
    details = TodoDetails(errand, later, owner_id=user.pk)
    add_todo(actor=cast.actor(user), details=details)
    mara, partner_id = cast.actor(cast.mara), cast.actor(user).partner_id or 0
    year = periods_offered(timezone.localdate())[0]
    plan = begin_plan(actor=mara, partner_id=partner_id, period=year, title=f"Plan of {errand}")
    goals = [GoalDraft("deals_won", Decimal(3))]
    write_plan(actor=mara, plan_id=plan.pk, draft=PlanDraft(plan.title, "", goals), version=1)
    text = f"Strong at {errand}"
    now, quarter = timezone.now(), periods_offered(timezone.localdate())[2]
    meeting = ReviewDetails(f"Review of {errand}", quarter, now + dt.timedelta(days=9))
    review = plan_review(actor=mara, partner_id=partner_id, details=meeting)
    ask_pack(actor=mara, review_id=review.pk, language="en")
    ReviewPack.objects.update(state="done", finished_at=now)
    ReviewTemplate.objects.get_or_create(name="Agenda", agenda="Numbers")
    add_point(actor=mara, partner_id=partner_id, quadrant=Quadrant.STRENGTH, text=text)


def ids_of(partner_id: int) -> dict[str, Any]:
    """The ids that stand in addresses."""
    return {
        "todo_id": Todo.objects.get(partner_id=partner_id).pk,
        "plan_id": JointPlan.objects.get(partner_id=partner_id).pk,
        "point_id": SwotPoint.objects.get(partner_id=partner_id).pk,
        "contact_id": PartnerContact.objects.get(partner_id=partner_id).pk,
        "review_id": QuarterlyReview.objects.get(partner_id=partner_id).pk,
        "partner_id": partner_id,
    }


def rows_of(partner_id: int) -> dict[str, object]:
    """The rows of the back office's tables that are the partner's."""
    return {
        "todo": Todo.objects.get(partner_id=partner_id).pk,
        "jointplan": JointPlan.objects.get(partner_id=partner_id).pk,
        "quarterlyreview": QuarterlyReview.objects.get(partner_id=partner_id).pk,
        "reviewpack": ReviewPack.objects.get(review__partner_id=partner_id).pk,
        "swotpoint": SwotPoint.objects.get(partner_id=partner_id).pk,
    }


def bodies(partner_id: int) -> dict[str, dict[str, Any]]:
    """What each form about a partner needs to be accepted."""
    later = (timezone.localdate() + dt.timedelta(days=9)).isoformat()
    todo = {"title": "Call them", "due_on": later, "remind_days": 1}
    seen = {"version": 2}
    line = {"quadrant": "threat", "text": "Rain"}
    year = periods_offered(timezone.localdate())[0]
    whole = periods_offered(timezone.localdate())[2]
    quarter = {"first": str(whole.first), "last": str(whole.last)}
    meeting = {"title": "Review", "meets_at": "2027-01-20T10:00:00Z"}
    period = {"first": str(year.first), "last": str(year.last)}
    return {
        **{f"/plan/<plan_id>/{verb}/": seen for verb in ("propose", "discard")},
        **{f"/admin/partners/jointplan/<plan_id>/{verb}/": seen for verb in ("propose", "discard")},
        "/api/v1/plans/": {"title": "Second", "partner": partner_id, **period},
        "/api/v1/plans/<plan_id>/comments/": {"text": "Well"},
        "/api/v1/reviews/": {**meeting, **quarter, "partner": partner_id},
        "/api/v1/reviews/<review_id>/": {**meeting, **quarter},
        "/api/v1/reviews/<review_id>/packs/": {"language": "en"},
        "/plan/swot/add/": line,
        "/plan/swot/<point_id>/change/": line,
        "/admin/partners/swotpoint/of/<partner_id>/add/": line,
        "/admin/partners/swotpoint/<point_id>/save/": line,
        "/api/v1/swot/": {**line, "partner": partner_id},
        "/api/v1/swot/<point_id>/": line,
        "/company/contacts/": {"name": "Lena", "role": "legal"},
        "/company/contacts/<contact_id>/": {"name": "Lena", "role": "legal", "version": 1},
        "/api/v1/contacts/": {"name": "Lena", "role": "legal"},
        "/api/v1/contacts/<contact_id>/": {"name": "Lena", "role": "legal"},
        "/tasks/new/": todo,
        "/tasks/<todo_id>/": {**todo, "version": 1},
        "/admin/partners/todo/new/": todo,
        "/admin/partners/todo/<todo_id>/save/": {**todo, "version": 1},
        "/api/v1/tasks/": todo,
        "/api/v1/tasks/<todo_id>/": todo,
    }
