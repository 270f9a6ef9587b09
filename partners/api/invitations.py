"""Invitations to a company for programs: asking somebody to join, again, or no more."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import idempotency
from core.api.listing import CURSOR, ListOutput, page_of
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict
from partners import access
from partners.api.naming import PARTNER, partner_asked_for
from partners.api.people import RolesInput
from partners.queries import people
from partners.rules import InvitationState, PartnerRole
from partners.services import invitations
from partners.services.invitations import InvitationRefused


class InvitationInput(RolesInput):
    email = serializers.EmailField(
        max_length=254,
        help_text="At one of the company's domains. Other addresses wait for the vendor.",
    )


class InvitationOutput(serializers.Serializer[Any]):
    # Nothing here says whether somebody with the address has an account.
    id = serializers.IntegerField()
    email = serializers.EmailField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=PartnerRole.choices))
    state = serializers.ChoiceField(choices=InvitationState.choices)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    sends = serializers.IntegerField(help_text="How often it was mailed.")


class InvitationListOutput(ListOutput):
    results = InvitationOutput(many=True)


class Invitations(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "people:read", "POST": "people:write"}

    @extend_schema(
        operation_id="invitations_list",
        responses=InvitationListOutput,
        parameters=[CURSOR, PARTNER],
    )
    def get(self, request: Request) -> Response:
        """For the company's administrators: the invitations that are open, or ran out and can
        be sent again."""
        partner_id = partner_asked_for(request)
        access.require_reads_invitations(actor_of(request))
        return page_of(request, people.invitations_pending(partner_id), InvitationOutput)

    @extend_schema(
        operation_id="invitations_invite",
        request=InvitationInput,
        responses={201: InvitationOutput},
        parameters=[idempotency.PARAMETER],
    )
    @idempotency.idempotent
    def post(self, request: Request) -> Response:
        """For the company's administrators: asks somebody by e-mail to join. The answer is the
        same whether or not the address has an account."""
        actor = actor_of(request)
        access.require_administrator(actor)
        body = InvitationInput(data=request.data)
        body.is_valid(raise_exception=True)
        email = body.validated_data["email"]
        try:
            made = invitations.invite_person(actor=actor, email=email, roles=body.chosen())
        except InvitationRefused as refused:
            raise ValidationError({"email": [str(refused)]}) from refused
        return Response(InvitationOutput(made).data, status=status.HTTP_201_CREATED)


def moved(request: Request, invitation_id: int, service: Callable[..., object]) -> Response:
    """Does one thing with an invitation; answers with how it stands now."""
    actor = actor_of(request)
    try:
        service(actor=actor, invitation_id=invitation_id)
    except InvitationRefused as refused:
        raise Conflict(str(refused)) from refused
    return Response(InvitationOutput(people.invitation_named(invitation_id)).data)


class InvitationResend(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "people:write"}

    @extend_schema(operation_id="invitations_resend", request=None, responses=InvitationOutput)
    def post(self, request: Request, invitation_id: int) -> Response:
        """Mails a new link; the one before opens nothing any more."""
        return moved(request, invitation_id, invitations.send_again)


class InvitationRevoke(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "people:write"}

    @extend_schema(operation_id="invitations_revoke", request=None, responses=InvitationOutput)
    def post(self, request: Request, invitation_id: int) -> Response:
        """Withdraws the invitation; its link opens nothing from now on."""
        return moved(request, invitation_id, invitations.revoke_invitation)
