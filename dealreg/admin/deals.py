"""Deals as the vendor sees them: the list, and the story of one. Nothing is edited here; what
waits is decided on the review page (review.py)."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from core.admin.base import ReadOnlyAdmin, actor_of
from core.money import Money, format_money
from core.tables import csv_export
from dealreg import desk, forecast, own_fields, queries, sales
from dealreg.admin import proof, review, selling, squatting, together
from dealreg.admin.own_filters import filters_of
from dealreg.look import CONFLICT_LABELS, CONFLICT_TONES, STATUS_TONES, waited
from dealreg.models import Deal
from dealreg.models.deals import IN_PIPELINE
from dealreg.queries import protection_of
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.own_fields import OwnField
from dealreg.rules.states import DealStatus
from dealreg.sheet import cells
from partners.admin import RegionFilter


class WaitingFilter(DropdownFilter):  # type: ignore[misc]
    title = gettext_lazy("waiting for")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("yes", _("A decision")),
            ("3", _("More than 3 days")),
            ("7", _("More than a week")),
        ]

    def queryset(self, request: HttpRequest, queryset: "models.QuerySet[Deal]") -> Any:
        value = self.value()
        if value not in {"yes", "3", "7"}:
            return queryset
        rows = queryset.filter(status=DealStatus.IN_REVIEW)
        if value == "yes":
            return rows
        return rows.filter(submitted_at__lt=timezone.now() - dt.timedelta(days=int(value)))


class SaleFilter(DropdownFilter):  # type: ignore[misc]
    title = gettext_lazy("sale")
    parameter_name = "sale"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", _("Open")), ("stale", _("Without an update for long"))]

    def queryset(self, request: HttpRequest, queryset: "models.QuerySet[Deal]") -> Any:
        match self.value():
            case "open":
                return queryset.filter(IN_PIPELINE)
            case "stale":
                return sales.stale(queryset)  # type: ignore[arg-type]
            case _:
                return queryset


class CloseFilter(DropdownFilter):  # type: ignore[misc]
    title = gettext_lazy("expected close")
    parameter_name = "closes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return forecast.close_choices()

    def queryset(self, request: HttpRequest, queryset: "models.QuerySet[Deal]") -> Any:
        value = self.value()
        return queryset.filter(forecast.closing_in(value)) if value else queryset


def own_of(request: HttpRequest) -> tuple[OwnField, ...]:
    """The vendor's own fields, read once for a request."""
    known: tuple[OwnField, ...] | None = getattr(request, "own_fields", None)
    if known is None:
        known = own_fields.definitions()
        request.own_fields = known  # type: ignore[attr-defined]
    return known


def own_column(field: OwnField) -> Any:
    """A column with the answers in an own field."""

    @display(description=field.spec.label)
    def column(deal: Deal) -> str:
        answer = own_fields.answer_in(deal, field)
        return answer.text if answer else "–"

    column.__name__ = field.form_name
    return column


class DealRegionFilter(RegionFilter):
    path_field = "partner__region__path"


class DealTierFilter(RelatedDropdownFilter):  # type: ignore[misc]
    """The partner's tier."""


