"""Deals for programs."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied, Throttled, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.actor import Actor
from core.api import idempotency
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict
from core.own_fields.values import OwnValue
from dealreg import access, checking, own_fields, queries, services
from dealreg.api.serializers import (
    API_FIELDS,
    CheckInput,
    CheckOutput,
    CompleteInput,
    DealInput,
    DealListOutput,
    DealOutput,
    DealSummary,
    OwnFieldOutput,
    deal_output,
    deal_summary,
    own_field_output,
)
from dealreg.models.deals import DealSource
from dealreg.rules.facts import OWN
from dealreg.rules.names import NotADomain
from dealreg.rules.request import InvalidRegistration
from dealreg.rules.states import NotInThisState

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
        deals = own_fields.with_answers(queries.deals(actor_of(request)))
        rows = paginator.paginate_queryset(deals, request, view=self)
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
                request=body.request(own_values(actor, body)),
                source=DealSource.API,
            )
        except InvalidRegistration as wrong:
            raise ValidationError(api_problems(wrong)) from wrong
        answer = queries.answer_about(deal)
        return Response(DealOutput(deal_output(answer)).data, status=status.HTTP_201_CREATED)


LINE = OpenApiParameter(
    "product_line", str, description="A product line's code; without it, what every line asks."
)


class DealFields(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "deals:read"}

    @extend_schema(
        operation_id="deals_fields", responses=OwnFieldOutput(many=True), parameters=[LINE]
    )
    def get(self, request: Request) -> Response:
        """The vendor's own fields that are offered to the token's owner for a product line, in the
        order of the form."""
        partner_id = actor_of(request).partner_id
        if partner_id is None:
            raise PermissionDenied
        code = request.query_params.get("product_line", "")
        line = queries.product_lines().filter(code=code).first() if code else None
        if code and line is None:
            raise ValidationError({"product_line": [_("There is no such product line.")]})
        fields = own_fields.offered_to(partner_id, line.pk if line else None)
        shown = [own_field_output(field) for field in fields]
        return Response(OwnFieldOutput(shown, many=True).data)


def own_values(actor: Actor, body: DealInput) -> dict[str, OwnValue]:
    """What was sent in own fields. Raises InvalidRegistration, PermissionDenied."""
    line = body.validated_data["product_line"]
    offered = own_fields.offered_to(access.require_may_register(actor), line.pk)
    return own_fields.from_json(body.validated_data["own_fields"] or {}, offered)


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


class DealComplete(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "deals:write"}

    @extend_schema(
        operation_id="deals_complete",
        request=CompleteInput,
        responses=DealOutput,
        parameters=[idempotency.PARAMETER],
    )
    @idempotency.idempotent
    def post(self, request: Request, deal_id: int) -> Response:
        """Completes a deal that was sent back (status needs_info) and answers with its new
        decision. Only what decision.asked_for names may differ."""
        body = CompleteInput(data=request.data)
        body.is_valid(raise_exception=True)
        actor = actor_of(request)
        try:
            deal = services.complete_deal(
                actor=actor,
                deal_id=deal_id,
                changes={**body.changes(), **own_changes(actor, deal_id, body)},
                version=body.validated_data.get("version"),
            )
        except InvalidRegistration as wrong:
            raise ValidationError(api_problems(wrong)) from wrong
        except (NotInThisState, services.StaleEdit) as moved_on:
            raise Conflict(str(moved_on)) from moved_on
        return Response(DealOutput(deal_output(queries.answer_about(deal))).data)


def own_changes(actor: Actor, deal_id: int, body: CompleteInput) -> dict[str, Any]:
    """All own values with those that were sent; nothing when none were. Raises as own_values."""
    sent = body.validated_data.get("own_fields")
    if not sent:
        return {}
    partner_id = access.require_may_register(actor)
    deal = access.deal_for_reading(actor, deal_id)
    read = own_fields.from_json(sent, own_fields.offered_to(partner_id, deal.product_line_id))
    return {"own_values": {**own_fields.stored_values(deal), **read}}


def api_problems(wrong: InvalidRegistration) -> dict[str, Any]:
    """The service's sentences under the names that the API uses."""
    problems: dict[str, Any] = {}
    for field, text in wrong.problems.items():
        own = field.startswith(OWN)
        place = f"own_fields.{field.removeprefix(OWN)}" if own else API_FIELDS.get(field, field)
        *outer, name = place.split(".", 1)
        holder = problems.setdefault(outer[0], {}) if outer else problems
        holder[name] = [str(text)]
    return problems
