"""Deals for programs."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import idempotency
from core.api.permissions import RequireScope, SignedInActor, actor_of
from dealreg import checking, queries, services
from dealreg.api.serializers import (
    API_FIELDS,
    CheckInput,
    CheckOutput,
    DealInput,
    DealListOutput,
    DealOutput,
    DealSummary,
    deal_output,
    deal_summary,
)
from dealreg.models.deals import DealSource
from dealreg.rules.names import NotADomain
from dealreg.rules.request import InvalidRegistration

CURSOR = OpenApiParameter("cursor", str, description="From `next` or `previous` of a page.")
PAGE_SIZE = OpenApiParameter("page_size", int, description="At most 200; 50 when left out.")


class NewestFirst(CursorPagination):
    ordering = "-id"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"


class DealList(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "deals:read", "POST": "deals:write"}

    @extend_schema(
        operation_id="deals_list", responses=DealListOutput, parameters=[CURSOR, PAGE_SIZE]
    )
    def get(self, request: Request) -> Response:
        """The deals that the token's owner may see, newest first."""
        paginator = NewestFirst()
        rows = paginator.paginate_queryset(queries.deals(actor_of(request)), request, view=self)
        summaries = [deal_summary(deal) for deal in rows or []]
        return paginator.get_paginated_response(DealSummary(summaries, many=True).data)

    @extend_schema(
        operation_id="deals_register",
        request=DealInput,
        responses={201: DealOutput},
        parameters=[idempotency.PARAMETER],
    )
    @idempotency.idempotent
    def post(self, request: Request) -> Response:
        """Registers a deal and answers with its decision."""
        body = DealInput(data=request.data)
        body.is_valid(raise_exception=True)
        actor = actor_of(request)
        try:
            deal = services.register_deal(
                actor=actor,
                request=body.request(),
                source=DealSource.API,
            )
        except InvalidRegistration as wrong:
            raise ValidationError(api_problems(wrong)) from wrong
        answer = queries.answer_about(deal)
        return Response(DealOutput(deal_output(answer)).data, status=status.HTTP_201_CREATED)


class DealCheck(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "deals:write"}

    @extend_schema(operation_id="deals_check", request=CheckInput, responses=CheckOutput)
    def post(self, request: Request) -> Response:
        """Whether a registration of this customer would meet a conflict; registers nothing.
        Fewer calls are allowed than elsewhere, together with the checks in the portal."""
        body = CheckInput(data=request.data)
        body.is_valid(raise_exception=True)
        customer, line = body.validated_data["customer"], body.validated_data["product_line"]
        try:
            answer = checking.check_customer(
                actor=actor_of(request),
                name=customer["name"],
                domain=customer["domain"],
                country=customer["country"].upper(),
                product_line_id=line.pk if line else None,
            )
        except NotADomain as wrong:
            raise ValidationError({"customer": {"domain": [str(wrong)]}}) from wrong
        except checking.TooManyChecks as many:
            raise Throttled(wait=many.seconds_left) from many
        shown = {"conflict": answer.conflict, "own_open": answer.own_open}
        return Response(CheckOutput(shown).data)


class DealDetail(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "deals:read"}

    @extend_schema(operation_id="deals_read", responses=DealOutput)
    def get(self, request: Request, deal_id: int) -> Response:
        """One deal with its decision, conflict level and protection."""
        answer = queries.deal_answer(actor_of(request), deal_id)
        return Response(DealOutput(deal_output(answer)).data)


def api_problems(wrong: InvalidRegistration) -> dict[str, Any]:
    """The service's sentences under the names that the API uses."""
    problems: dict[str, Any] = {}
    for field, text in wrong.problems.items():
        *outer, name = API_FIELDS.get(field, field).split(".")
        holder = problems.setdefault(outer[0], {}) if outer else problems
        holder[name] = [str(text)]
    return problems
