"""The form in which a partner states a cost."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import money_rates
from core.number_fields import NumberField
from partners.models import PartnerCost
from partners.rules.profit import Cost, CostKind


class CostForm(forms.Form):
    """`version` is the one that was read; 0 for a new cost."""

    kind = forms.ChoiceField(label=_("Kind"), choices=CostKind.choices)
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    amount = NumberField(label=_("Amount"), max_digits=18, decimal_places=3)
    currency = forms.ChoiceField(label=_("Currency"))
    note = forms.CharField(label=_("What for"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = sorted(money_rates.accepted_currencies())
        self.fields["currency"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]

    def said(self) -> Cost:
        """What was written; only of a valid form."""
        data = self.cleaned_data
        return Cost(
            CostKind(data["kind"]), data["day"], data["amount"], data["currency"], data["note"]
        )


def read_of(row: PartnerCost) -> dict[str, Any]:
    """A stored cost as the form shows it."""
    names = ("kind", "day", "amount", "currency", "note", "version")
    return {**{name: getattr(row, name) for name in names}, "amount": shown(row)}


def shown(row: PartnerCost) -> Any:
    """Without places that say nothing: 12.500 → 12.50."""
    short = row.amount.normalize()
    return row.amount.quantize(0) if short == short.to_integral_value() else short
