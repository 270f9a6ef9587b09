"""Which partner a call is about: one's own, or for staff the one that is named."""

from typing import Any, TypeVar

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from core.api.permissions import actor_of
from core.sql import LARGEST_ID
from partners.queries import plans, programmes

PARTNER = OpenApiParameter(
    "partner", int, description="For staff: the partner's number. People at partners get their own."
)


class ForPartner(serializers.Serializer[Any]):
    partner = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="For staff."
    )


Body = TypeVar("Body", bound=ForPartner)


def partner_asked_for(request: Request) -> int:
    """The caller's own partner, or for staff the one that is named. Raises Http404."""
    actor = actor_of(request)
    if actor.partner_id is not None:
        return actor.partner_id
    text = request.query_params.get("partner", "")
    if not actor.is_staff or not (text.isdecimal() and len(text) <= 18):
        raise Http404
    if not programmes.may_see(actor, int(text)):
        raise Http404
    return int(text)


def new_for_partner(request: Request, kind: type[Body]) -> tuple[Body, int]:
    """What is to be made of plans, reviews and lists, checked, and the partner to make it for.

    People at partners who may not write are refused before their body is looked at.
    Raises PermissionDenied, ValidationError, Http404.
    """
    actor = actor_of(request)
    if actor.partner_id is not None:
        plans.require_writer(actor, actor.partner_id)
    body = kind(data=request.data)
    body.is_valid(raise_exception=True)
    named = body.validated_data.get("partner")
    return body, actor.partner_id or named or partner_asked_for(request)
