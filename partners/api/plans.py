"""Joint business plans for programs."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import idempotency
from core.api.conditions import IF_MATCH, etag_of, version_read
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict, PreconditionFailed
from partners import planning
from partners.access import LARGEST_ID
from partners.api.views import partner_asked_for
from partners.models import JointPlan
from partners.rules.periods import Period
from partners.rules.plans import (
    LARGEST_TARGET,
    MOST_ACTIVITIES,
    MOST_GOALS,
    Pace,
    PlanStatus,
    Side,
)
from partners.services import planning as services
from partners.services.planning import (
    ActivityDraft,
    GoalDraft,
    PlanDraft,
    PlanRefused,
    StalePlan,
)

CURSOR = OpenApiParameter("cursor", str, description="From `next` or `previous` of a page.")


class BeginInput(serializers.Serializer[Any]):
    partner = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="For staff."
    )
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
        shown = planning.goals_of(plan, timezone.localdate())
        return [dict(one) for one in GoalOutput(shown, many=True).data]


class PlanListOutput(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="The next page; null on the last.")
    previous = serializers.URLField(allow_null=True)
    results = PlanSummary(many=True)


class NewestPlanFirst(CursorPagination):
    ordering = "-id"
    page_size = 50


def shown(request: Request, plan_id: int, code: int = status.HTTP_200_OK) -> Response:
    plan = planning.plan_for_reading(actor_of(request), plan_id)
    answer = Response(PlanOutput(plan).data, status=code)
    answer["ETag"] = etag_of(plan.version)
    return answer


class PlanList(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "plans:read", "POST": "plans:write"}

    @extend_schema(operation_id="plans_list", responses=PlanListOutput, parameters=[CURSOR])
    def get(self, request: Request) -> Response:
        """The joint plans that the token's owner may read, newest first."""
        paginator = NewestPlanFirst()
        rows = paginator.paginate_queryset(planning.plans(actor_of(request)), request, view=self)
        return paginator.get_paginated_response(PlanSummary(rows or [], many=True).data)

    @extend_schema(
        operation_id="plans_begin",
        request=BeginInput,
        responses={201: PlanOutput},
        parameters=[idempotency.PARAMETER],
    )
    @idempotency.idempotent
    def post(self, request: Request) -> Response:
        """Begins the draft of a plan; for administrators and staff."""
        actor = actor_of(request)
        body = BeginInput(data=request.data)
        if actor.partner_id is not None:
            planning.require_writer(actor, actor.partner_id)
        body.is_valid(raise_exception=True)
        data = body.validated_data
        partner_id = actor.partner_id or data.get("partner") or partner_asked_for(request)
        try:
            made = services.begin_plan(
                actor=actor,
                partner_id=partner_id,
                period=Period(data["first"], data["last"]),
                title=data["title"],
            )
        except PlanRefused as refused:
            raise Conflict(str(refused)) from refused
        return shown(request, made.pk, status.HTTP_201_CREATED)


class PlanDetail(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "plans:read", "PUT": "plans:write"}

    @extend_schema(operation_id="plans_read", responses=PlanOutput)
    def get(self, request: Request, plan_id: int) -> Response:
        """One plan, its goals as they stand now."""
        return shown(request, plan_id)

    @extend_schema(
        operation_id="plans_write", request=PlanInput, responses=PlanOutput, parameters=[IF_MATCH]
    )
    def put(self, request: Request, plan_id: int) -> Response:
        """Makes a draft say this."""
        return changed(
            request,
            plan_id,
            PlanInput,
            lambda body, seen: services.write_plan(
                actor=actor_of(request), plan_id=plan_id, draft=body.draft(), version=seen
            ),
        )


def changed(
    request: Request, plan_id: int, kind: Any, act: Callable[[Any, int], object]
) -> Response:
    """Does one thing to the version that was read; answers with how the plan is then."""
    actor = actor_of(request)
    plan = planning.plan_for_reading(actor, plan_id)
    planning.require_writer(actor, plan.partner_id)
    version = version_read(request)
    body = kind(data=request.data)
    body.is_valid(raise_exception=True)
    try:
        made = act(body, version)
    except StalePlan as stale:
        current = PlanSummary(stale.plan).data
        raise PreconditionFailed(current, etag_of(stale.plan.version)) from stale
    except PlanRefused as refused:
        raise Conflict(str(refused)) from refused
    if isinstance(made, JointPlan) and made.status == PlanStatus.DISCARDED:
        return Response(PlanOutput(made).data)
    return shown(request, made.pk if isinstance(made, JointPlan) else plan_id)


