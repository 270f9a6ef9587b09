"""Joint business plans as programs send and read them."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.listing import ListOutput
from core.sql import LARGEST_ID
from partners.api.naming import ForPartner
from partners.models import JointPlan
from partners.queries import plans
from partners.rules.plans import LARGEST_TARGET, MOST_ACTIVITIES, MOST_GOALS, Pace, PlanStatus, Side
from partners.services.planning import ActivityDraft, GoalDraft, PlanDraft


class BeginInput(ForPartner):
    title = serializers.CharField(max_length=160)
    first = serializers.DateField(help_text="The first day of a calendar year or quarter.")
    last = serializers.DateField(help_text="Its last day.")


class GoalInput(serializers.Serializer[Any]):
    measure = serializers.CharField(max_length=60)
    target = serializers.DecimalField(
        max_digits=15, decimal_places=3, min_value=Decimal("0.001"), max_value=LARGEST_TARGET
    )
    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class ActivityInput(serializers.Serializer[Any]):
    id = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=LARGEST_ID,
        help_text="Of the activity that this was before, so that it keeps its task.",
    )  # fmt: skip
    title = serializers.CharField(max_length=200)
    due_on = serializers.DateField()
    owner = serializers.IntegerField(
        allow_null=True, default=None, min_value=1, max_value=LARGEST_ID
    )


class PlanInput(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=160)
    summary = serializers.CharField(max_length=4000, allow_blank=True, default="")
    goals = serializers.ListField(child=GoalInput(), max_length=MOST_GOALS)
    activities = serializers.ListField(child=ActivityInput(), max_length=MOST_ACTIVITIES)

    def draft(self) -> PlanDraft:
        data = self.validated_data
        return PlanDraft(
            title=data["title"],
            summary=data["summary"],
            goals=[GoalDraft(one["measure"], one["target"], one["note"]) for one in data["goals"]],
            activities=[
                ActivityDraft(one["title"], one["due_on"], one["owner"], one["id"])
                for one in data["activities"]
            ],
        )


class TextInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=4000, allow_blank=True, default="")


class GoalOutput(serializers.Serializer[Any]):
    measure = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    target = serializers.DecimalField(max_digits=18, decimal_places=3)
    value = serializers.DecimalField(
        max_digits=18, decimal_places=3, allow_null=True, help_text="Null: not known yet."
    )
    share = serializers.IntegerField(help_text="Of the target, in percent, at most 100.")
    pace = serializers.ChoiceField(choices=Pace.choices)
    note = serializers.CharField()


class ActivityOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    due_on = serializers.DateField()
    owner = serializers.IntegerField(source="owner_id", allow_null=True)
    task = serializers.IntegerField(
        source="todo_id", allow_null=True, help_text="Null before the plan is agreed."
    )


class CommentOutput(serializers.Serializer[Any]):
    text = serializers.CharField()
    author = serializers.CharField(source="author_label")
    side = serializers.ChoiceField(choices=Side.choices)
    made_at = serializers.DateTimeField()


class PlanSummary(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    partner = serializers.IntegerField(source="partner_id")
    title = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    revision = serializers.IntegerField()
    status = serializers.ChoiceField(choices=PlanStatus.choices)
    partner_signed_at = serializers.DateTimeField(allow_null=True)
    vendor_signed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class PlanOutput(PlanSummary):
    summary = serializers.CharField()
    closing_note = serializers.CharField()
    goals = serializers.SerializerMethodField()
    activities = ActivityOutput(many=True, source="activities.all")
    comments = CommentOutput(many=True, source="comments.all")

    @extend_schema_field(GoalOutput(many=True))
    def get_goals(self, plan: JointPlan) -> list[dict[str, Any]]:
        shown = plans.goals_of(plan, timezone.localdate())
        return [dict(one) for one in GoalOutput(shown, many=True).data]


class PlanListOutput(ListOutput):
    results = PlanSummary(many=True)
