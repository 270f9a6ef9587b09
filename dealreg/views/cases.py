"""Conflict cases for a partner: its list, its own side of one, and what it can do there."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.files import RefusedFile
from core.tables import Column, EmptyState, read_table
from dealreg import access, case_queries, queries
from dealreg.case_forms import AppealForm, ContestForm, StatementForm, TakeBackForm
from dealreg.rules.cases import NotInThisCaseState
from dealreg.services import cases
from dealreg.views.story import show_tab
from partners.doors import actor_of, for_partners

COLUMNS = [
    Column("customer", gettext_lazy("Customer"), "deal__customer_name", primary=True),
    Column("reference", gettext_lazy("Number"), "case_id", priority=3),
    Column("product_line", gettext_lazy("Product line"), priority=4),
    Column("status", gettext_lazy("Status"), corner=True),
    Column("outcome", gettext_lazy("Outcome"), priority=2),
    Column("due", gettext_lazy("Next date"), priority=2),
]
REFUSALS = (
    cases.CaseRefused,
    cases.StatementRefused,
    cases.AppealRefused,
    RefusedFile,
)


@require_GET
@for_partners
def case_list(request: HttpRequest) -> HttpResponse:
    table = read_table(
        case_queries.own_sides(actor_of(request)),
        request.GET,
        columns=COLUMNS,
        sort="-reference",
        caption=_("Conflict cases of your company"),
        empty=EmptyState(
            _("No cases"),
            _(
                "A case settles who works with a customer that several partners registered. You "
                "can ask for one on the page of a registration that waits or was declined."
            ),
        ),
    )
    return render(request, "dealreg/case_list.html", {"table": table})


@require_GET
@for_partners
def case_detail(request: HttpRequest, case_id: int) -> HttpResponse:
    return draw(request, case_queries.side_page(actor_of(request), case_id))


def draw(
    request: HttpRequest,
    page: case_queries.SidePage,
    *,
    statement_form: StatementForm | None = None,
    appeal_form: AppealForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "case": page.case,
        "side": page.side,
        "verbs": page.verbs,
        "statement_form": statement_form or StatementForm(),
        "appeal_form": appeal_form or AppealForm(),
        "take_back_form": TakeBackForm(),
    }
    return render(request, "dealreg/case_detail.html", context, status=status)


@require_POST
@for_partners
def case_state(request: HttpRequest, case_id: int) -> HttpResponse:
    page = case_queries.side_page(actor_of(request), case_id)
    form = StatementForm(request.POST, request.FILES)
    done = act(
        form,
        lambda: cases.add_statement(
            actor=actor_of(request), case_id=case_id, text=form.cleaned_data["text"],
            uploads=sent(form),
        ),
    )  # fmt: skip
    if not done:
        return draw(request, page, statement_form=form, status=422)
    messages.success(request, _("Your statement is with the case."))
    return redirect("case_detail", case_id)


@require_POST
@for_partners
def case_appeal(request: HttpRequest, case_id: int) -> HttpResponse:
    page = case_queries.side_page(actor_of(request), case_id)
    form = AppealForm(request.POST)
    done = act(
        form,
        lambda: cases.appeal_case(
            actor=actor_of(request), case_id=case_id, text=form.cleaned_data["text"]
        ),
    )
    if not done:
        return draw(request, page, appeal_form=form, status=422)
    messages.success(request, _("Your appeal is filed. Somebody else decides it."))
    return redirect("case_detail", case_id)


@require_POST
@for_partners
def case_take_back(request: HttpRequest, case_id: int) -> HttpResponse:
    case_queries.side_page(actor_of(request), case_id)
    form = TakeBackForm(request.POST)
    done = act(
        form,
        lambda: cases.take_back_case(
            actor=actor_of(request), case_id=case_id, note=form.cleaned_data["note"]
        ),
    )
    if done:
        messages.success(request, _("You no longer ask for this case."))
    else:
        messages.warning(request, form.errors.as_text())
    return redirect("case_detail", case_id)


@require_GET
@for_partners
def deal_cases(request: HttpRequest, deal_id: int) -> HttpResponse:
    """The tab of a deal: its case, or the way to one."""
    head = queries.deal_head(actor_of(request), deal_id)
    return show_contest(request, head, ContestForm())


@require_http_methods(["POST"])
@for_partners
def deal_contest(request: HttpRequest, deal_id: int) -> HttpResponse:
    head = queries.deal_head(actor_of(request), deal_id)
    access.require_may_register(head.actor)
    form = ContestForm(request.POST, request.FILES)
    done = act(
        form,
        lambda: cases.contest_deal(
            actor=head.actor, deal_id=deal_id, text=form.cleaned_data["text"], uploads=sent(form)
        ),
    )
    if not done:
        return show_contest(request, head, form, status=422)
    messages.success(request, _("Your case is open. You read here what happens."))
    return redirect("deal_cases", deal_id)


def show_contest(
    request: HttpRequest, head: queries.DealHead, form: ContestForm, status: int = 200
) -> HttpResponse:
    side = case_queries.side_of_deal(head.deal)
    context = {
        "side": side,
        "form": form,
        "may_contest": side is None and case_queries.may_contest(head.actor, head.deal),
    }
    return show_tab(request, "cases", "dealreg/deal_cases.html", head, context, status)


def sent(form: StatementForm) -> list[Any]:
    upload = form.cleaned_data.get("upload")
    return [upload] if upload else []


def act(form: forms.Form, verb: Callable[[], object]) -> bool:
    """Whether it was done; otherwise the form says why not."""
    if not form.is_valid():
        return False
    try:
        verb()
    except (*REFUSALS, NotInThisCaseState) as refusal:
        sentence = " ".join(getattr(refusal, "messages", [str(refusal)]))
        form.add_error(None, sentence)
        return False
    return True
