"""The forms of a sale. They parse; what a sale needs stands in rules/sale.py."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.money import in_its_unit
from core.number_fields import NumberField
from dealreg import sales
from dealreg.models import Deal
from dealreg.rules.request import Problems
from dealreg.rules.sale import (
    LONGEST_COMPETITOR,
    LONGEST_NOTE,
    LONGEST_STEP,
    Closing,
    Sale,
)
from dealreg.rules.states import STAGES_IN_ORDER, DealStage


def date_field(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


class SaleForm(forms.Form):
    stage = forms.ChoiceField(
        label=_("Sales stage"), choices=[(one.value, one.label) for one in STAGES_IN_ORDER]
    )
    amount = NumberField(label=_("Expected amount"), required=False)
    expected_close = date_field(_("Expected close"), required=False)
    probability = forms.IntegerField(
        label=_("Probability in percent"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("Empty: what is usual for the stage."),
    )
    next_step = forms.CharField(
        label=_("Next step"),
        required=False,
        max_length=LONGEST_STEP,
        help_text=_("For example: send the offer, meet the buyer."),
    )
    next_step_on = date_field(_("Next step on"), required=False)
    note = forms.CharField(
        label=_("Why?"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Optional. Your company and the vendor read it in the history."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def sale(self) -> Sale:
        data = self.cleaned_data
        return Sale(
            stage=data["stage"],
            amount=data["amount"],
            expected_close=data["expected_close"],
            probability=data["probability"],
            next_step=data["next_step"],
            next_step_on=data["next_step_on"],
        )

    def add_problems(self, problems: Problems) -> None:
        for field, text in problems.items():
            self.add_error(field, str(text))


def sale_form(deal: Deal, data: QueryDict | None = None) -> SaleForm:
    """The form with the sale as it stands, and what was sent."""
    sale = sales.sale_of(deal)
    initial = {name: getattr(sale, name) for name in Sale.__slots__}
    initial["amount"] = in_its_unit(deal.amount, deal.currency)
    form = SaleForm(data, initial={**initial, "version": deal.version})
    form.fields["amount"].currency = deal.currency  # type: ignore[attr-defined]
    return form


class ClosingForm(forms.Form):
    """What a sale that was won, or lost, has in common."""

    outcome: DealStage

    closed_on = date_field(_("Closed on"))
    reasons = forms.MultipleChoiceField(
        label=_("Why?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    note = forms.CharField(
        label=_("What should we know?"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Optional. Your company and the vendor read it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].choices = [  # type: ignore[attr-defined]
            (reason.code, reason.label) for reason in sales.reasons_for(self.outcome)
        ]

    def closing(self) -> Closing:
        data = self.cleaned_data
        return Closing(
            outcome=self.outcome,
            closed_on=data["closed_on"],
            reasons=tuple(data["reasons"]),
            amount=data.get("amount"),
            competitor=data.get("competitor", ""),
            note=data["note"],
        )

    def add_problems(self, problems: Problems) -> None:
        for field, text in problems.items():
            self.add_error(field, str(text))


class WonForm(ClosingForm):
    outcome = DealStage.WON
    amount = NumberField(label=_("Sold for"), required=False)
    field_order = ["closed_on", "amount", "reasons", "note"]


class LostForm(ClosingForm):
    outcome = DealStage.LOST
    competitor = forms.CharField(
        label=_("Who won it?"),
        required=False,
        max_length=LONGEST_COMPETITOR,
        help_text=_("The competitor, if there was one and you know."),
    )
    field_order = ["closed_on", "reasons", "competitor", "note"]


FORMS: dict[DealStage, type[ClosingForm]] = {DealStage.WON: WonForm, DealStage.LOST: LostForm}


def closing_form(outcome: DealStage, deal: Deal, data: QueryDict | None = None) -> ClosingForm:
    initial = {
        "closed_on": timezone.localdate(),
        "amount": in_its_unit(deal.amount, deal.currency),
        "version": deal.version,
    }
    form = FORMS[outcome](data, initial=initial)
    if "amount" in form.fields:
        form.fields["amount"].currency = deal.currency  # type: ignore[attr-defined]
    return form


class ReopenForm(forms.Form):
    why = forms.CharField(
        label=_("Why is it not closed?"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def add_problems(self, problems: Problems) -> None:
        for field, text in problems.items():
            self.add_error(field, str(text))
