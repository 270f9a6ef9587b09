"""A partner's profile in the directory, and the leads that come from it."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.branding import UnusableLogo
from core.tables import Column, EmptyState, read_table
from core.ui import Tone
from dealreg.directory_forms import AnswerForm, ProfileForm, profile_initial
from dealreg.leads import lead_page, leads
from dealreg.rules.leads import LeadOutcome
from dealreg.services.leads import (
    LeadMovedOn,
    LeadRefused,
    accept_lead,
    close_lead,
    decline_lead,
    lead_for_reading,
    require_may_work,
)
from partners.doors import actor_of, for_partners
from partners.queries import directory, partner_card
from partners.rules.directory import address_of
from partners.services.directory import InvalidProfile, require_may_write, write_profile

COLUMNS = [
    Column("reference", gettext_lazy("Lead"), "id", primary=True),
    Column("company", gettext_lazy("Company"), "company"),
    Column("product_line", gettext_lazy("Product line"), priority=3),
    Column("state", gettext_lazy("State"), corner=True),
    Column("answer_until", gettext_lazy("Answer until"), "answer_until", priority=2),
    Column("created", gettext_lazy("Came in"), priority=3),
]


# --- the profile ----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@for_partners
def profile(request: HttpRequest) -> HttpResponse:
    """What the company says of itself in public."""
    partner_id = require_may_write(actor_of(request))
    if request.method == "GET":
        card = partner_card(partner_id)
        language = request.LANGUAGE_CODE[:2]
        stored, known = directory.own_profile(partner_id), directory.first_words(partner_id)
        initial = profile_initial(stored, card.name, [language], known)
        return show_profile(request, partner_id, ProfileForm(initial=initial))
    form = ProfileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            write_profile(actor=actor_of(request), draft=form.draft())
        except InvalidProfile as wrong:
            for field, text in wrong.problems.items():
                form.add_error(field, text)
        except UnusableLogo:
            form.add_error("logo", _("The logo must be a PNG, JPEG or WebP picture of up to 1 MB."))
        else:
            messages.success(request, _("The profile is saved."))
            return redirect("directory_profile")
    return show_profile(request, partner_id, form, status=422)


def show_profile(
    request: HttpRequest, partner_id: int, form: ProfileForm, status: int = 200
) -> HttpResponse:
    stored = directory.own_profile(partner_id)
    public = bool(directory.public_name(partner_id))
    if not (stored and stored.logo):
        form.without_logo()
    context = {
        "form": form,
        "stored": stored,
        "address": address_of(partner_id, stored.name) if stored and public else "",
        "tone": Tone.GOOD if public else Tone.NEUTRAL,
    }
    return render(request, "dealreg/directory_profile.html", context, status=status)


# --- leads ----------------------------------------------------------------------------------


@require_GET
@for_partners
def lead_list(request: HttpRequest) -> HttpResponse:
    table = read_table(
        leads(actor_of(request)),
        request.GET,
        columns=COLUMNS,
        sort="-reference",
        caption=_("Leads"),
        empty=EmptyState(
            _("No leads yet"),
            _("Customers who ask for you in the public directory appear here."),
            icon="mail",
        ),
    )
    return render(request, "dealreg/lead_list.html", {"table": table})


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(label=gettext_lazy("What became of it?"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["outcome"].choices = [("", _("Choose…")), *LeadOutcome.choices]  # type: ignore[attr-defined]


@require_GET
@for_partners
def lead_detail(request: HttpRequest, lead_id: int) -> HttpResponse:
    return show_lead(request, lead_id)


def show_lead(
    request: HttpRequest,
    lead_id: int,
    *,
    answer: AnswerForm | None = None,
    close: CloseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = lead_page(actor_of(request), lead_id)
    context = {
        "page": page,
        "lead": page.lead,
        "answer_form": answer or AnswerForm(),
        "close_form": close or CloseForm(),
    }
    return render(request, "dealreg/lead_detail.html", context, status=status)


def say(request: HttpRequest, lead_id: int, act: Callable[[], object], done: str) -> HttpResponse:
    """Does one thing; what has moved on meanwhile is shown as it is, or is gone."""
    try:
        act()
    except LeadMovedOn:
        messages.warning(request, _("The lead has moved on meanwhile."))
        return redirect("lead_list")
    messages.success(request, done)
    return redirect("lead_list")


@require_POST
@for_partners
def lead_accept(request: HttpRequest, lead_id: int) -> HttpResponse:
    actor = actor_of(request)
    try:
        accept_lead(actor=actor, lead_id=lead_id)
    except LeadMovedOn:
        messages.warning(request, _("The lead has moved on meanwhile."))
    else:
        messages.success(request, _("The lead is yours; please answer the customer soon."))
    return redirect("lead_detail", lead_id)


@require_POST
@for_partners
def lead_decline(request: HttpRequest, lead_id: int) -> HttpResponse:
    actor = actor_of(request)
    lead_for_reading(actor, lead_id)
    require_may_work(actor)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return show_lead(request, lead_id, answer=form, status=422)
    reason = form.cleaned_data["reason"]
    try:
        return say(
            request,
            lead_id,
            lambda: decline_lead(actor=actor, lead_id=lead_id, reason=reason),
            _("You declined; the vendor looks for another partner."),
        )
    except LeadRefused as refused:
        form.add_error("reason", str(refused))
        return show_lead(request, lead_id, answer=form, status=422)


@require_POST
@for_partners
def lead_close(request: HttpRequest, lead_id: int) -> HttpResponse:
    actor = actor_of(request)
    lead_for_reading(actor, lead_id)
    require_may_work(actor)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return show_lead(request, lead_id, close=form, status=422)
    outcome, note = LeadOutcome(form.cleaned_data["outcome"]), form.cleaned_data["note"]
    return say(
        request,
        lead_id,
        lambda: close_lead(actor=actor, lead_id=lead_id, outcome=outcome, note=note),
        _("The lead is closed."),
    )
