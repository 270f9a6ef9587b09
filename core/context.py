"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core import queries
from core.actor import ANONYMOUS, Actor
from core.navigation import navigation_for


def portal(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    context: dict[str, Any] = {
        "actor": actor,
        "branding": queries.branding(),
        "sign_up_open": settings.SIGN_UP_OPEN,
    }
    if actor.user_id is not None and not request.path.startswith("/admin/"):
        context["navigation"] = navigation_for(request, actor)
        context["unread_notifications"] = queries.unread_count(actor.user_id)
    return context
