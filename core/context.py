"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core import queries
from core.actor import ANONYMOUS, Actor
from core.navigation import navigation_for


def branding_for(request: HttpRequest) -> queries.BrandingShown:
    """The look, read once for a request however many templates it draws."""
    known: queries.BrandingShown | None = request.__dict__.get("_branding")
    if known is None:
        known = request.__dict__["_branding"] = queries.branding()
    return known


def portal(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    context: dict[str, Any] = {
        "actor": actor,
        "branding": branding_for(request),
        "sign_up_open": settings.SIGN_UP_OPEN,
    }
    if actor.user_id is not None and not request.path.startswith("/admin/"):
        context["navigation"] = navigation_for(request, actor)
        context["unread_notifications"] = queries.unread_count(actor.user_id)
    return context
