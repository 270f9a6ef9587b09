"""A partner's own company."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from partners import queries, record
from partners.doors import actor_of, for_partners
from partners.services.directory import may_write_profile


@require_GET
@for_partners
def company(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    assert actor.partner_id is not None  # for_partners
    context = {
        "partner": queries.partner_card(actor.partner_id),
        "record": record.company_record(actor.partner_id),
        "suspended": queries.suspension_of(actor.partner_id),
        "may_write_profile": may_write_profile(actor),
        "colleagues": queries.colleagues(actor.partner_id),
    }
    return render(request, "partners/company.html", context)
