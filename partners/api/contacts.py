"""Whom to talk to at a company, for programs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import idempotency
from core.api.conditions import etag_of
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.versions import VersionedKind
from partners.api.naming import PARTNER, partner_asked_for
from partners.forms.contacts import details_of
from partners.queries import record
from partners.rules import ContactRole
from partners.services import contacts as services
from partners.services.contacts import ContactRefused, StaleContact


class ContactInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(choices=ContactRole.choices)
    email = serializers.EmailField(max_length=254, allow_blank=True, default="")
    phone = serializers.CharField(max_length=40, allow_blank=True, default="")


class ContactOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=ContactRole.choices)
    email = serializers.CharField()
    phone = serializers.CharField()
    version = serializers.IntegerField()


CONTACTS = VersionedKind(
    read=record.contact_for_reading,
    require_writer=lambda actor, _contact: services.require_keeps_contacts(actor),
    output=ContactOutput,
    summary=ContactOutput,
    refused=ContactRefused,
    stale=StaleContact,
)


class Contacts(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "partners:read", "POST": "partners:write"}

    @extend_schema(
        operation_id="contacts_list", responses=ContactOutput(many=True), parameters=[PARTNER]
    )
    def get(self, request: Request) -> Response:
        """Whom to talk to at your company (at most 50)."""
        rows = record.contacts_of(partner_asked_for(request))
        return Response(ContactOutput(rows, many=True).data)

    @extend_schema(
        operation_id="contacts_add",
        request=ContactInput,
        responses={201: ContactOutput},
        parameters=[idempotency.PARAMETER, PARTNER],
    )
    @idempotency.idempotent
    def post(self, request: Request) -> Response:
        """For the company's administrators and operations."""
        partner_id, actor = partner_asked_for(request), actor_of(request)
        services.require_keeps_contacts(actor)
        body = ContactInput(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            made = services.add_contact(
                actor=actor, partner_id=partner_id, details=details_of(body.validated_data)
            )
        except ContactRefused as refused:
            raise ValidationError({"name": [str(refused)]}) from refused
        headers = {"ETag": etag_of(made.version)}
        return Response(ContactOutput(made).data, status=status.HTTP_201_CREATED, headers=headers)


class Contact(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "partners:read", "PUT": "partners:write", "DELETE": "partners:write"}

    @extend_schema(operation_id="contacts_read", responses=ContactOutput)
    def get(self, request: Request, contact_id: int) -> Response:
        """One contact. The ETag names its state."""
        return CONTACTS.shown(request, contact_id)

    @CONTACTS.described("contacts_change", ContactInput)
    def put(self, request: Request, contact_id: int) -> Response:
        """For the company's administrators and operations."""
        actor = actor_of(request)
        CONTACTS.change(
            request,
            contact_id,
            ContactInput,
            lambda body, version: services.change_contact(
                actor=actor,
                contact_id=contact_id,
                details=details_of(body.validated_data),
                version=version,
            ),
        )
        return CONTACTS.shown(request, contact_id)

    @extend_schema(operation_id="contacts_remove", responses={204: None})
    def delete(self, request: Request, contact_id: int) -> Response:
        """For the company's administrators and operations."""
        services.remove_contact(actor=actor_of(request), contact_id=contact_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
