"""Joint business plans for programs: begun, written, proposed, agreed and ended."""

from collections.abc import Callable

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import idempotency
from core.api.listing import CURSOR, page_of
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict
from core.api.versions import VersionedKind
from partners.api.naming import new_for_partner
from partners.api.plan_shapes import (
    BeginInput,
    PlanInput,
    PlanListOutput,
    PlanOutput,
    PlanSummary,
    TextInput,
)
from partners.models import JointPlan
from partners.queries import plans
from partners.rules.periods import Period
from partners.services import planning as services
from partners.services.planning import PlanRefused, StalePlan

PLANS = VersionedKind(
    read=plans.plan_for_reading,
    require_writer=lambda actor, plan: plans.require_writer(actor, plan.partner_id),
    output=PlanOutput,
    summary=PlanSummary,
    refused=PlanRefused,
    stale=StalePlan,
)


class PlanList(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "plans:read", "POST": "plans:write"}

    @extend_schema(operation_id="plans_list", responses=PlanListOutput, parameters=[CURSOR])
    def get(self, request: Request) -> Response:
        """The joint plans that the token's owner may read, newest first."""
        return page_of(request, plans.plans(actor_of(request)), PlanSummary)

    @extend_schema(
        operation_id="plans_begin",
        request=BeginInput,
        responses={201: PlanOutput},
        parameters=[idempotency.PARAMETER],
    )
    @idempotency.idempotent
    def post(self, request: Request) -> Response:
        """Begins the draft of a plan; for administrators and staff."""
        body, partner_id = new_for_partner(request, BeginInput)
        data = body.validated_data
        try:
            made = services.begin_plan(
                actor=actor_of(request),
                partner_id=partner_id,
                period=Period(data["first"], data["last"]),
                title=data["title"],
            )
        except PlanRefused as refused:
            raise Conflict(str(refused)) from refused
        return PLANS.shown(request, made.pk, status.HTTP_201_CREATED)


class PlanDetail(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "plans:read", "PUT": "plans:write"}

    @extend_schema(operation_id="plans_read", responses=PlanOutput)
    def get(self, request: Request, plan_id: int) -> Response:
        """One plan, its goals as they stand now."""
        return PLANS.shown(request, plan_id)

    @PLANS.described("plans_write", PlanInput)
    def put(self, request: Request, plan_id: int) -> Response:
        """Makes a draft say this."""

        def write(body: PlanInput, version: int) -> bool:
            return services.write_plan(
                actor=actor_of(request), plan_id=plan_id, draft=body.draft(), version=version
            )

        PLANS.change(request, plan_id, PlanInput, write)
        return PLANS.shown(request, plan_id)


class PlanStep(APIView):
    """One step of a plan's life, at its own address."""

    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "plans:write"}

    def taken(
        self, request: Request, plan_id: int, step: Callable[..., JointPlan], *, noted: bool = False
    ) -> JointPlan:
        """Takes the step from the version that was read; where it is noted, `text` is its note."""

        def take(body: TextInput, version: int) -> JointPlan:
            words = {"note": body.validated_data["text"]} if noted else {}
            return step(actor=actor_of(request), plan_id=plan_id, version=version, **words)

        return PLANS.change(request, plan_id, TextInput, take)


class PlanPropose(PlanStep):
    @PLANS.described("plans_propose")
    def post(self, request: Request, plan_id: int) -> Response:
        """Signs a draft for one's own side and asks the other to agree."""
        return PLANS.shown(request, self.taken(request, plan_id, services.propose_plan).pk)


class PlanAgree(PlanStep):
    @PLANS.described("plans_agree")
    def post(self, request: Request, plan_id: int) -> Response:
        """Signs what the other side proposed."""
        return PLANS.shown(request, self.taken(request, plan_id, services.agree_plan).pk)


class PlanSendBack(PlanStep):
    @PLANS.described("plans_send_back", TextInput)
    def post(self, request: Request, plan_id: int) -> Response:
        """Makes a proposed plan a draft again; `text` says what should change."""
        draft = self.taken(request, plan_id, services.send_plan_back, noted=True)
        return PLANS.shown(request, draft.pk)


class PlanRevise(PlanStep):
    @PLANS.described("plans_revise")
    def post(self, request: Request, plan_id: int) -> Response:
        """Begins the next revision of an agreed plan; answers with its draft."""
        return PLANS.shown(request, self.taken(request, plan_id, services.revise_plan).pk)


class PlanDiscard(PlanStep):
    @PLANS.described("plans_discard")
    def post(self, request: Request, plan_id: int) -> Response:
        """Nobody goes on with a draft."""
        # Nobody reads it any more either, so this is the last that is told of it.
        gone = self.taken(request, plan_id, services.discard_plan)
        return Response(PlanOutput(gone).data)


class PlanClose(PlanStep):
    @PLANS.described("plans_close", TextInput)
    def post(self, request: Request, plan_id: int) -> Response:
        """For staff: ends an agreed plan; `text` says what was learned."""
        ended = self.taken(request, plan_id, services.close_plan, noted=True)
        return PLANS.shown(request, ended.pk)


class PlanComments(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "plans:write"}

    @extend_schema(operation_id="plans_comment", request=TextInput, responses={201: PlanOutput})
    def post(self, request: Request, plan_id: int) -> Response:
        """Says something about a plan; both sides read it."""
        actor = actor_of(request)
        plan = plans.plan_for_reading(actor, plan_id)
        plans.require_writer(actor, plan.partner_id)
        body = TextInput(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            services.comment_on_plan(actor=actor, plan_id=plan_id, text=body.validated_data["text"])
        except PlanRefused as refused:
            raise ValidationError({"text": [str(refused)]}) from refused
        return PLANS.shown(request, plan_id, status.HTTP_201_CREATED)
