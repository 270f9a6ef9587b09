"""Who may call the API at all; each endpoint then asks the actor."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from core.actor import Actor


class SignedInActor(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        actor: Actor = request._request.actor  # type: ignore[attr-defined]
        return actor.user_id is not None
