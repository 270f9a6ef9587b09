"""A company's people for programs: who works there and as what; changing that."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.conditions import IF_MATCH, etag_of, version_read
from core.api.listing import CURSOR, ListOutput, NewestFirst, page_of
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict, PreconditionFailed
from partners import access
from partners.api.naming import PARTNER, partner_asked_for
from partners.models import Membership
from partners.queries import people
from partners.rules import PartnerRole
from partners.services import places
from partners.services.places import LastAdministrator, StaleRoles


class RolesInput(serializers.Serializer[Any]):
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=PartnerRole.choices),
        allow_empty=False,
        max_length=len(PartnerRole),
        help_text="All that the person does from now on.",
    )

    def chosen(self) -> list[PartnerRole]:
        return [PartnerRole(role) for role in dict.fromkeys(self.validated_data["roles"])]


class PersonOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="Of the person's place at the company.")
    person = serializers.IntegerField(source="user_id", help_text="As in `owner` of a task.")
    name = serializers.SerializerMethodField()
    email = serializers.EmailField(source="user.email")
    roles = serializers.ListField(child=serializers.ChoiceField(choices=PartnerRole.choices))
    joined_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    def get_name(self, place: Membership) -> str:
        return str(place.user)


class PersonListOutput(ListOutput):
    results = PersonOutput(many=True)


class InOrder(NewestFirst):
    """In the order in which they came."""

    ordering = "id"


class People(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "people:read"}

    @extend_schema(
        operation_id="people_list", responses=PersonListOutput, parameters=[CURSOR, PARTNER]
    )
    def get(self, request: Request) -> Response:
        """Who works at your company, in the order in which they came."""
        rows = people.places_at(partner_asked_for(request))
        return page_of(request, rows, PersonOutput, order=InOrder)


class Person(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "people:read", "PUT": "people:write", "DELETE": "people:write"}

    @extend_schema(operation_id="people_read", responses=PersonOutput)
    def get(self, request: Request, place_id: int) -> Response:
        """One person. The ETag names the state of the roles."""
        return shown(request, place_id)

    @extend_schema(
        operation_id="people_change_roles",
        request=RolesInput,
        responses=PersonOutput,
        parameters=[IF_MATCH],
    )
    def put(self, request: Request, place_id: int) -> Response:
        """For the company's administrators: sets what a person does. The last administrator
        stays one (409): hand the administration over first."""
        place = people.place_to_change(actor_of(request), place_id)
        version = version_read(request)
        body = RolesInput(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            places.change_roles(
                actor=actor_of(request),
                membership_id=place.pk,
                roles=body.chosen(),
                version=version,
            )
        except StaleRoles as stale:
            current = PersonOutput(stale.place).data
            raise PreconditionFailed(current, etag_of(stale.place.version)) from stale
        except LastAdministrator as refused:
            raise Conflict(str(refused)) from refused
        return shown(request, place_id)

    @extend_schema(operation_id="people_remove", responses={204: None})
    def delete(self, request: Request, place_id: int) -> Response:
        """For the company's administrators: the person loses all access at once. The last
        administrator stays (409)."""
        place = people.place_to_change(actor_of(request), place_id)
        try:
            places.end_place(actor=actor_of(request), membership_id=place.pk)
        except LastAdministrator as refused:
            raise Conflict(str(refused)) from refused
        return Response(status=status.HTTP_204_NO_CONTENT)


class PersonHandOver(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "people:write"}

    @extend_schema(operation_id="people_hand_over", request=None, responses=PersonOutput)
    def post(self, request: Request, place_id: int) -> Response:
        """A colleague becomes administrator in your place, in one step."""
        actor = actor_of(request)
        place = people.place_to_change(actor, place_id)
        access.require_administrator(actor)
        try:
            places.hand_over_administration(actor=actor, to_membership_id=place.pk)
        except LastAdministrator as refused:
            raise Conflict(str(refused)) from refused
        return shown(request, place_id)


def shown(request: Request, place_id: int) -> Response:
    place = people.place_for_reading(actor_of(request), place_id)
    return Response(PersonOutput(place).data, headers={"ETag": etag_of(place.version)})
