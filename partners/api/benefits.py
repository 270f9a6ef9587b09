"""Benefits for programs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import RequireScope, SignedInActor, actor_of
from partners.api.naming import PARTNER, partner_asked_for
from partners.queries.benefits_page import benefits_page


class BenefitOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="The benefit in the reader's language."
    )
    kind = serializers.CharField(help_text="percent, count, money, level or yes_no.")
    number = serializers.CharField(
        help_text="Of a percent, count or money (in the base currency); else empty."
    )
    word = serializers.CharField(help_text="A level, yes, no or unlimited; else empty.")
    text = serializers.CharField(help_text="The value with its unit, in the reader's language.")


class HeldOutput(serializers.Serializer[Any]):
    tier = serializers.CharField()
    since = serializers.DateTimeField()


class BenefitsOutput(serializers.Serializer[Any]):
    tier = serializers.CharField(help_text="The tier whose benefits count now.")
    reached = serializers.CharField(help_text="The partner's tier.")
    follows_on = serializers.DateTimeField(
        allow_null=True, help_text="When the benefits of the reached tier follow."
    )
    catalogue_version = serializers.IntegerField(
        source="version", help_text="0: no catalogue is in force for this partner."
    )
    benefits = BenefitOutput(many=True, source="own")
    next_tier = serializers.CharField()
    tried_until = serializers.DateField(
        allow_null=True, help_text="The last day of a version that the partner tries out."
    )
    history = HeldOutput(many=True)


class BenefitsNow(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "programme:read"}

    @extend_schema(operation_id="benefits_read", responses=BenefitsOutput, parameters=[PARTNER])
    def get(self, request: Request) -> Response:
        """What a partner is entitled to now, and since when."""
        page = benefits_page(actor_of(request), partner_asked_for(request))
        return Response(BenefitsOutput(page).data)
