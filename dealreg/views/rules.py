"""The rules of engagement that decide about the reader's own registrations, in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dealreg import queries
from partners.doors import actor_of, for_partners


@require_GET
@for_partners
def deal_rules(request: HttpRequest) -> HttpResponse:
    context = {"books": queries.rules_for(actor_of(request))}
    return render(request, "dealreg/rules.html", context)
