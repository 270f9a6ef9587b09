"""Where a partner stands in the programme, for its people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from partners.doors import actor_of, for_partners
from partners.queries.fit import shown_to_partner
from partners.queries.tier_page import tier_page


@require_GET
@for_partners
def tier(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    assert actor.partner_id is not None  # for_partners
    page = tier_page(actor, actor.partner_id)
    context = {"page": page, "fit_shown": shown_to_partner(actor.partner_id)}
    return render(request, "partners/tier.html", context)
