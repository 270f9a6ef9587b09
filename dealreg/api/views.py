"""Deals for programs."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied, Throttled, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.actor import Actor
from core.api import idempotency
from core.api.conditions import IF_MATCH, etag_of, version_read
from core.api.listing import CURSOR, PAGE_SIZE, NewestFirstBySize, page_of
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict, PreconditionFailed
from core.kept import looking_once
from core.own_fields.values import OwnValue
from dealreg import access, checking, own_fields, queries, sales, services
from dealreg.api.inputs import API_FIELDS, CheckInput, CompleteInput, DealInput, SaleInput
from dealreg.api.outputs import (
    CheckOutput,
    DealListOutput,
    DealOutput,
    DealSummary,
    deal_output,
    deal_summary,
)
from dealreg.api.own_fields import OwnFieldOutput, own_field_output
from dealreg.filters import DealFilter
from dealreg.models import Deal
from dealreg.models.deals import DealSource
from dealreg.rules.facts import OWN
from dealreg.rules.names import NotADomain
from dealreg.rules.request import InvalidRegistration
from dealreg.rules.sale import InvalidSale
from dealreg.rules.states import CLOSED_STAGES, DealStage, DealStatus, NotInThisState, Verb

FILTERS = [
    OpenApiParameter("status", str, enum=DealStatus.values),
    OpenApiParameter("stage", str, enum=DealStage.values),
    OpenApiParameter(
        "sale", str, enum=["open", "stale", "won", "lost"], description="Open: in the pipeline."
    ),
    OpenApiParameter(
        "closes",
        str,
        description="When the order is expected: a month such as 2026-12 among the next twelve, "
        "overdue, later or none.",
    ),
    OpenApiParameter("protection", str, enum=["running", "ending", "none"]),
    OpenApiParameter("q", str, description="Customer, domain or reference."),
]


class DealList(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "deals:read", "POST": "deals:write"}

    @extend_schema(
        operation_id="deals_list",
        responses=DealListOutput,
        parameters=[CURSOR, PAGE_SIZE, *FILTERS],
    )
    def get(self, request: Request) -> Response:
        """The deals that the token's owner may see, newest first."""
        listing = DealFilter(request.query_params, queryset=queries.deals(actor_of(request)))
        if not listing.is_valid():
            raise ValidationError(listing.errors)
        return page_of(
            request,
            own_fields.with_answers(listing.qs),
            DealSummary,
            shown=lambda found: map(deal_summary, found),
            order=NewestFirstBySize,
        )

    @extend_schema(
        operation_id="deals_register",
        request=DealInput,
        responses={201: DealOutput},
        parameters=[idempotency.PARAMETER],
    )
    @looking_once()
    @idempotency.idempotent
    def post(self, request: Request) -> Response:
        """Registers a deal and answers with its decision."""
        body = DealInput(data=request.data)
        body.is_valid(raise_exception=True)
        actor = actor_of(request)
        try:
            own = own_values(actor, body)
            deal = services.register_deal(
                actor=actor, request=body.request(own), source=DealSource.API
            )
        except InvalidRegistration as wrong:
            raise ValidationError(api_problems(wrong)) from wrong
        shown = deal_output(queries.answer_about(deal), own=None if own else {})
        return Response(DealOutput(shown).data, status=status.HTTP_201_CREATED)


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
    sent = body.validated_data["own_fields"]
    if not sent:
        return {}
    line = body.validated_data["product_line"]
    offered = own_fields.offered_to(access.require_may_register(actor), line.pk)
    return own_fields.from_json(sent, offered)


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
    scopes = {"GET": "deals:read", "PATCH": "deals:write"}

    @extend_schema(operation_id="deals_read", responses=DealOutput)
    def get(self, request: Request, deal_id: int) -> Response:
        """One deal with its decision, conflict level and protection. The ETag names this state
        of it."""
        answer = queries.deal_answer(actor_of(request), deal_id)
        return self._shown(answer)

    @extend_schema(
        operation_id="deals_update_sale",
        request=SaleInput,
        responses=DealOutput,
        parameters=[IF_MATCH],
    )
    def patch(self, request: Request, deal_id: int) -> Response:
        """Keeps the sale up to date, closes it as won or lost, or opens it again. Needs
        If-Match; who has read an older state is told the newer values."""
        actor = actor_of(request)
        deal = access.deal_for_reading(actor, deal_id)
        if not access.may(actor, Verb.UPDATE_SALE):
            raise PermissionDenied
        version = version_read(request)
        body = SaleInput(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            self._change(actor, deal, body, version)
        except InvalidSale as wrong:
            raise ValidationError(api_problems(wrong)) from wrong
        except services.StaleEdit as stale:
            newer = queries.deal_answer(actor, deal_id)
            shown = DealOutput(deal_output(newer)).data
            raise PreconditionFailed(shown, etag_of(stale.current.version)) from stale
        except (NotInThisState, services.TooLateToReopen) as refused:
            raise Conflict(str(refused)) from refused
        except services.CustomerIsProtected as held:
            text = _("The customer is protected for another registration by now.")
            raise Conflict(text) from held
        return self._shown(queries.deal_answer(actor, deal_id))

    def _change(self, actor: Actor, deal: Deal, body: SaleInput, version: int) -> None:
        known: dict[str, Any] = {"actor": actor, "deal_id": deal.pk, "version": version}
        note, stage = body.validated_data["note"], body.validated_data.get("stage", deal.stage)
        if stage in CLOSED_STAGES and deal.stage not in CLOSED_STAGES:
            services.close_deal(**known, closing=body.closing(timezone.localdate()))
        elif deal.stage in CLOSED_STAGES and stage not in CLOSED_STAGES:
            services.reopen_deal(**known, why=note)
        else:
            services.update_sale(**known, sale=body.sale(sales.sale_of(deal)), note=note)

    def _shown(self, answer: queries.DealAnswer) -> Response:
        etag = etag_of(answer.deal.version)
        return Response(DealOutput(deal_output(answer)).data, headers={"ETag": etag})


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


def api_problems(wrong: InvalidRegistration | InvalidSale) -> dict[str, Any]:
    """The service's sentences under the names that the API uses."""
    problems: dict[str, Any] = {}
    for field, text in wrong.problems.items():
        own = field.startswith(OWN)
        place = f"own_fields.{field.removeprefix(OWN)}" if own else API_FIELDS.get(field, field)
        *outer, name = place.split(".", 1)
        holder = problems.setdefault(outer[0], {}) if outer else problems
        holder[name] = [str(text)]
    return problems
