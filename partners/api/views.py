"""The tier programme for programs."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import RequireScope, SignedInActor, actor_of
from partners import services
from partners.api.naming import PARTNER, partner_asked_for
from partners.models import TierRun
from partners.queries import programmes, tier_page
from partners.runs import recalculation

MOST_VALUES = 1000


class ProgressOutput(serializers.Serializer[Any]):
    measure = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="The measure in the reader's language."
    )
    value = serializers.DecimalField(
        max_digits=18,
        decimal_places=3,
        allow_null=True,
        help_text="Money in the base currency; null: not known yet.",
    )
    needed = serializers.DecimalField(max_digits=18, decimal_places=3)
    met = serializers.BooleanField()


class TierOutput(serializers.Serializer[Any]):
    tier = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True)
    why = serializers.CharField()
    programme_version = serializers.IntegerField(
        source="version", help_text="0: no programme decides about this partner."
    )
    period = serializers.CharField(source="days")
    next_tier = serializers.CharField()
    requirements = ProgressOutput(many=True, source="progress")
    points = serializers.IntegerField(allow_null=True)
    points_needed = serializers.IntegerField(allow_null=True)
    grace_until = serializers.DateTimeField(allow_null=True)
    falls_to = serializers.CharField()
    tried_until = serializers.DateField(
        allow_null=True, help_text="The last day of a version that the partner tries out."
    )
    path = serializers.SerializerMethodField()

    def get_path(self, page: tier_page.TierPage) -> list[str]:
        """The cheapest way to the next tier, in sentences."""
        return list(page.way.steps) if page.way else []


class StayOutput(serializers.Serializer[Any]):
    tier = serializers.CharField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    why = serializers.CharField()
    merged = serializers.CharField(
        help_text="The partner whose time it was, if it was merged into this one."
    )


class RunOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    state = serializers.CharField()
    total = serializers.IntegerField(help_text="Partners.")
    done = serializers.IntegerField(help_text="Partners looked at.")
    asked_at = serializers.DateTimeField()


class ValueInput(serializers.Serializer[Any]):
    partner = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    measure = serializers.CharField(max_length=60)
    day = serializers.DateField()
    value = serializers.DecimalField(max_digits=18, decimal_places=3, min_value=Decimal(0))
    source = serializers.CharField(max_length=120)  # type: ignore[assignment]


class ValuesInput(serializers.Serializer[Any]):
    values = serializers.ListField(child=ValueInput(), max_length=MOST_VALUES)


class ValuesOutput(serializers.Serializer[Any]):
    entered = serializers.IntegerField(help_text="How many were new or changed.")


class TierNow(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "programme:read"}

    @extend_schema(operation_id="tier_read", responses=TierOutput, parameters=[PARTNER])
    def get(self, request: Request) -> Response:
        """Where a partner stands: tier, what the next one asks for, and the way there."""
        page = tier_page.tier_page(actor_of(request), partner_asked_for(request))
        return Response(TierOutput(page).data)


class TierHistory(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "programme:read"}

    @extend_schema(
        operation_id="tier_history", responses=StayOutput(many=True), parameters=[PARTNER]
    )
    def get(self, request: Request) -> Response:
        """A partner's times in tiers, newest first (at most 50)."""
        rows = tier_page.history(partner_asked_for(request))
        return Response(StayOutput(rows, many=True).data)


class Recalculations(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "programme:write"}

    @extend_schema(operation_id="tier_recalculate", request=None, responses={202: RunOutput})
    def post(self, request: Request) -> Response:
        """For operations: has all partners recalculated; answers with the run that works."""
        actor = actor_of(request)
        run: TierRun = recalculation.ask_recalculation(actor=actor, cause=actor.label)
        return Response(RunOutput(run).data, status=status.HTTP_202_ACCEPTED)


class MeasureValues(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "programme:write"}

    @extend_schema(operation_id="measure_values_enter", request=ValuesInput, responses=ValuesOutput)
    def post(self, request: Request) -> Response:
        """For operations: enters values of measures that the portal cannot count; all or none.
        One of the same partner, measure and day is replaced."""
        services.require_operations(actor_of(request))
        body = ValuesInput(data=request.data)
        body.is_valid(raise_exception=True)
        values = [
            services.NewValue(
                one["partner"], one["measure"], one["day"], one["value"], one["source"]
            )
            for one in body.validated_data["values"]
        ]
        known = programmes.known_partners([one.partner_id for one in values])
        for one in values:
            if one.partner_id not in known or one.measure not in programmes.known_measures():
                raise ValidationError({"values": ["No such partner or measure."]})
        try:
            entered = services.enter_values(actor=actor_of(request), values=values)
        except services.TierRefused as refused:
            raise ValidationError({"values": [str(refused)]}) from refused
        return Response(ValuesOutput({"entered": entered}).data)
