"""Approving several registrations of the queue: first the list once more, then what became of
each."""

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminTextareaWidget

from core.admin.base import actor_of
from dealreg import access, desk, services
from dealreg.rules.desk import MOST_TOGETHER, too_many
from dealreg.rules.states import Verb

LONGEST_NOTE = 2000


class TogetherForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note to the partners"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("Optional. Each partner reads it beside the decision."),
    )


@require_POST
def approve_together(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Without the confirmation it only shows what was chosen."""
    actor = actor_of(request)
    if not access.may(actor, Verb.APPROVE):
        raise PermissionDenied(_("Your role does not include this."))
    chosen = read_chosen(request.POST.getlist("chosen"))
    if not chosen or too_many([one.deal_id for one in chosen]):
        messages.warning(request, choose_some(len(chosen)))
        return redirect("admin:dealreg_deal_queue")
    form = TogetherForm(request.POST if "confirmed" in request.POST else None)
    if not form.is_bound or not form.is_valid():
        return confirm(request, site, chosen, form)
    answers = services.approve_together(actor=actor, chosen=chosen, note=form.cleaned_data["note"])
    tell(request, answers)
    return redirect("admin:dealreg_deal_queue")


def read_chosen(values: list[str]) -> list[services.Chosen]:
    """ "12:3" is deal 12 as it was in version 3; anything else was not chosen here."""
    pairs = (value.partition(":") for value in values)
    return [
        services.Chosen(int(key), int(version))
        for key, _colon, version in pairs
        if key.isdecimal() and version.isdecimal() and len(key) <= 18 and len(version) <= 9
    ]


def choose_some(number: int) -> str:
    if not number:
        return _("Choose at least one registration.")
    return _("Choose at most %(most)s at once.") % {"most": MOST_TOGETHER}


def confirm(
    request: HttpRequest, site: AdminSite, chosen: list[services.Chosen], form: TogetherForm
) -> HttpResponse:
    deals = desk.chosen_deals(actor_of(request), [one.deal_id for one in chosen])
    context = {
        **site.each_context(request),
        "title": _("Approve together"),
        "subtitle": None,
        "deals": deals,
        "chosen": [f"{one.deal_id}:{one.version}" for one in chosen],
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/dealreg/deal/together.html", context, status=status)


def tell(request: HttpRequest, answers: list[services.Answer]) -> None:
    approved = [answer for answer in answers if not answer.refusal]
    refused = [answer for answer in answers if answer.refusal]
    if approved:
        text = ngettext(
            "%(number)s registration is approved: %(which)s.",
            "%(number)s registrations are approved: %(which)s.",
            len(approved),
        )
        which = ", ".join(answer.deal.reference for answer in approved)
        messages.success(request, text % {"number": len(approved), "which": which})
    for answer in refused:
        link = reverse("admin:dealreg_deal_review", args=[answer.deal.pk])
        line = '<a class="bo-link" href="{}">{}</a>: {}'
        messages.warning(request, format_html(line, link, answer.deal, answer.refusal))
