"""How a deal is protected: evidence, longer, confirmed by the customer, registered again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.files import RefusedFile
from dealreg import protections, queries, services
from dealreg.protection_forms import ConfirmForm, EvidenceForm, ExtendForm
from dealreg.rules.protection import ExtensionStatus
from dealreg.rules.states import NotInThisState, Verb
from dealreg.views.story import moved_on, show_evidence, show_tab
from partners.doors import actor_of, for_partners


@require_GET
@for_partners
def deal_protection(request: HttpRequest, deal_id: int) -> HttpResponse:
    return show_protection(request, protections.protection_page(actor_of(request), deal_id))


def show_protection(
    request: HttpRequest,
    page: protections.ProtectionPage,
    *,
    extend: ExtendForm | None = None,
    confirm: ConfirmForm | None = None,
    status: int = 200,
) -> HttpResponse:
    domain = page.deal.customer_domain
    context = {
        "extend_form": extend or ExtendForm(initial={"version": page.deal.version}),
        "confirm_form": confirm or ConfirmForm(),
        "may_confirm": Verb.CONFIRM in page.verbs and bool(domain),
    }
    return show_tab(request, "protection", "dealreg/deal_protection.html", page, context, status)


@require_POST
@for_partners
def deal_extend(request: HttpRequest, deal_id: int) -> HttpResponse:
    actor = actor_of(request)
    page = protections.protection_page(actor, deal_id)
    form = ExtendForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            extension = services.ask_extension(
                actor=actor,
                deal_id=deal_id,
                reason=form.cleaned_data["reason"],
                evidence=form.new_evidence(),
                version=form.cleaned_data["version"],
            )
        except services.ExtensionRefused as refused:
            form.add_error(None, str(refused))
        except services.InvalidEvidence as wrong:
            form.add_problems(wrong.problems)
        except RefusedFile as refused:
            form.add_error("upload", str(refused))
        except (NotInThisState, services.StaleEdit):
            return moved_on(request, page.deal)
        else:
            granted = extension.status == ExtensionStatus.APPROVED
            messages.success(
                request,
                _("The protection is extended.")
                if granted
                else _("A channel manager decides about your request; you will be told."),
            )
            return redirect("deal_protection", deal_id)
    return show_protection(request, page, extend=form, status=422)


@require_POST
@for_partners
def deal_add_evidence(request: HttpRequest, deal_id: int) -> HttpResponse:
    actor = actor_of(request)
    head = queries.deal_head(actor, deal_id)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.evidence()
        try:
            services.add_evidence(
                actor=actor,
                deal_id=deal_id,
                kind=given.kind,
                dated_on=given.dated_on,
                note=given.note,
                upload=given.upload,
            )
        except services.InvalidEvidence as wrong:
            form.add_problems(wrong.problems)
        except RefusedFile as refused:
            form.add_error("upload", str(refused))
        except NotInThisState:
            return moved_on(request, head.deal)
        else:
            messages.success(request, _("The evidence is noted."))
            return redirect("deal_evidence", deal_id)
    return show_evidence(request, head, evidence=form, status=422)


@require_POST
@for_partners
def deal_ask_customer(request: HttpRequest, deal_id: int) -> HttpResponse:
    actor = actor_of(request)
    page = protections.protection_page(actor, deal_id)
    form = ConfirmForm(request.POST)
    if form.is_valid():
        try:
            asked = services.ask_customer(
                actor=actor, deal_id=deal_id, address=form.cleaned_data["address"]
            )
        except services.CannotAsk as refused:
            form.add_error("address", str(refused))
        except NotInThisState:
            return moved_on(request, page.deal)
        else:
            messages.success(request, _("%(address)s is asked.") % {"address": asked.address})
            return redirect("deal_protection", deal_id)
    return show_protection(request, page, confirm=form, status=422)


@require_POST
@for_partners
def deal_again(request: HttpRequest, deal_id: int) -> HttpResponse:
    """A new draft with this registration's values."""
    actor = actor_of(request)
    try:
        draft = services.register_again(actor=actor, deal_id=deal_id)
    except NotInThisState:
        return moved_on(request, queries.deal_head(actor, deal_id).deal)
    messages.success(
        request, _("The form has what you registered before. Bring it up to date and register.")
    )
    return redirect("deal_edit", draft.pk)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def customer_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The customer's page: shows the least that is needed, and takes one answer. A link that is
    wrong, used or expired says nothing else than that."""
    if request.method == "GET":
        question = services.question_of(token)
        context = {"question": question, "token": token}
        status = 200 if question else 404
    else:
        answer = request.POST.get("answer")
        taken = answer in {"yes", "no"} and services.answer_question(
            token=token, yes=answer == "yes"
        )
        context, status = {"answer": answer if taken else ""}, 200 if taken else 404
    response = render(request, "dealreg/customer_confirm.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