@require_safe
def export(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """The reader's deals in the columns that the import reads."""
    own = own_of(request)
    rows = own_fields.with_answers(queries.deals(actor_of(request)).order_by("-pk"), own)
    return csv_export(rows, name="deals", columns=cells(own))


@admin.register(Deal)
class DealAdmin(ReadOnlyAdmin):
    list_display = [
        "reference_shown",
        "customer_name",
        "partner",
        "product_line",
        "amount_shown",
        "status_shown",
        "conflict_shown",
        "age",
        "protected_until",
    ]
    list_display_links = ["reference_shown", "customer_name"]
    list_fullwidth = True
    list_filter = [
        WaitingFilter,
        ("status", ChoicesDropdownFilter),
        SaleFilter,
        ("stage", ChoicesDropdownFilter),
        CloseFilter,
        ("product_line", RelatedDropdownFilter),
        DealRegionFilter,
        ("partner__tier", DealTierFilter),
        ("source", ChoicesDropdownFilter),
    ]
    search_fields = ["customer_name"]
    search_help_text = gettext_lazy(
        "Reference, beginnings of words of the customer's name, its domain, or the partner."
    )
    ordering = ["-id"]
    sortable_by: list[str] = []
    empty_text = gettext_lazy("Registrations appear here as soon as partners send them.")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        # The forecast's sums of one region, without those below it.
        if lookup == "partner__region__path__exact":
            return True
        return bool(super().lookup_allowed(lookup, value, request))

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        listed = desk.listed(rows.visible_to(actor_of(request)))
        return own_fields.with_answers(listed, own_fields.listed(own_of(request)))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        own = [own_column(field) for field in own_fields.listed(own_of(request))]
        return [*self.list_display, *own]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        found = [
            one for field in own_fields.filtering(own_of(request)) for one in filters_of(field)
        ]
        return [*self.list_filter, *found]

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        if not search_term.strip():
            return queryset, False
        return desk.search_deals(queryset, search_term), False

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        pages: list[tuple[str, str, Any]] = [
            ("queue/", "queue", review.queue),
            ("progress/", "squatting", squatting.report),
            ("progress/export/", "squatting_export", squatting.export),
            ("export/", "export", export),
            ("forecast/", "forecast", selling.forecast_page),
            ("forecast/export/", "forecast_export", selling.forecast_export),
            ("<int:deal_id>/sale/", "sale", selling.sale),
            ("approve-together/", "approve_together", together.approve_together),
            ("<int:deal_id>/review/", "review", review.review),
            ("<int:deal_id>/proof/", "proof", proof.proof),
            ("<int:deal_id>/proof/evidence/", "add_evidence", proof.add_evidence),
            ("<int:deal_id>/proof/customer/", "ask_customer", proof.ask_customer),
            ("<int:deal_id>/approve/", "approve", review.approve),
            ("<int:deal_id>/go-on/", "go_on", review.go_on),
            ("<int:deal_id>/decline/", "decline", review.decline),
            ("<int:deal_id>/send-back/", "send_back", review.send_back),
        ]
        own = [
            path(route, guarded(view), {"site": self.admin_site}, name=f"dealreg_deal_{name}")
            for route, name, view in pages
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return review.story(request, object_id, site=self.admin_site)

    @display(description=gettext_lazy("reference"))
    def reference_shown(self, deal: Deal) -> str:
        return deal.reference

    @display(description=gettext_lazy("amount"))
    def amount_shown(self, deal: Deal) -> str:
        if deal.amount is None or not deal.currency:
            return "–"
        return format_money(Money(deal.amount, deal.currency))

    @display(
        description=gettext_lazy("status"),
        label={status.value: tone for status, tone in STATUS_TONES.items()},
    )
    def status_shown(self, deal: Deal) -> tuple[str, str]:
        return deal.status, deal.get_status_display()

    @display(
        description=gettext_lazy("conflict"),
        label={level.value: tone for level, tone in CONFLICT_TONES.items()},
    )
    def conflict_shown(self, deal: Deal) -> Any:
        level = getattr(deal, "conflict", None) or ConflictLevel.NONE
        if level == ConflictLevel.NONE:
            return ""
        return level, CONFLICT_LABELS[ConflictLevel(level)]

    @display(description=gettext_lazy("age"))
    def age(self, deal: Deal) -> str:
        if deal.submitted_at is None:
            return "–"
        return waited((timezone.now() - deal.submitted_at).days)

    @display(description=gettext_lazy("protected until"))
    def protected_until(self, deal: Deal) -> str:
        shown = protection_of(deal)
        if shown is None or not shown.in_force:
            return "–"
        return date_format(timezone.localtime(shown.until), "DATE_FORMAT")
