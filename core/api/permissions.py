"""Who may call the API at all; each endpoint then asks the actor."""

from typing import TYPE_CHECKING, Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from core.actor import Actor
from core.models import ApiToken

if TYPE_CHECKING:
    from rest_framework.views import APIView  # loads the settings, which load this


def actor_of(request: Request) -> Actor:
    """Who acts in an API request, bounded by the token in use.

    Raises RuntimeError if the actor was found out before the caller was known, which would
    be a mistake in the middleware: nobody is let through on somebody else's rights.
    """
    actor: Actor = request._request.actor  # type: ignore[attr-defined]
    token_id = request.auth.pk if isinstance(request.auth, ApiToken) else None
    if actor.user_id not in (None, request.user.pk) or actor.token_id != token_id:
        raise RuntimeError("The actor is not the caller of this request.")
    return actor


class SignedInActor(BasePermission):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        return request.user.is_authenticated and actor_of(request).user_id is not None


class RequireScope(BasePermission):
    """A token needs the scope that the view names for the method in `scopes`, such as
    {"GET": "deals:read", "POST": "deals:write"}; a method that is not named is refused.

    People in their browser are not bounded by scopes.
    """

    message = "This token does not carry the scope that this needs."
    code = "scope_missing"

    def has_permission(self, request: Request, view: "APIView") -> bool:
        actor = actor_of(request)
        if actor.scopes is None or request.method == "OPTIONS":
            return True
        named: dict[str, Any] = getattr(view, "scopes", {})
        method = "GET" if request.method in SAFE_METHODS else str(request.method)
        scope = named.get(method)
        return scope is not None and actor.may(scope)
