"""The review desk: what waits, and the page on which somebody decides it.

Two forms, each with an address of its own and the version that its reader saw. What cannot be
done is said on the same page, with everything that was typed still there.
"""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import money_rates
from core.admin.base import actor_of
from core.money import Money, format_money
from dealreg import access, desk, protections, services, sharing
from dealreg.admin.review_forms import ApproveForm, DeclineForm, QueueForm, SendBackForm
from dealreg.limits import approval_limit
from dealreg.models import Deal
from dealreg.rules.states import DealStatus, DeclineReason, NotInThisState, Verb
from dealreg.todos import todos_of_deal
from partners.queries import registration_rights
from partners.queries.regions import region_choices


@require_safe
def queue(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """What waits for a decision, oldest first."""
    actor = actor_of(request)
    form = QueueForm(request.GET, regions=region_choices(actor))
    wanted = form.wanted()
    page = desk.review_queue(actor, wanted, after_in(request))
    context = {
        **site.each_context(request),
        "title": _("Review queue"),
        "subtitle": None,
        "form": form,
        "filtered": wanted != desk.QueueFilter(),
        "page": page,
        "may_decide": access.may(actor, Verb.APPROVE),
        "next_address": next_address(request, page),
    }
    return TemplateResponse(request, "admin/dealreg/deal/queue.html", context)


def after_in(request: HttpRequest) -> tuple[dt.datetime, int] | None:
    """Where the page before ended, from the address; None for the first page or nonsense."""
    moment, _comma, key = request.GET.get("after", "").partition(",")
    try:
        at = parse_datetime(moment)
    except ValueError:
        return None
    if at is None or at.tzinfo is None or not key.isdecimal() or len(key) > 18:
        return None
    return at, int(key)


def next_address(request: HttpRequest, page: desk.QueuePage) -> str:
    if page.after is None:
        return ""
    query = request.GET.copy()
    query["after"] = f"{page.after[0].isoformat()},{page.after[1]}"
    return f"?{query.urlencode()}"


@require_safe
def review(request: HttpRequest, deal_id: int, site: AdminSite) -> HttpResponse:
    return draw_review(request, site, deal_id)


@require_safe
def story(request: HttpRequest, object_id: str, site: AdminSite) -> HttpResponse:
    """The same page without the forms, for reading."""
    if not object_id.isdecimal() or len(object_id) > 18:
        raise Http404
    return draw_review(request, site, int(object_id), deciding=False)


def draw_review(
    request: HttpRequest,
    site: AdminSite,
    deal_id: int,
    *,
    deciding: bool = True,
    approve_form: ApproveForm | None = None,
    decline_form: DeclineForm | None = None,
    send_back_form: SendBackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    page = desk.review_page(actor, deal_id)
    waits = page.deal.status == DealStatus.IN_REVIEW
    version = page.deal.version
    deciding = deciding and waits and access.may(actor, Verb.APPROVE)
    context = {
        **site.each_context(request),
        "title": f"{page.deal.reference} · {page.deal.customer_name}",
        "subtitle": None,
        "page": page,
        "protection": protections.protection_page(actor, deal_id),
        "deal": page.deal,
        "waits": waits,
        "limit": limit_of(page.deal),
        "protection_days": desk.days_if_approved(page.deal),
        "own_limit": approval_limit(actor, page.deal) if deciding else None,
        "may_decide": access.may(actor, Verb.APPROVE),
        "sharing": sharing.sharing_of(actor, page.deal),
        "todos": todos_of_deal(actor, page.deal),
        "deciding": deciding,
        "next_waiting": desk.next_waiting(actor, page.deal) if deciding else None,
        "approve_form": renewed(approve_form or ApproveForm(prefix="approve"), version),
        "decline_form": renewed(decline_form or DeclineForm(prefix="decline"), version),
        "send_back_form": renewed(send_back_form or SendBackForm(prefix="back"), version),
    }
    return TemplateResponse(request, "admin/dealreg/deal/review.html", context, status=status)


def limit_of(deal: Deal) -> str:
    """Up to which amount the partner's tier is approved without a person."""
    limit = registration_rights(deal.partner_id).approval_limit
    if limit is None:
        return _("any amount")
    return format_money(Money(limit, money_rates.base_currency()))


def renewed(form: forms.Form, version: int) -> forms.Form:
    """The form with what was typed and the version that its reader is about to see."""
    form.initial["version"] = version
    if form.is_bound:
        sent = QueryDict(mutable=True)
        sent.update(form.data)
        sent[form.add_prefix("version")] = str(version)
        form.data = sent
    return form


@require_POST
def approve(request: HttpRequest, deal_id: int, site: AdminSite) -> HttpResponse:
    form = ApproveForm(request.POST, prefix="approve")
    if not form.is_valid():
        return draw_review(request, site, deal_id, approve_form=form, status=422)
    try:
        deal = services.approve_deal(
            actor=actor_of(request),
            deal_id=deal_id,
            version=form.cleaned_data["version"],
            note=form.cleaned_data["note"],
        )
    except (services.OverApprovalLimit, services.AwaitsEndorsement) as refusal:
        messages.error(request, str(refusal))
        return draw_review(request, site, deal_id, approve_form=form, status=403)
    except (
        services.CaseRuns,
        services.CustomerIsProtected,
        services.StaleEdit,
        NotInThisState,
    ) as refusal:
        say_refusal(request, deal_id, refusal)
        return draw_review(request, site, deal_id, approve_form=form, status=409)
    return to_next(request, deal, _("%s is approved; its customer is protected."))


@require_POST
def go_on(request: HttpRequest, deal_id: int, site: AdminSite) -> HttpResponse:
    """Does not wait for the distributor any longer."""
    try:
        deal = services.go_on_without_distributor(actor=actor_of(request), deal_id=deal_id)
    except services.EndorsementIsOver:
        messages.warning(request, _("It no longer waits for the distributor."))
        return redirect("admin:dealreg_deal_review", deal_id=deal_id)
    messages.success(request, _("%s goes on by the rules of engagement.") % deal)
    return redirect("admin:dealreg_deal_change", deal_id)


@require_POST
def decline(request: HttpRequest, deal_id: int, site: AdminSite) -> HttpResponse:
    form = DeclineForm(request.POST, prefix="decline")
    if not form.is_valid():
        return draw_review(request, site, deal_id, decline_form=form, status=422)
    try:
        deal = services.decline_deal(
            actor=actor_of(request),
            deal_id=deal_id,
            reason=DeclineReason(form.cleaned_data["reason"]),
            message=form.cleaned_data["message"],
            version=form.cleaned_data["version"],
        )
    except services.ReasonMissing as missing:
        form.add_error("message", str(missing))
        return draw_review(request, site, deal_id, decline_form=form, status=422)
    except (services.CaseRuns, services.StaleEdit, NotInThisState) as refusal:
        say_refusal(request, deal_id, refusal)
        return draw_review(request, site, deal_id, decline_form=form, status=409)
    return to_next(request, deal, _("%s is declined; the partner is told why."))


@require_POST
def send_back(request: HttpRequest, deal_id: int, site: AdminSite) -> HttpResponse:
    form = SendBackForm(request.POST, prefix="back")
    if not form.is_valid():
        return draw_review(request, site, deal_id, send_back_form=form, status=422)
    try:
        deal = services.send_back_deal(
            actor=actor_of(request),
            deal_id=deal_id,
            asks_for=form.cleaned_data["asks_for"],
            message=form.cleaned_data["message"],
            version=form.cleaned_data["version"],
        )
    except services.ReasonMissing as missing:
        form.add_error("message", str(missing))
        return draw_review(request, site, deal_id, send_back_form=form, status=422)
    except (services.StaleEdit, NotInThisState) as refusal:
        say_refusal(request, deal_id, refusal)
        return draw_review(request, site, deal_id, send_back_form=form, status=409)
    return to_next(request, deal, _("%s is back with the partner, who is asked to complete it."))


def say_refusal(request: HttpRequest, deal_id: int, refusal: Exception) -> None:
    """Why nothing was decided, with a way on."""
    text: Any
    if isinstance(refusal, services.CustomerIsProtected):
        held = refusal.protection
        text = format_html(
            '{} <a class="bo-link" href="{}">{}</a>',
            _(
                "The customer is protected for %(partner)s until %(until)s, so this registration "
                "cannot be approved. Decline it, or ask them to withdraw first."
            )
            % {"partner": held.partner, "until": day(held.period.upper)},
            reverse("admin:dealreg_deal_change", args=[held.deal_id]),
            held.deal.reference,
        )
    elif isinstance(refusal, services.CaseRuns):
        text = format_html(
            '{} <a class="bo-link" href="{}">{}</a>',
            str(refusal),
            reverse("admin:dealreg_conflictcase_change", args=[refusal.case.pk]),
            refusal.case.reference,
        )
    elif isinstance(refusal, NotInThisState):
        text = what_became(access.deal_for_reading(actor_of(request), deal_id))
    else:
        text = _(
            "The registration changed after you opened it. Below are the newer values; "
            "what you typed is still there. Look again, then decide."
        )
    messages.error(request, text)


def what_became(deal: Deal) -> str:
    """Who decided instead, and when."""
    if deal.decided_at is not None and deal.status in {DealStatus.APPROVED, DealStatus.DECLINED}:
        return _("Already decided: %(who)s set it to “%(status)s” on %(when)s.") % {
            "who": deal.decided_by,
            "status": deal.get_status_display(),
            "when": date_format(localtime(deal.decided_at), "DATETIME_FORMAT"),
        }
    return _("This registration is “%(status)s” since %(when)s, so there is nothing to decide.") % {
        "status": deal.get_status_display(),
        "when": date_format(localtime(deal.updated_at), "DATETIME_FORMAT"),
    }


def day(moment: dt.datetime | None) -> str:
    return date_format(localtime(moment), "DATE_FORMAT") if moment else ""


def to_next(request: HttpRequest, deal: Deal, sentence: str) -> HttpResponse:
    """To the deal that waits longest, or to the empty queue."""
    messages.success(request, sentence % deal)
    waiting = desk.next_waiting(actor_of(request), deal)
    if waiting is None:
        return redirect("admin:dealreg_deal_queue")
    return redirect("admin:dealreg_deal_review", deal_id=waiting.pk)
