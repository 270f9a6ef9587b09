"""What one's own company earned and what it cost, for programs of the people who keep its
accounts."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.conditions import IF_MATCH, etag_of, version_read
from core.api.idempotency import idempotent
from core.api.listing import CURSOR, PAGE_SIZE, ListOutput, NewestFirstBySize, page_of
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import PreconditionFailed
from partners.models import PartnerCost
from partners.queries.profitability import all_costs, profitability
from partners.rules.profit import Cost, CostKind
from partners.services import costs

YEAR = OpenApiParameter("year", int, description="One of the last five; this one when left out.")
READ, WRITE = "profitability:read", "profitability:write"


class LineOutput(serializers.Serializer[Any]):
    first = serializers.DateField(source="period.first")
    last = serializers.DateField(source="period.last")
    earned = serializers.DecimalField(max_digits=24, decimal_places=3)
    earned_by = serializers.DictField(
        child=serializers.DecimalField(max_digits=24, decimal_places=3)
    )
    cost = serializers.DecimalField(max_digits=24, decimal_places=3)
    cost_by = serializers.DictField(child=serializers.DecimalField(max_digits=24, decimal_places=3))
    result = serializers.DecimalField(max_digits=24, decimal_places=3)
    ratio = serializers.DecimalField(
        max_digits=24, decimal_places=2, allow_null=True, help_text="Earned for each unit spent."
    )


class ProfitabilityOutput(serializers.Serializer[Any]):
    currency = serializers.CharField()
    year = serializers.IntegerField()
    total = LineOutput()
    quarters = LineOutput(many=True)
    years = LineOutput(many=True, help_text="The last five, the newest first.")
    uncounted = serializers.ListField(
        child=serializers.CharField(), help_text="Kinds of earnings that are in no sum yet."
    )
    unknown = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="By kind, how many earnings have no known amount.",
    )
    unpriced = serializers.ListField(
        child=serializers.CharField(), help_text="Currencies without a rate of their day."
    )


class CostOutput(serializers.ModelSerializer[PartnerCost]):
    class Meta:
        model = PartnerCost
        fields = ["id", "kind", "day", "amount", "currency", "note", "version"]


class CostListOutput(ListOutput):
    results = CostOutput(many=True)


class CostInput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=CostKind.choices)
    day = serializers.DateField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=3)
    currency = serializers.RegexField(r"^[A-Z]{3}$")
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")

    def said(self) -> Cost:
        return Cost(**{**self.validated_data, "kind": CostKind(self.validated_data["kind"])})


class Profitability(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": READ}

    @extend_schema(
        operation_id="profitability_read", responses=ProfitabilityOutput, parameters=[YEAR]
    )
    def get(self, request: Request) -> Response:
        """For administrators and finance people of a partner: what the company earned against
        what it cost."""
        text = request.query_params.get("year", "")
        year = int(text) if text.isdecimal() and len(text) == 4 else timezone.localdate().year
        return Response(ProfitabilityOutput(profitability(actor_of(request), year)).data)


class Costs(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="costs_list", responses=CostListOutput, parameters=[CURSOR, PAGE_SIZE]
    )
    def get(self, request: Request) -> Response:
        """The costs that one's own company states, the newest first."""
        return page_of(request, all_costs(actor_of(request)), CostOutput, order=NewestFirstBySize)

    @extend_schema(operation_id="costs_add", request=CostInput, responses={201: CostOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """States a cost."""
        actor = actor_of(request)
        costs.require_accounts(actor)
        body = CostInput(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            row = costs.add_cost(actor=actor, cost=body.said())
        except costs.InvalidCost as wrong:
            raise ValidationError({"detail": str(wrong)}) from wrong
        return shown(row, status.HTTP_201_CREATED)


class CostOne(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": READ, "PUT": WRITE, "DELETE": WRITE}

    @extend_schema(operation_id="costs_read", responses=CostOutput)
    def get(self, request: Request, cost_id: int) -> Response:
        """One cost. The ETag names its state."""
        return shown(costs.cost_for_changing(actor_of(request), cost_id))

    @extend_schema(
        operation_id="costs_change", request=CostInput, responses=CostOutput, parameters=[IF_MATCH]
    )
    def put(self, request: Request, cost_id: int) -> Response:
        """Makes a cost say this. Needs If-Match; who has read an older state is told the newer
        values."""
        actor = actor_of(request)
        costs.cost_for_changing(actor, cost_id)
        version = version_read(request)
        body = CostInput(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            row = costs.change_cost(actor=actor, cost_id=cost_id, cost=body.said(), version=version)
        except costs.StaleCost as stale:
            newer = CostOutput(stale.row).data
            raise PreconditionFailed(newer, etag_of(stale.row.version)) from stale
        except costs.InvalidCost as wrong:
            raise ValidationError({"detail": str(wrong)}) from wrong
        return shown(row)

    @extend_schema(operation_id="costs_remove", responses={204: None})
    def delete(self, request: Request, cost_id: int) -> Response:
        """Removes a cost."""
        costs.remove_cost(actor=actor_of(request), cost_id=cost_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


def shown(row: PartnerCost, code: int = status.HTTP_200_OK) -> Response:
    return Response(CostOutput(row).data, code, headers={"ETag": etag_of(row.version)})
