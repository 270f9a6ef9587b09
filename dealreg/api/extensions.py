"""Requests to protect a customer longer, for programs: partners ask, the vendor's people decide."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import idempotency
from core.api.listing import CURSOR, PAGE_SIZE, ListOutput, NewestFirstBySize, page_of
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict
from core.files import RefusedFile
from dealreg import access, protections, services
from dealreg.api.protection import EvidenceInput, require
from dealreg.models import Extension
from dealreg.rules.protection import LONGEST_DAYS, ExtensionStatus
from dealreg.rules.states import DecisionOrigin, NotInThisState, Verb
from dealreg.services.extending import LONGEST_TEXT


class ExtensionVersionInput(serializers.Serializer[Any]):
    version = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=2**31 - 1,
        help_text="That of the deal that you read; with it, a deal that changed is left alone.",
    )


class ExtensionInput(ExtensionVersionInput):
    reason = serializers.CharField(max_length=LONGEST_TEXT)
    evidence = EvidenceInput(
        required=False,
        allow_null=True,
        default=None,
        help_text="New evidence; without it, what is there since the last grant counts.",
    )


class ExtensionApproveInput(ExtensionVersionInput):
    days = serializers.IntegerField(min_value=1, max_value=LONGEST_DAYS)
    note = serializers.CharField(
        max_length=LONGEST_TEXT,
        required=False,
        allow_blank=True,
        default="",
        help_text="The partner reads it.",
    )


class ExtensionDeclineInput(ExtensionVersionInput):
    message = serializers.CharField(max_length=LONGEST_TEXT, help_text="The partner reads it.")


class ExtensionOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    deal = serializers.IntegerField(source="deal_id")
    reference = serializers.CharField(source="deal.reference")
    customer = serializers.CharField(source="deal.customer_name")
    status = serializers.ChoiceField(choices=ExtensionStatus.choices)
    reason = serializers.CharField()
    asked_at = serializers.DateTimeField()
    until_before = serializers.DateTimeField(help_text="The end when it was asked for.")
    until_after = serializers.DateTimeField(allow_null=True, help_text="The end that was granted.")
    decided_by = serializers.ChoiceField(
        choices=DecisionOrigin.choices, allow_blank=True, source="origin"
    )
    message = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class ExtensionListOutput(ListOutput):
    results = ExtensionOutput(many=True)


STATUS = OpenApiParameter("status", str, enum=ExtensionStatus.values)


class ExtensionList(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "deals:read"}

    @extend_schema(
        operation_id="extensions_list",
        responses=ExtensionListOutput,
        parameters=[STATUS, CURSOR, PAGE_SIZE],
    )
    def get(self, request: Request) -> Response:
        """The requests about deals that you may see, newest first."""
        rows = protections.extensions(actor_of(request))
        wanted = request.query_params.get("status", "")
        if wanted:
            if wanted not in ExtensionStatus.values:
                raise ValidationError({"status": [ExtensionStatus.values]})
            rows = rows.filter(status=wanted)
        return page_of(request, rows, ExtensionOutput, order=NewestFirstBySize)


class ExtensionDetail(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "deals:read"}

    @extend_schema(operation_id="extensions_read", responses=ExtensionOutput)
    def get(self, request: Request, extension_id: int) -> Response:
        """One request and what became of it."""
        extension = protections.extension_for_reading(actor_of(request), extension_id)
        return Response(ExtensionOutput(extension).data)


class DealExtensions(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "deals:read", "POST": "deals:write"}

    @extend_schema(operation_id="deal_extensions_list", responses=ExtensionOutput(many=True))
    def get(self, request: Request, deal_id: int) -> Response:
        """The requests about one deal: newest first, at most 50."""
        actor = actor_of(request)
        access.deal_for_reading(actor, deal_id)
        rows = protections.extensions(actor).filter(deal_id=deal_id).order_by("-id")
        return Response(ExtensionOutput(rows[: protections.MOST_SHOWN], many=True).data)

    @extend_schema(
        operation_id="deal_extensions_ask",
        request=ExtensionInput,
        responses={201: ExtensionOutput},
        parameters=[idempotency.PARAMETER],
    )
    @idempotency.idempotent
    def post(self, request: Request, deal_id: int) -> Response:
        """Asks to protect the customer longer. By the deal's terms it is granted at once, or a
        person decides: see `status`."""
        actor = actor_of(request)
        require(actor, deal_id, Verb.EXTEND)
        body = ExtensionInput(data=request.data)
        body.is_valid(raise_exception=True)
        sent = body.validated_data["evidence"]
        try:
            extension = services.ask_extension(
                actor=actor,
                deal_id=deal_id,
                reason=body.validated_data["reason"],
                evidence=EvidenceInput.evidence(sent) if sent else None,
                version=body.validated_data["version"],
            )
        except services.InvalidEvidence as wrong:
            raise ValidationError({"evidence": wrong.problems}) from wrong
        except RefusedFile as refused:
            raise ValidationError({"evidence": {"file": refused.messages}}) from refused
        except (services.ExtensionRefused, services.StaleEdit, NotInThisState) as refused:
            raise Conflict(str(refused)) from refused
        return Response(ExtensionOutput(extension).data, status=status.HTTP_201_CREATED)


class ExtensionDecision(APIView):
    """What both decisions of a person have in common."""

    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "deals:write"}

    def decide(
        self, request: Request, extension_id: int, body: type[ExtensionVersionInput], act: Any
    ) -> Response:
        actor = actor_of(request)
        extension = protections.extension_for_reading(actor, extension_id)
        if not access.may(actor, Verb.APPROVE):
            raise PermissionDenied
        given = body(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            decided: Extension = act(actor=actor, extension_id=extension.pk, **given.validated_data)
        except (services.ExtensionRefused, services.StaleEdit) as refused:
            raise Conflict(str(refused)) from refused
        return Response(ExtensionOutput(decided).data)


class ExtensionApprove(ExtensionDecision):
    @extend_schema(
        operation_id="extensions_approve", request=ExtensionApproveInput, responses=ExtensionOutput
    )
    def post(self, request: Request, extension_id: int) -> Response:
        """Extends the protection by days from its end. For the vendor's people."""
        return self.decide(request, extension_id, ExtensionApproveInput, services.approve_extension)


class ExtensionDecline(ExtensionDecision):
    @extend_schema(
        operation_id="extensions_decline", request=ExtensionDeclineInput, responses=ExtensionOutput
    )
    def post(self, request: Request, extension_id: int) -> Response:
        """Leaves the end where it is, and says why. For the vendor's people."""
        return self.decide(request, extension_id, ExtensionDeclineInput, services.decline_extension)
