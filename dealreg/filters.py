"""What a partner can narrow its list of deals by."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.forms import SearchInput
from django.utils.translation import gettext_lazy as _

from core.own_fields.fields import FieldType
from core.own_fields.values import NO, YES
from dealreg import own_fields, queries
from dealreg.models import Deal, ProductLine
from dealreg.models.deals import DealQuerySet
from dealreg.rules.own_fields import OwnField
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

    def __init__(self, *args: Any, own: Sequence[OwnField] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in own_fields.filtering(own):
            for name, narrowing in filters_of(field).items():
                narrowing.parent, narrowing.model = self, Deal
                self.filters[name] = narrowing

    def by_text(self, rows: DealQuerySet, _name: str, value: Any) -> DealQuerySet:
        return queries.matching_text(rows, value)


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


def _form_fields(own: OwnField, label: str) -> list[tuple[str, str, forms.Field]]:
    least, most = _("%(name)s from"), _("%(name)s up to")
    ranged: dict[str, str] = {
        "least": str(least) % {"name": label},
        "most": str(most) % {"name": label},
    }
    match own.spec.type:
        case FieldType.NUMBER | FieldType.MONEY:
            return [
                (
                    f"_{bound}",
                    bound,
                    forms.DecimalField(
                        label=text,
                        required=False,
                        max_digits=18,
                        decimal_places=6,
                        localize=True,
                        widget=forms.TextInput({"inputmode": "decimal"}),
                    ),
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
