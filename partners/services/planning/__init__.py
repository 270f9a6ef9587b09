"""Joint business plans: writing, signing, revising and closing them."""

from partners.services.planning.agreeing import agree_plan, propose_plan, send_plan_back
from partners.services.planning.ending import (
    close_plan,
    discard_plan,
    end_plan,
    give_up_plan,
    take_up_plan,
)
from partners.services.planning.moving import PlanRefused, StalePlan
from partners.services.planning.writing import (
    ActivityDraft,
    GoalDraft,
    PlanDraft,
    begin_plan,
    comment_on_plan,
    revise_plan,
    write_plan,
)

__all__ = [
    "ActivityDraft",
    "GoalDraft",
    "PlanDraft",
    "PlanRefused",
    "StalePlan",
    "agree_plan",
    "begin_plan",
    "close_plan",
    "comment_on_plan",
    "discard_plan",
    "end_plan",
    "give_up_plan",
    "propose_plan",
    "revise_plan",
    "send_plan_back",
    "take_up_plan",
    "write_plan",
]
