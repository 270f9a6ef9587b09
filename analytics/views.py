"""Dashboards."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from analytics import queries
from partners.doors import actor_of, for_partners


@require_GET
@for_partners
def home(request: HttpRequest) -> HttpResponse:
    """The partner's own dashboard; staff are led to the back office."""
    actor = actor_of(request)
    assert actor.partner_id is not None  # for_partners
    shown = queries.dashboard(actor, actor.partner_id)
    return render(request, "analytics/home.html", {"shown": shown})
