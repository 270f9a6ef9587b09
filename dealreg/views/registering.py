"""The registration form: new, from a draft, kept as a draft, sent."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.actor import Actor
from core.kept import looking_once
from core.money import Money, format_money
from dealreg import access, checking, own_fields, protections, queries, services
from dealreg.distribution_forms import ways_for
from dealreg.features import EARLY_CHECK
from dealreg.forms import CheckForm, DealForm, blank_form, form_of
from dealreg.models import Deal
from dealreg.rules import states
from dealreg.rules.own_fields import OwnField
from dealreg.rules.request import InvalidRegistration
from dealreg.rules.states import DealStatus, NotInThisState, Verb
from partners.doors import actor_of, for_partners
from partners.queries import feature_on, policy_of, region_of, registration_rights
from partners.rules import RegistrationRights


@require_http_methods(["GET", "POST"])
@for_partners
def deal_new(request: HttpRequest) -> HttpResponse:
    partner_id = access.require_may_register(actor_of(request))
    if request.method == "POST":
        return keep_or_register(request, deal=None)
    with looking_once():
        rights = registration_rights(partner_id)
        form = blank_form(
            own_fields.offered_in(own_fields.definitions(), rights.region_path, None),
            currency=policy_of(rights.region_path).currency.value,
            ways=ways_for(partner_id, rights.region_path),
            country=rights.country,
        )
        return show_form(request, form, deal=None, rights=rights)


@require_http_methods(["GET", "POST"])
@for_partners
def deal_edit(request: HttpRequest, deal_id: int) -> HttpResponse:
    actor = actor_of(request)
    access.require_may_register(actor)
    deal = access.deal_for_reading(actor, deal_id)
    if deal.status == DealStatus.NEEDS_INFO:
        return complete(request, deal)
    if not states.possible(Verb.EDIT, deal.status):
        return already_sent(request, deal)
    if request.method == "POST":
        return keep_or_register(request, deal)
    with looking_once():
        rights = registration_rights(deal.partner_id)
        region, line = rights.region_path, deal.product_line_id
        own = own_fields.offered_in(own_fields.definitions(), region, line)
        form = form_of(deal, own=own, ways=ways_for(deal.partner_id, region))
        return show_form(request, form, deal, rights=rights)


def own_of(request: HttpRequest, deal: Deal | None) -> tuple[OwnField, ...]:
    """The vendor's own fields for the product line that was chosen, else the deal's."""
    line = deal.product_line_id if deal else None
    sent = request.POST.get("product_line", "")
    if request.method == "POST" and (deal is None or deal.status != DealStatus.NEEDS_INFO):
        line = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None
    return own_fields.offered_to(access.require_may_register(actor_of(request)), line)


def ways_of(partner_id: int) -> list[tuple[str, str]]:
    return ways_for(partner_id, region_of(partner_id)[1])


def sent_form(request: HttpRequest, deal: Deal | None) -> DealForm:
    """What was sent, with the own fields that are offered for it and no others."""
    own = own_of(request, deal)
    if deal is None:
        ways = ways_of(access.require_may_register(actor_of(request)))
        return DealForm(request.POST, request.FILES, own=own, ways=ways)
    ways = ways_of(deal.partner_id)
    return form_of(deal, request.POST, request.FILES, own=own, ways=ways)


@require_POST
@for_partners
def deal_fields(request: HttpRequest) -> HttpResponse:
    """The own fields for the product line that was just chosen: a part of the form, with what was
    typed into it. `deal` in the address is the draft that is being edited."""
    actor = actor_of(request)
    access.require_may_register(actor)
    number = request.GET.get("deal", "")
    deal = access.deal_for_reading(actor, int(number)) if number.isdecimal() else None
    form = sent_form(request, deal).asked_anew().mark_needed()
    return render(request, "dealreg/own_fields.html", {"form": form, "swapped": True})


@login_not_required
@require_GET
def deal_check(request: HttpRequest) -> HttpResponseBase:
    """What the form says below the customer while it is being typed: a part of a page.

    Whoever was signed out meanwhile is led nowhere by it: what they typed is kept when they
    send it.
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=204)
    return check_said(request)


@for_partners
def check_said(request: HttpRequest) -> HttpResponse:
    answer, busy = None, False
    form = CheckForm(request.GET)
    if form.is_valid() and form.says_enough():
        try:
            answer = checking.check_customer(actor=actor_of(request), **form.asked())
        except checking.TooManyChecks:
            busy = True
    return render(request, "dealreg/deal_check.html", {"answer": answer, "busy": busy})


