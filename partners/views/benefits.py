"""What tiers bring, for the people of a partner."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from partners.doors import actor_of, for_partners
from partners.queries.benefits_page import benefits_page


@require_GET
@for_partners
def benefits(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    assert actor.partner_id is not None  # for_partners
    page = benefits_page(actor, actor.partner_id)
    return render(request, "partners/benefits.html", {"page": page})
