"""Finds out once per request who acts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from core.actor import ANONYMOUS, Actor
from core.models import ApiToken, User
from partners import queries


class ActorMiddleware:
    """Puts `request.actor`, looked up when it is first asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """The person of this request, bounded by the token that stands for them, if one does.

    Django REST framework puts both on this request when it knows its caller, which is before
    any endpoint asks who acts.
    """
    if not isinstance(request.user, User):
        return ANONYMOUS
    actor = queries.actor_for(request.user)
    token = getattr(request, "auth", None)
    if isinstance(token, ApiToken):
        return actor.through_token(token.pk, frozenset(token.scopes))
    return actor
