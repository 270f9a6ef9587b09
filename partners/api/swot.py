"""Strengths, weaknesses, opportunities and threats for programs."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import idempotency
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict
from partners.api.naming import PARTNER, ForPartner, new_for_partner, partner_asked_for
from partners.queries import plans, swot
from partners.rules.plans import Side
from partners.rules.swot import Quadrant
from partners.services import swot as services
from partners.services.swot import StalePoint, SwotRefused

VERSION = OpenApiParameter("version", int, description="As it stood then; the newest without.")


class PointInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=500)


class NewPointInput(PointInput, ForPartner):
    quadrant = serializers.ChoiceField(choices=Quadrant.choices)


class PointOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    quadrant = serializers.ChoiceField(choices=Quadrant.choices)
    text = serializers.CharField()
    side = serializers.ChoiceField(choices=Side.choices)
    added_by = serializers.CharField(source="added_by_label")
    added_at = serializers.DateTimeField()


class SwotOutput(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="Grows with every change.")
    newest = serializers.IntegerField()
    points = PointOutput(many=True)


def shown(request: Request, partner_id: int, code: int = status.HTTP_200_OK) -> Response:
    text = request.query_params.get("version", "")
    wanted = int(text) if text.isdecimal() and len(text) < 10 else None
    page = swot.swot_page(actor_of(request), partner_id, wanted)
    points = [point for one in page.lists for point in one.points]
    told = {"version": page.version, "newest": page.newest, "points": points}
    return Response(SwotOutput(told).data, status=code)


class SwotLists(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "plans:read", "POST": "plans:write"}

    @extend_schema(operation_id="swot_read", responses=SwotOutput, parameters=[PARTNER, VERSION])
    def get(self, request: Request) -> Response:
        """The four lists of a partner."""
        return shown(request, partner_asked_for(request))

    @extend_schema(
        operation_id="swot_add",
        request=NewPointInput,
        responses={201: SwotOutput},
        parameters=[idempotency.PARAMETER],
    )
    @idempotency.idempotent
    def post(self, request: Request) -> Response:
        """Adds a line; for administrators and staff."""
        body, partner_id = new_for_partner(request, NewPointInput)
        data = body.validated_data
        try:
            services.add_point(
                actor=actor_of(request),
                partner_id=partner_id,
                quadrant=Quadrant(data["quadrant"]),
                text=data["text"],
            )
        except SwotRefused as refused:
            raise Conflict(str(refused)) from refused
        return shown(request, partner_id, status.HTTP_201_CREATED)


class SwotLine(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"PUT": "plans:write", "DELETE": "plans:write"}

    @extend_schema(operation_id="swot_change", request=PointInput, responses=SwotOutput)
    def put(self, request: Request, point_id: int) -> Response:
        """Puts another text in a line's place; 409 when somebody was faster."""
        actor = actor_of(request)
        point = swot.point_for_reading(actor, point_id)
        plans.require_writer(actor, point.partner_id)
        body = PointInput(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            services.change_point(actor=actor, point_id=point_id, text=body.validated_data["text"])
        except (SwotRefused, StalePoint) as refused:
            raise Conflict(str(refused)) from refused
        return shown(request, point.partner_id)

    @extend_schema(operation_id="swot_remove", responses=SwotOutput)
    def delete(self, request: Request, point_id: int) -> Response:
        """Removes a line; older versions still show it."""
        actor = actor_of(request)
        point = swot.point_for_reading(actor, point_id)
        try:
            services.remove_point(actor=actor, point_id=point_id)
        except StalePoint as refused:
            raise Conflict(str(refused)) from refused
        return shown(request, point.partner_id)
