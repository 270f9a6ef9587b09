"""What a partner can narrow its list of deals by."""

from typing import Any

import django_filters
from django.forms import SearchInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealreg import forecast, queries, sales
from dealreg.models import Deal, ProductLine
from dealreg.models.deals import IN_PIPELINE, DealQuerySet
from dealreg.rules.states import DealStage, DealStatus

SALE = [
    ("open", _("Open")),
    ("stale", _("Without an update for long")),
    ("won", _("Won")),
    ("lost", _("Lost")),
]
PROTECTION = [
    ("running", _("Running")),
    ("ending", _("Ends within 14 days")),
    ("none", _("None")),
]


class DealFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(
        label=_("Search"),
        method="by_text",
        max_length=100,
        widget=SearchInput(attrs={"placeholder": _("Customer, domain or number")}),
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=DealStatus.choices, empty_label=_("Any")
    )
    sale = django_filters.ChoiceFilter(
        label=_("Sale"), choices=SALE, empty_label=_("Any"), method="by_sale"
    )
    stage = django_filters.ChoiceFilter(
        label=_("Sales stage"), choices=DealStage.choices, empty_label=_("Any")
    )
    closes = django_filters.ChoiceFilter(
        label=_("Expected close"),
        choices=forecast.close_choices,
        empty_label=_("Any"),
        method="by_close",
    )
    protection = django_filters.ChoiceFilter(
        label=_("Protection"), choices=PROTECTION, empty_label=_("Any"), method="by_protection"
    )
    product_line = django_filters.ModelChoiceFilter(
        label=_("Product line"), queryset=ProductLine.objects.all(), empty_label=_("Any")
    )

    class Meta:
        model = Deal
        fields = ["q", "status", "sale", "stage", "closes", "protection", "product_line"]

    def by_text(self, rows: DealQuerySet, _name: str, value: Any) -> DealQuerySet:
        return queries.matching_text(rows, value)

    def by_sale(self, rows: DealQuerySet, _name: str, value: str) -> DealQuerySet:
        match value:
            case "open":
                return rows.filter(IN_PIPELINE)
            case "stale":
                return sales.stale(rows)
            case _:
                return rows.filter(stage=value)

    def by_close(self, rows: DealQuerySet, _name: str, value: str) -> DealQuerySet:
        return rows.filter(forecast.closing_in(value))

    def by_protection(self, rows: DealQuerySet, _name: str, value: str) -> DealQuerySet:
        match value:
            case "running":
                return queries.with_protection(rows)
            case "ending":
                return queries.with_protection(rows, until=timezone.now() + queries.SOON)
            case _:
                return queries.without_protection(rows)


# What of the list's address a saved filter keeps.
KEPT = [*DealFilter.Meta.fields, "sort"]