def complete(request: HttpRequest, deal: Deal) -> HttpResponse:
    """The form of a registration that was sent back: only what was asked for is open."""
    asked = queries.asked_for(deal)
    if request.method == "GET":
        form = form_of(deal, own=own_of(request, deal), ways=ways_of(deal.partner_id))
        return show_form(request, form.open_only(asked), deal)
    return keep_or_register(request, deal, sent_form(request, deal).open_only(asked))


def keep_or_register(
    request: HttpRequest, deal: Deal | None, form: DealForm | None = None
) -> HttpResponse:
    """Does what the pressed button says; on any problem shows the form with what was typed."""
    form = form or sent_form(request, deal)
    if request.POST.get("act") == "fields":
        return show_form(request, form.asked_anew(), deal)
    if not form.is_valid():
        if request.POST.get("act") != "draft":
            # Everything that is missing is said at once.
            form.add_problems(services.problems_of(form.request())[0])
        return show_form(request, form, deal, status=422)
    try:
        if request.POST.get("act") == "draft":
            return keep(request, actor_of(request), form, deal)
        return register(actor_of(request), form, deal)
    except InvalidRegistration as wrong:
        form.add_problems(wrong.problems)
        return show_form(request, form, deal, status=422)
    except services.StaleEdit as stale:
        return show_newer(request, form, stale.current)
    except NotInThisState:
        return redirect("deal_list") if deal is None else already_sent(request, deal)


def keep(request: HttpRequest, actor: Actor, form: DealForm, deal: Deal | None) -> HttpResponse:
    draft = services.save_draft(
        actor=actor,
        request=form.request(),
        deal_id=deal.pk if deal else None,
        version=form.cleaned_data["version"],
        submission_key=form.cleaned_data["submission_key"],
    )
    messages.success(request, _("The draft is kept. You can go on whenever you like."))
    return redirect("deal_edit", draft.pk)


def register(actor: Actor, form: DealForm, deal: Deal | None) -> HttpResponse:
    registered = services.register_deal(
        actor=actor,
        request=form.request(),
        deal_id=deal.pk if deal else None,
        version=form.cleaned_data["version"],
        submission_key=form.cleaned_data["submission_key"],
    )
    return redirect("deal_detail", registered.pk)


def already_sent(request: HttpRequest, deal: Deal) -> HttpResponse:
    messages.info(request, _("This deal is registered already; here is where it stands."))
    return redirect("deal_detail", deal.pk)


def show_newer(request: HttpRequest, form: DealForm, current: Deal) -> HttpResponse:
    """The form with what was typed, and beside it what a colleague saved meanwhile. Sending
    again keeps what was typed."""
    form.data = {**form.data.dict(), "version": str(current.version)}  # type: ignore[attr-defined]
    return show_form(request, form, current, status=409, newer=newer_values(form, current))


def newer_values(form: DealForm, current: Deal) -> list[tuple[str, str]]:
    """(label, value that the colleague saved) for each field that differs."""
    saved = form_of(current, own=form.own, ways=form.ways)
    found = []
    for field in saved.visible_fields():
        theirs, typed = field.initial, form.cleaned_data.get(field.name)
        typed = getattr(typed, "pk", typed)
        if isinstance(typed, UploadedFile):
            typed = typed.name
        if (theirs or "") != (typed or ""):
            found.append((str(field.label), shown(saved, field.name, theirs)))
    return found


def shown(form: DealForm, name: str, value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Money):
        return format_money(value)
    choices = getattr(form.fields[name], "choices", ())
    labels = {str(key): str(label) for key, label in choices}
    return labels.get(str(value), str(value or "—"))


def show_form(
    request: HttpRequest,
    form: DealForm,
    deal: Deal | None,
    *,
    status: int = 200,
    newer: list[tuple[str, str]] | None = None,
    rights: RegistrationRights | None = None,
) -> HttpResponse:
    partner_id = actor_of(request).partner_id
    assert partner_id is not None  # for_partners
    rights = rights or registration_rights(partner_id)
    context = {
        "form": form.mark_needed(),
        "deal": deal,
        "newer": newer,
        "open_registrations": protections.open_registrations(partner_id, rights.open_limit),
        "checks": feature_on(partner_id, EARLY_CHECK),
        "completing": deal is not None and deal.status == DealStatus.NEEDS_INFO,
    }
    return render(request, "dealreg/deal_form.html", context, status=status)
