"""How a partner fits the ideal one, for its people, where the version in force says so."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from partners.doors import actor_of, for_partners
from partners.queries.fit_page import fit_page


@require_GET
@for_partners
def fit(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    assert actor.partner_id is not None  # for_partners
    page = fit_page(actor, actor.partner_id)
    if page is None or not page.shown:
        raise Http404
    return render(request, "partners/fit.html", {"page": page})
