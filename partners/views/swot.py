"""Strengths, weaknesses, opportunities and threats for the people of a partner."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.acts import tell_outcome
from partners.doors import actor_of, for_partners
from partners.queries import plans, swot
from partners.rules.swot import Quadrant
from partners.services import swot as services
from partners.services.swot import StalePoint, SwotRefused
from partners.views.plans import tabs_of


def version_asked_for(request: HttpRequest) -> int | None:
    text = request.GET.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


@require_GET
@for_partners
def lists(request: HttpRequest) -> HttpResponse:
    """The four lists now, or with `version` as they stood then."""
    actor = actor_of(request)
    assert actor.partner_id is not None  # for_partners
    page = swot.swot_page(actor, actor.partner_id, version_asked_for(request))
    return render(request, "partners/swot.html", {"page": page, "tabs": tabs_of("swot")})


def change(request: HttpRequest, act: Callable[[], object], told: str) -> HttpResponse:
    tell_outcome(request, act, told, (SwotRefused, StalePoint))
    return redirect("swot")


@require_POST
@for_partners
def add(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    partner_id = actor.partner_id or 0
    plans.require_writer(actor, partner_id)
    asked = request.POST.get("quadrant", "")
    if asked not in Quadrant.values:
        raise Http404
    return change(
        request,
        lambda: services.add_point(
            actor=actor,
            partner_id=partner_id,
            quadrant=Quadrant(asked),
            text=request.POST.get("text", ""),
        ),
        _("The line is added."),
    )


@require_POST
@for_partners
def rewrite(request: HttpRequest, point_id: int) -> HttpResponse:
    actor = actor_of(request)
    text = request.POST.get("text", "")
    return change(
        request,
        lambda: services.change_point(actor=actor, point_id=point_id, text=text),
        _("The line is changed."),
    )


@require_POST
@for_partners
def remove(request: HttpRequest, point_id: int) -> HttpResponse:
    actor = actor_of(request)
    return change(
        request,
        lambda: services.remove_point(actor=actor, point_id=point_id),
        _("The line is removed; older versions still show it."),
    )
