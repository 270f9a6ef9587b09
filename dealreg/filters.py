"""What a partner can narrow its list of deals by."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.forms import SearchInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import money_rates
from core.number_fields import NumberField
from core.own_fields.fields import FieldType
from core.own_fields.values import NO, YES
from dealreg import forecast, own_fields, queries, sales
from dealreg.models import Deal, ProductLine
from dealreg.models.deals import IN_PIPELINE, DealQuerySet
from dealreg.rules.own_fields import OwnField
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

    def __init__(self, *args: Any, own: Sequence[OwnField] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in own_fields.filtering(own):
            for name, narrowing in filters_of(field).items():
                narrowing.parent, narrowing.model = self, Deal
                self.filters[name] = narrowing

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


class Narrowing(django_filters.Filter):  # type: ignore[misc]
    """A filter by the answers in one own field; `bound` is least, most or equal."""

    def __init__(self, own: OwnField, bound: str, field: forms.Field) -> None:
        super().__init__(label=field.label)
        self.own, self.bound, self._form_field = own, bound, field

    @property
    def field(self) -> forms.Field:
        return self._form_field

    def filter(self, rows: DealQuerySet, value: Any) -> DealQuerySet:
        if value in (None, ""):
            return rows
        if self.own.spec.type == FieldType.FILE:
            return own_fields.with_file(rows, self.own, there=value == YES)
        if self.own.spec.type == FieldType.YES_NO:
            value = value == YES
        return own_fields.narrowed(rows, self.own, **{self.bound: value})


def filters_of(own: OwnField) -> dict[str, Narrowing]:
    """The filters by one own field: a range of numbers, money and dates, a beginning of texts,
    one of the answers else."""
    name, label = own.form_name, own.spec.label
    return {
        f"{name}{end}": Narrowing(own, bound, field)
        for end, bound, field in _form_fields(own, label)
    }


def ends_of(own: OwnField) -> dict[str, str]:
    """How the two ends of a range are called; of money with the currency that is compared in."""
    named = {"name": own.spec.label, "currency": money_rates.base_currency()}
    if own.spec.type == FieldType.MONEY:
        return {
            "least": _("%(name)s from (%(currency)s)") % named,
            "most": _("%(name)s up to (%(currency)s)") % named,
        }
    return {"least": _("%(name)s from") % named, "most": _("%(name)s up to") % named}


def _form_fields(own: OwnField, label: str) -> list[tuple[str, str, forms.Field]]:
    ranged = ends_of(own)
    match own.spec.type:
        case FieldType.NUMBER | FieldType.MONEY:
            return [
                (
                    f"_{bound}",
                    bound,
                    NumberField(label=text, required=False, max_digits=18, decimal_places=6),
                )
                for bound, text in ranged.items()
            ]
        case FieldType.DATE:
            picker = {"type": "date"}
            return [
                (
                    f"_{bound}",
                    bound,
                    forms.DateField(
                        label=text,
                        required=False,
                        widget=forms.DateInput(picker, format="%Y-%m-%d"),
                    ),
                )
                for bound, text in ranged.items()
            ]
        case FieldType.TEXT:
            return [("", "equal", forms.CharField(label=label, required=False, max_length=60))]
        case FieldType.CHOICE:
            choices = [(one.code, one.label) for one in own.spec.choices]
        case _:
            choices = [(YES, str(_("yes"))), (NO, str(_("no")))]
    return [("", "equal", forms.ChoiceField(label=label, required=False, choices=[ANY, *choices]))]


ANY = ("", _("Any"))


def kept(own: Sequence[OwnField]) -> list[str]:
    """What of the list's address a saved filter keeps."""
    names = [name for field in own_fields.filtering(own) for name in filters_of(field)]
    return [*DealFilter.Meta.fields, *names, "sort"]
