"""How deals are protected, for programs: evidence, the customer's word, registering again."""

import base64
import binascii
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.actor import Actor
from core.api import idempotency
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict
from core.files import RefusedFile
from dealreg import access, protections, queries, services
from dealreg.api.outputs import DealOutput, deal_output
from dealreg.models import EvidenceItem
from dealreg.rules.protection import ADDED_BY_PEOPLE, EvidenceKind
from dealreg.rules.states import NotInThisState, Verb

LONGEST_CONTENT = 1_400_000


class EvidenceFileInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    content = serializers.CharField(
        max_length=LONGEST_CONTENT, help_text="In base64; a body has at most 1 MB."
    )

    def validate_content(self, content: str) -> bytes:
        try:
            return base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError) as wrong:
            raise ValidationError(_("Write the file’s content in base64.")) from wrong


class EvidenceInput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in ADDED_BY_PEOPLE])
    dated_on = serializers.DateField(help_text="The day on which it happened.")
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    file = EvidenceFileInput(required=False, allow_null=True, default=None)

    @staticmethod
    def evidence(data: dict[str, Any]) -> services.NewEvidence:
        sent = data["file"]
        upload: UploadedFile[bytes] | None = (
            SimpleUploadedFile(sent["name"], sent["content"]) if sent else None
        )
        return services.NewEvidence(data["kind"], data["dated_on"], data["note"], upload)


class EvidenceFile(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="/files/{id}/ is the file.")
    name = serializers.CharField()
    size = serializers.IntegerField()


class EvidenceOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=EvidenceKind.choices)
    dated_on = serializers.DateField()
    note = serializers.CharField()
    file = EvidenceFile(allow_null=True)
    added_by = serializers.CharField()
    added_at = serializers.DateTimeField()


class ConfirmationInput(serializers.Serializer[Any]):
    address = serializers.EmailField(
        max_length=254, help_text="An address at the customer’s own domain."
    )


class ConfirmationOutput(serializers.Serializer[Any]):
    address = serializers.EmailField()
    asked_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    state = serializers.ChoiceField(
        choices=protections.ConfirmationState.choices,
        help_text="denied is for the vendor’s people only; others read it as if nobody answered.",
    )


def evidence_output(item: EvidenceItem) -> dict[str, Any]:
    return {
        "id": item.pk,
        "kind": item.kind,
        "dated_on": item.dated_on,
        "note": item.note,
        "file": item.file,
        "added_by": item.added_by_label,
        "added_at": item.added_at,
    }


def require(actor: Actor, deal_id: int, verb: Verb) -> None:
    """Http404 and PermissionDenied before anything of the body is looked at."""
    access.deal_for_reading(actor, deal_id)
    if not access.may(actor, verb):
        raise PermissionDenied


class DealEvidence(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "deals:read", "POST": "deals:write"}

    @extend_schema(operation_id="deal_evidence_list", responses=EvidenceOutput(many=True))
    def get(self, request: Request, deal_id: int) -> Response:
        """What both sides have shown of the work with the customer: newest first, at most 50."""
        deal = access.deal_for_reading(actor_of(request), deal_id)
        shown = [evidence_output(item) for item in protections.evidence_of(deal)]
        return Response(EvidenceOutput(shown, many=True).data)

    @extend_schema(
        operation_id="deal_evidence_add",
        request=EvidenceInput,
        responses={201: EvidenceOutput},
        parameters=[idempotency.PARAMETER],
    )
    @idempotency.idempotent
    def post(self, request: Request, deal_id: int) -> Response:
        """Notes what happened with the customer on a day, with a file if there is one."""
        actor = actor_of(request)
        require(actor, deal_id, Verb.ADD_EVIDENCE)
        body = EvidenceInput(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.evidence(body.validated_data)
        try:
            item = services.add_evidence(
                actor=actor,
                deal_id=deal_id,
                kind=given.kind,
                dated_on=given.dated_on,
                note=given.note,
                upload=given.upload,
            )
        except services.InvalidEvidence as wrong:
            raise ValidationError(wrong.problems) from wrong
        except RefusedFile as refused:
            raise ValidationError({"file": refused.messages}) from refused
        except NotInThisState as moved_on:
            raise Conflict(str(moved_on)) from moved_on
        shown = EvidenceOutput(evidence_output(item)).data
        return Response(shown, status=status.HTTP_201_CREATED)


class DealConfirmations(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "deals:read", "POST": "deals:write"}

    @extend_schema(operation_id="deal_confirmations_list", responses=ConfirmationOutput(many=True))
    def get(self, request: Request, deal_id: int) -> Response:
        """Whether the customer was asked for its word, and what came of it; newest first."""
        actor = actor_of(request)
        deal = access.deal_for_reading(actor, deal_id)
        shown = protections.confirmations_of(actor, deal)
        return Response(ConfirmationOutput(shown, many=True).data)

    @extend_schema(
        operation_id="deal_confirmations_ask",
        request=ConfirmationInput,
        responses={201: ConfirmationOutput},
        parameters=[idempotency.PARAMETER],
    )
    @idempotency.idempotent
    def post(self, request: Request, deal_id: int) -> Response:
        """Asks the customer by mail whether the partner is its own."""
        actor = actor_of(request)
        require(actor, deal_id, Verb.CONFIRM)
        body = ConfirmationInput(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            asked = services.ask_customer(
                actor=actor, deal_id=deal_id, address=body.validated_data["address"]
            )
        except services.CannotAsk as refused:
            raise ValidationError({"address": [str(refused)]}) from refused
        except NotInThisState as moved_on:
            raise Conflict(str(moved_on)) from moved_on
        shown = ConfirmationOutput(protections.confirmation_shown(actor, asked)).data
        return Response(shown, status=status.HTTP_201_CREATED)


class DealAgain(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "deals:write"}

    @extend_schema(operation_id="deals_again", request=None, responses={201: DealOutput})
    def post(self, request: Request, deal_id: int) -> Response:
        """A draft with the values of a registration that lapsed, was declined or withdrawn. There
        is one at a time; asked again, it is that one. It is registered in the portal."""
        actor = actor_of(request)
        require(actor, deal_id, Verb.REGISTER_AGAIN)
        try:
            draft = services.register_again(actor=actor, deal_id=deal_id)
        except NotInThisState as moved_on:
            raise Conflict(str(moved_on)) from moved_on
        shown = DealOutput(deal_output(queries.deal_answer(actor, draft.pk))).data
        return Response(shown, status=status.HTTP_201_CREATED)