class PlanPropose(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "plans:write"}

    @extend_schema(
        operation_id="plans_propose", request=None, responses=PlanOutput, parameters=[IF_MATCH]
    )
    def post(self, request: Request, plan_id: int) -> Response:
        """Signs a draft for one's own side and asks the other to agree."""
        actor = actor_of(request)
        return changed(
            request,
            plan_id,
            TextInput,
            lambda _body, seen: services.propose_plan(actor=actor, plan_id=plan_id, version=seen),
        )


class PlanAgree(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "plans:write"}

    @extend_schema(
        operation_id="plans_agree", request=None, responses=PlanOutput, parameters=[IF_MATCH]
    )
    def post(self, request: Request, plan_id: int) -> Response:
        """Signs what the other side proposed."""
        actor = actor_of(request)
        return changed(
            request,
            plan_id,
            TextInput,
            lambda _body, seen: services.agree_plan(actor=actor, plan_id=plan_id, version=seen),
        )


class PlanSendBack(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "plans:write"}

    @extend_schema(
        operation_id="plans_send_back",
        request=TextInput,
        responses=PlanOutput,
        parameters=[IF_MATCH],
    )
    def post(self, request: Request, plan_id: int) -> Response:
        """Makes a proposed plan a draft again; `text` says what should change."""
        actor = actor_of(request)
        return changed(
            request,
            plan_id,
            TextInput,
            lambda body, seen: services.send_plan_back(
                actor=actor, plan_id=plan_id, note=body.validated_data["text"], version=seen
            ),
        )


class PlanRevise(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "plans:write"}

    @extend_schema(
        operation_id="plans_revise", request=None, responses=PlanOutput, parameters=[IF_MATCH]
    )
    def post(self, request: Request, plan_id: int) -> Response:
        """Begins the next revision of an agreed plan; answers with its draft."""
        actor = actor_of(request)
        return changed(
            request,
            plan_id,
            TextInput,
            lambda _body, seen: services.revise_plan(actor=actor, plan_id=plan_id, version=seen),
        )


class PlanDiscard(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "plans:write"}

    @extend_schema(
        operation_id="plans_discard", request=None, responses=PlanOutput, parameters=[IF_MATCH]
    )
    def post(self, request: Request, plan_id: int) -> Response:
        """Nobody goes on with a draft."""
        actor = actor_of(request)
        return changed(
            request,
            plan_id,
            TextInput,
            lambda _body, seen: services.discard_plan(actor=actor, plan_id=plan_id, version=seen),
        )


class PlanClose(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "plans:write"}

    @extend_schema(
        operation_id="plans_close", request=TextInput, responses=PlanOutput, parameters=[IF_MATCH]
    )
    def post(self, request: Request, plan_id: int) -> Response:
        """For staff: ends an agreed plan; `text` says what was learned."""
        actor = actor_of(request)
        return changed(
            request,
            plan_id,
            TextInput,
            lambda body, seen: services.close_plan(
                actor=actor, plan_id=plan_id, note=body.validated_data["text"], version=seen
            ),
        )


class PlanComments(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "plans:write"}

    @extend_schema(operation_id="plans_comment", request=TextInput, responses={201: PlanOutput})
    def post(self, request: Request, plan_id: int) -> Response:
        """Says something about a plan; both sides read it."""
        actor = actor_of(request)
        plan = planning.plan_for_reading(actor, plan_id)
        planning.require_writer(actor, plan.partner_id)
        body = TextInput(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            services.comment_on_plan(actor=actor, plan_id=plan_id, text=body.validated_data["text"])
        except PlanRefused as refused:
            raise ValidationError({"text": [str(refused)]}) from refused
        return shown(request, plan_id, status.HTTP_201_CREATED)
