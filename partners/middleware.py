"""Finds out once per request who acts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from core.actor import ANONYMOUS, Actor
from core.models import ApiToken, User
from partners import queries
from partners.queries import people

# In the session: the visit that lasts.
VISIT = "visit"


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
    token = getattr(request, "auth", None)
    if isinstance(token, ApiToken):
        return queries.actor_for(request.user).through_token(token.pk, frozenset(token.scopes))
    return visitor_of(request, request.user) or queries.actor_for(request.user)


def visitor_of(request: HttpRequest, user: User) -> Actor | None:
    """The person in whose place `user`, of the vendor, acts in this browser."""
    visit_id = request.session.get(VISIT)
    if visit_id is None:
        return None
    found = people.visiting(user, visit_id)
    if found is None:
        del request.session[VISIT]
        return None
    actor, request.visit = found  # type: ignore[attr-defined]
    return actor


class VisitMiddleware:
    """Whoever acts in somebody's place stays in the portal: their own account, that person's
    news and the back office are closed meanwhile."""

    closed = (
        "/accounts/",
        "/admin/",
        "/continue/",
        "/language/",
        "/notifications/",
        "/profile/",
        "/security/",
        "/theme/",
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self.is_closed(request) and actor_of_request(request).visitor_id is not None:
            return render(request, "partners/visit_closed.html", status=403)
        return self.get_response(request)

    def is_closed(self, request: HttpRequest) -> bool:
        path = request.path_info
        if path == reverse("account_logout") or VISIT not in request.session:
            return False
        return path.startswith(self.closed)


def actor_of_request(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
