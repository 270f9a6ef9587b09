"""A partner's list of deals, and the same as a file."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from core import saved_filters
from core.money import in_its_unit
from core.own_fields.fields import FieldType
from core.tables import Column, EmptyState, csv_export, read_table
from dealreg import access, own_fields, queries
from dealreg.filters import DealFilter, kept
from dealreg.models import Deal
from dealreg.rules.own_fields import OwnField
from partners.doors import actor_of, for_partners, with_feature

COLUMNS = [
    Column("customer", gettext_lazy("Customer"), "customer_name", primary=True),
    Column("reference", gettext_lazy("Number"), "pk", priority=3),
    Column("product_line", gettext_lazy("Product line"), "product_line__name", priority=3),
    Column("amount", gettext_lazy("Amount"), "amount", numeric=True),
    Column("status", gettext_lazy("Status"), corner=True),
    Column("stage", gettext_lazy("Sales stage"), priority=4),
    Column("closes", gettext_lazy("Expected close"), "expected_close", priority=3),
    Column("protected", gettext_lazy("Protected until"), priority=2),
    Column("changed", gettext_lazy("Changed"), "updated_at", priority=2),
]


LIST = "deals"


@require_GET
@for_partners
def deal_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not request.GET and (first := saved_filters.default_of(actor, LIST)):
        return redirect(f"{reverse('deal_list')}?{first.query}")
    own = own_fields.seen_by(actor)
    shown = own_fields.listed(own)
    listing = DealFilter(request.GET, queryset=queries.deals(actor), own=own)
    may_register = access.may_register(actor)
    query = saved_filters.query_of(request.GET, kept(own))
    table = read_table(
        own_fields.with_answers(listing.qs, shown),
        request.GET,
        columns=columns_with(shown),
        sort="-changed",
        caption=_("Deals of your company"),
        empty=no_deals(filtered=bool(query), may_register=may_register),
        export_url=reverse("deal_export"),
    )
    context = {
        "table": table,
        "form": listing.form,
        "may_register": may_register,
        "own_columns": [(table.columns[field.form_name], field) for field in shown],
        "view": query,
        "saved": saved_filters.filters_of(actor, LIST),
    }
    return render(request, "dealreg/deal_list.html", context)


def columns_with(own: Sequence[OwnField]) -> list[Column]:
    """The list's columns, with own fields before the sales stage."""
    place = next(at for at, column in enumerate(COLUMNS) if column.name == "stage")
    added = [
        Column(
            field.form_name,
            field.spec.label,
            numeric=field.spec.type in {FieldType.NUMBER, FieldType.MONEY},
            priority=4,
        )
        for field in own
    ]
    return [*COLUMNS[:place], *added, *COLUMNS[place:]]


def no_deals(*, filtered: bool, may_register: bool) -> EmptyState:
    if filtered:
        return EmptyState(
            _("No deal matches"),
            _("Take a filter away or search for something else."),
            f"{reverse('deal_list')}?all=1",
            _("Show all deals"),
        )
    if not may_register:
        return EmptyState(_("No deals yet"), _("Your colleagues in sales register them."))
    return EmptyState(
        _("No deals yet"),
        _(
            "Register a deal before you invest in it: you get a decision in a second, and your "
            "customer is kept for you."
        ),
        reverse("deal_new"),
        _("Register a deal"),
        "deal",
    )


@require_GET
@for_partners
@with_feature("export")
def deal_export(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    own = own_fields.seen_by(actor)
    listing = DealFilter(request.GET, queryset=queries.deals(actor), own=own)
    columns: dict[str, Callable[[Deal], Any]] = {
        _("Number"): lambda deal: deal.reference,
        _("Customer"): lambda deal: deal.customer_name,
        _("Domain"): lambda deal: deal.customer_domain,
        _("Country"): lambda deal: deal.customer_country,
        _("Product line"): lambda deal: deal.product_line.name if deal.product_line else "",
        _("Amount"): lambda deal: in_its_unit(deal.amount, deal.currency),
        _("Currency"): lambda deal: deal.currency,
        _("Expected close"): lambda deal: deal.expected_close,
        _("Status"): lambda deal: deal.get_status_display(),
        _("Sales stage"): lambda deal: deal.get_stage_display(),
        _("Own probability in percent"): lambda deal: deal.probability,
        _("Next step"): lambda deal: deal.next_step,
        _("Next step on"): lambda deal: deal.next_step_on,
        _("Closed on"): lambda deal: deal.closed_on,
        _("Sold for"): lambda deal: in_its_unit(deal.closed_amount, deal.currency),
        _("Submitted"): lambda deal: deal.submitted_at,
        _("Decided"): lambda deal: deal.decided_at,
        _("Protected until"): protected_until,
    }
    return csv_export(
        own_fields.with_answers(listing.qs.order_by("-updated_at", "-pk"), own),
        name="deals",
        columns={**columns, **own_fields.export_columns(own, columns)},
    )


def protected_until(deal: Deal) -> object:
    shown = queries.protection_of(deal)
    return shown.until if shown and shown.in_force else None


@require_GET
def search(request: HttpRequest) -> HttpResponseBase:
    """The top bar's search: deals by customer, domain or number, in the reader's own list."""
    words = urlencode({"q": request.GET.get("q", "").strip()[:100]})
    if actor_of(request).is_staff:
        return redirect(f"{reverse('admin:dealreg_deal_changelist')}?{words}")
    return redirect(f"{reverse('deal_list')}?{words}")
