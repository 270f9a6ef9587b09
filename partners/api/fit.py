"""How partners fit the ideal one, for programs."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import RequireScope, SignedInActor, actor_of
from partners.api.naming import PARTNER, partner_asked_for
from partners.queries.fit_page import fit_page


class ReasonOutput(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField(help_text="What was seen, in the reader's language.")
    known = serializers.BooleanField(help_text="Whether anything is known about it.")
    counted = serializers.BooleanField(help_text="Whether it is in the score.")
    points = serializers.DecimalField(max_digits=4, decimal_places=1)
    out_of = serializers.DecimalField(max_digits=4, decimal_places=1)


class GapOutput(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    missing = serializers.CharField(help_text="What is missing, in the reader's language.")
    points = serializers.DecimalField(
        max_digits=4, decimal_places=1, help_text="What the score would gain."
    )


class FitOutput(serializers.Serializer[Any]):
    version = serializers.IntegerField(
        help_text="The version of the profile; 0: none is in force for this partner."
    )
    title = serializers.CharField()
    score = serializers.DecimalField(
        max_digits=4, decimal_places=1, allow_null=True, help_text="0 to 100; null: not known yet."
    )
    level = serializers.CharField(help_text="good, fair, poor or unknown; empty in version 0.")
    scored_at = serializers.DateTimeField(allow_null=True)
    tried_until = serializers.DateField(
        allow_null=True, help_text="The last day of a version that the partner tries out."
    )
    reasons = ReasonOutput(many=True, help_text="Their points add up to the score.")
    gaps = GapOutput(many=True, help_text="What brings most comes first.")


class FitNow(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "programme:read"}

    @extend_schema(operation_id="fit_read", responses=FitOutput, parameters=[PARTNER])
    def get(self, request: Request) -> Response:
        """How a partner fits the ideal one, why, and what is missing. Partners read their own
        where the version in force says so; else it is not found."""
        actor = actor_of(request)
        page = fit_page(actor, partner_asked_for(request), whole=False)
        if page is None or not (actor.is_staff or page.shown):
            raise Http404
        return Response(FitOutput(page).data)
