"""Leads for programs."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.listing import CURSOR, PAGE_SIZE, ListOutput, NewestFirstBySize, page_of
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict
from dealreg import leads
from dealreg.models import Lead
from dealreg.rules.leads import LeadOutcome, LeadSource, LeadState
from dealreg.services.leads import (
    LeadMovedOn,
    LeadRefused,
    accept_lead,
    close_lead,
    decline_lead,
    lead_for_reading,
    require_may_work,
)


class DeclineLeadInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=1000, help_text="The vendor reads it.")


class CloseLeadInput(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=LeadOutcome.choices)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class LeadOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    reference = serializers.CharField()
    source = serializers.ChoiceField(choices=LeadSource.choices)  # type: ignore[assignment]
    state = serializers.ChoiceField(choices=LeadState.choices)
    person = serializers.CharField()
    company = serializers.CharField()
    email = serializers.EmailField()
    phone = serializers.CharField()
    country = serializers.CharField()
    product_line = serializers.CharField(source="product_line.code", default=None, allow_null=True)
    message = serializers.CharField()
    created_at = serializers.DateTimeField()
    answer_until = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField(help_text="Empty until it is closed.")
    note = serializers.CharField()
    erased_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it no longer says who asked, nor what."
    )


class LeadListOutput(ListOutput):
    results = LeadOutput(many=True)


class LeadList(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "leads:read"}

    @extend_schema(
        operation_id="leads_list", responses=LeadListOutput, parameters=[CURSOR, PAGE_SIZE]
    )
    def get(self, request: Request) -> Response:
        """The leads that are with your company, newest first."""
        rows = leads.leads(actor_of(request))
        return page_of(request, rows, LeadOutput, order=NewestFirstBySize)


class LeadDetail(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "leads:read"}

    @extend_schema(operation_id="leads_read", responses=LeadOutput)
    def get(self, request: Request, lead_id: int) -> Response:
        """One lead."""
        return Response(LeadOutput(lead_for_reading(actor_of(request), lead_id)).data)


class Moving(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "leads:write"}

    def move(
        self,
        request: Request,
        lead_id: int,
        act: Callable[..., Lead],
        body: "type[serializers.Serializer[Any]] | None" = None,
    ) -> Response:
        actor = actor_of(request)
        lead_for_reading(actor, lead_id)
        require_may_work(actor)
        said: dict[str, Any] = {}
        if body is not None:
            given = body(data=request.data)
            given.is_valid(raise_exception=True)
            said = dict(given.validated_data)
        try:
            lead = act(actor=actor, lead_id=lead_id, **said)
        except LeadMovedOn as moved:
            raise Conflict("The lead has moved on meanwhile.") from moved
        except LeadRefused as refused:
            raise ValidationError({"reason": [str(refused)]}) from refused
        return Response(LeadOutput(lead).data)


class LeadAccept(Moving):
    @extend_schema(operation_id="leads_accept", request=None, responses=LeadOutput)
    def post(self, request: Request, lead_id: int) -> Response:
        """Takes the lead; answer the customer yourself then."""
        return self.move(request, lead_id, accept_lead)


class LeadDecline(Moving):
    @extend_schema(operation_id="leads_decline", request=DeclineLeadInput, responses=LeadOutput)
    def post(self, request: Request, lead_id: int) -> Response:
        """Does not take it; the vendor has it back."""
        return self.move(request, lead_id, decline_lead, DeclineLeadInput)


class LeadClose(Moving):
    @extend_schema(operation_id="leads_close", request=CloseLeadInput, responses=LeadOutput)
    def post(self, request: Request, lead_id: int) -> Response:
        """Says what became of a lead that you accepted."""
        return self.move(request, lead_id, close_lead, CloseLeadInput)
