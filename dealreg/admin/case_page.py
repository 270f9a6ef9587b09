"""One conflict case with its sides beside each other, and what can be done to it: each form has an
address of its own."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.admin.base import actor_of
from dealreg import case_queries, service_levels
from dealreg.admin.case_forms import (
    AskForm,
    AssignForm,
    DecisionForm,
    EscalateForm,
    OpenForm,
    PrecedentForm,
    side_form,
)
from dealreg.rules.cases import CaseReason, ImpossibleDecision, NotInThisCaseState, SideOutcome
from dealreg.rules.clocks import Who
from dealreg.services import CustomerIsProtected, OverApprovalLimit, cases
from partners.queries.regions import region_choices


def draw(
    request: HttpRequest,
    site: AdminSite,
    case_id: int,
    bound: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a case, with the forms that were sent in place of empty ones."""
    actor = actor_of(request)
    page = case_queries.case_page(actor, case_id)
    seeking = PrecedentForm(request.GET, regions=region_choices(actor))
    given = bound or {}
    side_forms = [(one, given.get(f"side-{one.side.pk}") or side_form(one)) for one in page.sides]
    decision = given.get("decision") or DecisionForm(prefix="decide")
    decision.initial["version"] = page.case.version
    if decision.is_bound:
        decision.data = {**decision.data.dict(), "decide-version": str(page.case.version)}  # type: ignore[attr-defined]
    context = {
        **site.each_context(request),
        "title": str(page.case),
        "subtitle": None,
        "page": page,
        "case": page.case,
        "verbs": page.verbs,
        "side_forms": side_forms,
        "deciding": bool(page.verbs & {"decide", "decide_appeal"}),
        "decision_form": decision,
        "assign_form": given.get("assign") or AssignForm(page=page, prefix="assign"),
        "ask_form": given.get("ask") or AskForm(page=page, prefix="ask"),
        "escalate_form": given.get("escalate") or EscalateForm(prefix="escalate"),
        "precedent_form": seeking,
        "precedents": case_queries.precedents(actor, page.case, seeking.wanted()),
    }
    return TemplateResponse(request, "admin/dealreg/case/case.html", context, status=status)


Act = Callable[[], object]
REFUSALS = (
    cases.CaseRefused,
    ImpossibleDecision,
    NotInThisCaseState,
    OverApprovalLimit,
)


def done(form: forms.Form, act: Act) -> bool:
    """Whether it was done; otherwise the form says why not."""
    try:
        act()
    except REFUSALS as refusal:
        form.add_error(None, str(refusal))
    except cases.StaleCase:
        form.add_error(
            None,
            _(
                "The case changed after you opened it. Below is the newer state; what you typed "
                "is still there. Look again, then decide."
            ),
        )
    except CustomerIsProtected as held:
        form.add_error(
            None,
            _(
                "The customer is protected for %(partner)s, which is no side of this case. Open a "
                "case about %(deal)s first: it then joins this one."
            )
            % {"partner": held.protection.partner, "deal": held.protection.deal.reference},
        )
    else:
        return True
    return False


@require_POST
def decide(request: HttpRequest, case_id: int, site: AdminSite) -> HttpResponse:
    page = case_queries.case_page(actor_of(request), case_id)
    form = DecisionForm(request.POST, prefix="decide")
    by_side = {one.side.pk: side_form(one, request.POST) for one in page.sides}
    bound: dict[str, forms.Form] = {"decision": form}
    bound |= {f"side-{key}": each for key, each in by_side.items()}
    valid = [each.is_valid() for each in (form, *by_side.values())]
    if not all(valid):
        return draw(request, site, case_id, bound, status=422)
    said = {
        key: cases.SideDecision(
            SideOutcome(each.cleaned_data["outcome"]), each.cleaned_data["message"]
        )
        for key, each in by_side.items()
    }
    data = form.cleaned_data

    def act() -> object:
        return cases.decide_case(
            actor=actor_of(request),
            case_id=case_id,
            decisions=said,
            reason=CaseReason(data["reason"]),
            grounds=data["grounds"],
            version=data["version"],
        )

    if not done(form, act):
        return draw(request, site, case_id, bound, status=409)
    messages.success(request, _("The case is decided; every side is told."))
    return redirect("admin:dealreg_conflictcase_change", case_id)


@require_POST
def assign(request: HttpRequest, case_id: int, site: AdminSite) -> HttpResponse:
    page = case_queries.case_page(actor_of(request), case_id)
    form = AssignForm(request.POST, page=page, prefix="assign")

    def act() -> object:
        owner = int(form.cleaned_data["owner"])
        return cases.assign_case(actor=actor_of(request), case_id=case_id, user_id=owner)

    return finish(request, site, case_id, "assign", form, act, _("The case has its owner."))


@require_POST
def ask(request: HttpRequest, case_id: int, site: AdminSite) -> HttpResponse:
    page = case_queries.case_page(actor_of(request), case_id)
    form = AskForm(request.POST, page=page, prefix="ask")

    def act() -> object:
        data = form.cleaned_data
        return cases.ask_for_evidence(
            actor=actor_of(request),
            case_id=case_id,
            side_ids=[int(key) for key in data["sides"]],
            text=data["text"],
        )

    return finish(request, site, case_id, "ask", form, act, _("The sides are asked."))


@require_POST
def escalate(request: HttpRequest, case_id: int, site: AdminSite) -> HttpResponse:
    case_queries.case_page(actor_of(request), case_id)
    form = EscalateForm(request.POST, prefix="escalate")

    def act() -> object:
        data = form.cleaned_data
        return cases.escalate_case(
            actor=actor_of(request), case_id=case_id, who=Who(data["who"]), why=data["why"]
        )

    return finish(request, site, case_id, "escalate", form, act, _("They are told."))


def finish(
    request: HttpRequest,
    site: AdminSite,
    case_id: int,
    name: str,
    form: forms.Form,
    act: Act,
    sentence: str,
) -> HttpResponse:
    if not form.is_valid():
        return draw(request, site, case_id, {name: form}, status=422)
    if not done(form, act):
        return draw(request, site, case_id, {name: form}, status=409)
    messages.success(request, sentence)
    return redirect("admin:dealreg_conflictcase_change", case_id)


@require_POST
def open_for(request: HttpRequest, deal_id: int, site: AdminSite) -> HttpResponse:
    """A case about a registration, from its review page."""
    form = OpenForm(request.POST)
    try:
        why = form.cleaned_data["why"] if form.is_valid() else ""
        case = cases.open_case(actor=actor_of(request), deal_id=deal_id, why=why)
    except cases.CaseRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:dealreg_deal_change", deal_id)
    messages.success(request, _("The case is open; its sides are told."))
    return redirect("admin:dealreg_conflictcase_change", case.pk)


@require_safe
def promptness(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """How fast the vendor decides, by region and quarter."""
    context = {
        **site.each_context(request),
        "title": _("How fast we decide"),
        "subtitle": None,
        "cells": service_levels.trend(actor_of(request)),
    }
    return TemplateResponse(request, "admin/dealreg/case/promptness.html", context)
