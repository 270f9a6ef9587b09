"""The page of a deal's sale: keep it current, say how it ended, open it again."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dealreg import access, queries, sales, services
from dealreg.models import Deal
from dealreg.rules.sale import InvalidSale, changes_between
from dealreg.rules.states import DealStage, NotInThisState, Verb
from dealreg.sale_forms import ReopenForm, SaleForm, closing_form, sale_form
from dealreg.views.story import moved_on, show_tab
from partners.doors import actor_of, for_partners


@require_http_methods(["GET", "POST"])
@for_partners
def deal_sale(request: HttpRequest, deal_id: int) -> HttpResponse:
    """The sale with its history; updates it, or confirms it as it is."""
    head = queries.deal_head(actor_of(request), deal_id)
    if request.method == "GET":
        return show_sale(request, head, sale_form(head.deal))
    require(head, Verb.UPDATE_SALE)
    form = sale_form(head.deal, request.POST)
    if not form.is_valid():
        return show_sale(request, head, form, status=422)
    try:
        services.update_sale(
            actor=head.actor,
            deal_id=deal_id,
            sale=form.sale(),
            version=form.cleaned_data["version"],
            note=form.cleaned_data["note"],
        )
    except InvalidSale as wrong:
        form.add_problems(wrong.problems)
        return show_sale(request, head, form, status=422)
    except services.StaleEdit as stale:
        return show_newer(request, head, form, stale.current)
    except NotInThisState:
        return moved_on(request, head.deal)
    messages.success(request, _("The sale is up to date."))
    return redirect("deal_sale", deal_id)


def require(head: queries.DealHead, verb: Verb) -> None:
    """Raises PermissionDenied for whoever may never do it; what is not possible now is said by
    the service."""
    if not access.may(head.actor, verb):
        raise PermissionDenied(_("Your role does not include this."))


def show_newer(
    request: HttpRequest, head: queries.DealHead, form: SaleForm, current: Deal
) -> HttpResponse:
    """The form with what was typed and beside it what was saved meanwhile. Sending again keeps
    what was typed."""
    typed, saved = form.sale(), sales.sale_of(current)
    newer = [
        (str(change.field.label), sales.in_words(change.field, change.new, current.currency))
        for change in changes_between(typed, saved)
    ]
    form.data = {**request.POST.dict(), "version": str(current.version)}
    fresh = queries.deal_head(head.actor, current.pk)
    return show_sale(request, fresh, form, status=409, newer=newer)


def show_sale(
    request: HttpRequest,
    head: queries.DealHead,
    form: SaleForm,
    *,
    status: int = 200,
    newer: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    context: Mapping[str, object] = {
        "form": form,
        "newer": newer,
        "sale": sales.sale_shown(head.actor, head.deal),
        "history": sales.history(head.deal),
    }
    return show_tab(request, "sale", "dealreg/deal_sale.html", head, context, status)


@require_http_methods(["GET", "POST"])
@for_partners
def deal_won(request: HttpRequest, deal_id: int) -> HttpResponse:
    return close(request, deal_id, DealStage.WON, "dealreg/deal_won.html")


@require_http_methods(["GET", "POST"])
@for_partners
def deal_lost(request: HttpRequest, deal_id: int) -> HttpResponse:
    return close(request, deal_id, DealStage.LOST, "dealreg/deal_lost.html")


def close(request: HttpRequest, deal_id: int, outcome: DealStage, template: str) -> HttpResponse:
    head = queries.deal_head(actor_of(request), deal_id)
    require(head, Verb.CLOSE)
    if request.method == "GET":
        if Verb.CLOSE not in head.verbs:
            return moved_on(request, head.deal)
        return ask(request, template, head, closing_form(outcome, head.deal))
    form = closing_form(outcome, head.deal, request.POST)
    if not form.is_valid():
        return ask(request, template, head, form, status=422)
    try:
        services.close_deal(
            actor=head.actor,
            deal_id=deal_id,
            closing=form.closing(),
            version=form.cleaned_data["version"],
        )
    except InvalidSale as wrong:
        form.add_problems(wrong.problems)
        return ask(request, template, head, form, status=422)
    except (services.StaleEdit, NotInThisState):
        return moved_on(request, head.deal)
    messages.success(request, _("Thank you. It is kept how the sale ended."))
    return redirect("deal_sale", deal_id)


@require_http_methods(["GET", "POST"])
@for_partners
def deal_reopen(request: HttpRequest, deal_id: int) -> HttpResponse:
    head = queries.deal_head(actor_of(request), deal_id)
    require(head, Verb.REOPEN)
    template = "dealreg/deal_reopen.html"
    if request.method == "GET":
        if not sales.sale_shown(head.actor, head.deal).may_reopen:
            return moved_on(request, head.deal)
        return ask(request, template, head, ReopenForm(initial={"version": head.deal.version}))
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return ask(request, template, head, form, status=422)
    try:
        services.reopen_deal(actor=head.actor, deal_id=deal_id, **form.cleaned_data)
    except InvalidSale as wrong:
        form.add_problems(wrong.problems)
        return ask(request, template, head, form, status=422)
    except services.CustomerIsProtected:
        form.add_error(
            None,
            _(
                "The customer is protected for another registration by now. Your channel manager "
                "can tell you what is possible."
            ),
        )
        return ask(request, template, head, form, status=422)
    except services.TooLateToReopen as late:
        form.add_error(None, str(late))
        return ask(request, template, head, form, status=422)
    except (services.StaleEdit, NotInThisState):
        return moved_on(request, head.deal)
    messages.success(request, _("The sale is open again."))
    return redirect("deal_sale", deal_id)


def ask(
    request: HttpRequest, template: str, head: queries.DealHead, form: Form, status: int = 200
) -> HttpResponse:
    context = {"form": form, "page": head, "deal": head.deal}
    return render(request, template, context, status=status)
