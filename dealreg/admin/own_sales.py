"""What customers have bought, and which of them the vendor's own people work on. The conflict
check asks both; partners see neither."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RelatedDropdownFilter

from core.admin.base import RecordedAdmin
from dealreg.desk import search_by_customer
from dealreg.models import DirectOpportunity, Purchase


class OfCustomers(RecordedAdmin):
    """Rows that belong to customers and are looked for by them."""

    search_fields = ["account__name"]
    search_help_text = gettext_lazy("Beginnings of words of the customer's name, or its domain.")
    list_filter: list[Any] = [("product_line", RelatedDropdownFilter)]
    ordering = ["-id"]

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        if not search_term.strip():
            return queryset, False
        return search_by_customer(queryset, search_term), False


@admin.register(Purchase)
class PurchaseAdmin(OfCustomers):
    list_display = ["account", "product_line", "bought_on", "ends_on", "sold_by"]
    list_select_related = ["account", "product_line", "sold_by"]
    autocomplete_fields = ["account", "sold_by"]
    fields = [("account", "product_line"), ("bought_on", "ends_on"), ("sold_by", "external_ref")]


@admin.register(DirectOpportunity)
class DirectOpportunityAdmin(OfCustomers):
    list_display = ["account", "product_line", "stage", "owner", "opened_on", "closed_on"]
    list_select_related = ["account", "product_line"]
    autocomplete_fields = ["account"]
    fields = [
        ("account", "product_line"),
        ("stage", "owner"),
        ("opened_on", "closed_on"),
        "external_ref",
    ]
