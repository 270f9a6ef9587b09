"""The rules of engagement that decide about the reader's own registrations, in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dealreg import rule_words
from partners.doors import actor_of, for_partners
from partners.queries import region_of


@require_GET
@for_partners
def deal_rules(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "books": rule_words.rules_for(actor),
        "region_path": region_of(actor.partner_id or 0)[1],
    }
    return render(request, "dealreg/rules.html", context)
