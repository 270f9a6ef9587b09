"""One deal: where it stands and why, what happened, what the reader can do."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.files import RefusedFile
from core.queries import timeline_page
from dealreg import access, protections, queries, services
from dealreg.forms import AttachForm, WithdrawForm
from dealreg.models import Deal
from dealreg.protection_forms import EvidenceForm
from dealreg.rules import states
from dealreg.rules.states import NotInThisState, Verb
from dealreg.todos import todos_of_deal
from partners.doors import actor_of, for_partners


@require_GET
@for_partners
def deal_detail(request: HttpRequest, deal_id: int) -> HttpResponse:
    page = queries.deal_page(actor_of(request), deal_id)
    context = {"todos": todos_of_deal(page.actor, page.deal)}
    return show_tab(request, "overview", "dealreg/deal_detail.html", page, context)


@require_GET
@for_partners
def deal_evidence(request: HttpRequest, deal_id: int) -> HttpResponse:
    return show_evidence(request, queries.deal_head(actor_of(request), deal_id))


def show_evidence(
    request: HttpRequest,
    head: queries.DealHead,
    attach: AttachForm | None = None,
    *,
    evidence: EvidenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "evidence": protections.evidence_of(head.deal),
        "freshness": protections.freshness(head.deal),
        "evidence_form": evidence or EvidenceForm(),
        "may_add": Verb.ADD_EVIDENCE in head.verbs,
        "files": queries.deal_files(head.deal),
        "attach_form": attach or AttachForm(),
        "may_attach": access.may_register(head.actor),
    }
    return show_tab(request, "evidence", "dealreg/deal_evidence.html", head, context, status)


@require_GET
@for_partners
def deal_timeline(request: HttpRequest, deal_id: int) -> HttpResponse:
    head = queries.deal_head(actor_of(request), deal_id)
    happened = timeline_page(head.deal, head.actor, request.GET.get("after"))
    context = {"happened": happened}
    return show_tab(request, "timeline", "dealreg/deal_timeline.html", head, context)


def show_tab(
    request: HttpRequest,
    tab: str,
    template: str,
    page: queries.DealHead,
    context: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page of a deal below the head that they all share."""
    shared = {"page": page, "deal": page.deal, "verbs": page.verbs, "tab": tab}
    return render(request, template, {**shared, **(context or {})}, status=status)


@require_http_methods(["GET", "POST"])
@for_partners
def deal_withdraw(request: HttpRequest, deal_id: int) -> HttpResponse:
    actor = actor_of(request)
    deal = access.deal_for_reading(actor, deal_id)
    if request.method == "GET":
        if not states.possible(Verb.WITHDRAW, deal.status, deal.stage):
            return moved_on(request, deal)
        return ask(request, WithdrawForm(initial={"version": deal.version}), deal)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return ask(request, form, deal, status=422)
    try:
        services.withdraw_deal(actor=actor, deal_id=deal.pk, **form.cleaned_data)
    except (NotInThisState, services.StaleEdit):
        return moved_on(request, deal)
    messages.success(request, _("The registration is withdrawn; the customer is free again."))
    return redirect("deal_detail", deal.pk)


def ask(request: HttpRequest, form: WithdrawForm, deal: Deal, status: int = 200) -> HttpResponse:
    access.require_may_register(actor_of(request))
    return render(
        request, "dealreg/deal_withdraw.html", {"form": form, "deal": deal}, status=status
    )


@require_POST
@for_partners
def deal_discard(request: HttpRequest, deal_id: int) -> HttpResponse:
    actor = actor_of(request)
    try:
        services.discard_draft(actor=actor, deal_id=deal_id)
    except NotInThisState:
        return moved_on(request, access.deal_for_reading(actor, deal_id))
    messages.success(request, _("The draft is gone."))
    return redirect("deal_list")


@require_POST
@for_partners
def deal_attach(request: HttpRequest, deal_id: int) -> HttpResponse:
    actor = actor_of(request)
    form = AttachForm(request.POST, request.FILES)
    head = queries.deal_head(actor, deal_id)
    if form.is_valid():
        try:
            stored = services.attach_file(
                actor=actor, deal_id=deal_id, upload=form.cleaned_data["upload"]
            )
        except RefusedFile as refused:
            form.add_error("upload", str(refused))
        else:
            messages.success(request, _("%(name)s is attached.") % {"name": stored.name})
            return redirect("deal_evidence", deal_id)
    return show_evidence(request, head, form, status=422)


def moved_on(request: HttpRequest, deal: Deal) -> HttpResponse:
    messages.warning(
        request, _("The deal has changed meanwhile; here is where it stands. Please look again.")
    )
    return redirect("deal_detail", deal.pk)
