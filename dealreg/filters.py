"""What a partner can narrow its list of deals by."""

from typing import Any

import django_filters
from django.forms import SearchInput
from django.utils.translation import gettext_lazy as _

from dealreg import queries
from dealreg.models import Deal, ProductLine
from dealreg.models.deals import DealQuerySet
from dealreg.rules.states import DealStage, DealStatus


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
    stage = django_filters.ChoiceFilter(
        label=_("Sales stage"), choices=DealStage.choices, empty_label=_("Any")
    )
    product_line = django_filters.ModelChoiceFilter(
        label=_("Product line"), queryset=ProductLine.objects.all(), empty_label=_("Any")
    )

    class Meta:
        model = Deal
        fields = ["q", "status", "stage", "product_line"]

    def by_text(self, rows: DealQuerySet, _name: str, value: Any) -> DealQuerySet:
        return queries.matching_text(rows, value)
