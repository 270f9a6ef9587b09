"""Finds out once per request who acts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from core.actor import ANONYMOUS, Actor
from core.models import User
from partners import queries


class ActorMiddleware:
    """Puts `request.actor`, looked up when it is first asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    return queries.actor_for(request.user) if isinstance(request.user, User) else ANONYMOUS
