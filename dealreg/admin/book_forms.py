"""A rule book's version as operations write it: for whom, its terms, when it begins, its replay."""

import json
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from dealreg import services
from dealreg.admin.condition_forms import flat
from dealreg.admin.rule_forms import Rules
from dealreg.models import ProductLine, RuleBook
from dealreg.queries import product_lines
from dealreg.rules.protection import LONGEST_DAYS, MOST_EXTENSIONS, EvidenceKind, ProtectionTerms
from dealreg.services.drafting import fingerprint_of, rules_of
from partners.queries.regions import regions_by_path


class TitleForm(forms.Form):
    """The title and for whom the version speaks."""

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=120, widget=UnfoldAdminTextInputWidget
    )
    region = forms.ChoiceField(
        label=gettext_lazy("Region"), required=False, widget=UnfoldAdminSelectWidget
    )
    product_line = forms.ModelChoiceField[ProductLine](
        label=gettext_lazy("Product line"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("All product lines"),
        widget=UnfoldAdminSelectWidget,
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All regions")), *regions_by_path()]
        self.fields["region"].choices = choices  # type: ignore[attr-defined]
        self.fields["product_line"].queryset = product_lines()  # type: ignore[attr-defined]

    def scope(self) -> services.Scope:
        region, line = self.cleaned_data["region"], self.cleaned_data["product_line"]
        return services.Scope(int(region) if region else None, line.pk if line else None)


def days_field(label: Any, *, least: int = 1, most: int = LONGEST_DAYS) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, widget=UnfoldAdminIntegerFieldWidget
    )


class TermsForm(forms.Form):
    """For how long, and how, the version protects (rules/protection.ProtectionTerms)."""

    days = days_field(gettext_lazy("Protection in days"))
    margin = forms.DecimalField(
        label=gettext_lazy("Guaranteed margin in percent"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Empty: nothing is guaranteed."),
    )
    most_extensions = days_field(
        gettext_lazy("Extended at most so many times"), least=0, most=MOST_EXTENSIONS
    )
    extension_days = days_field(gettext_lazy("An extension in days"))
    ask_within_days = days_field(gettext_lazy("Asked for within so many days before the end"))
    sufficient = forms.MultipleChoiceField(
        label=gettext_lazy("Fresh evidence that extends at once; other evidence goes to a person"),
        choices=EvidenceKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    freshness_days = days_field(gettext_lazy("Evidence is fresh for so many days"))
    again_after_days = days_field(
        gettext_lazy("A lapsed customer can be registered again after so many days"), least=0
    )

    def terms(self) -> ProtectionTerms:
        data = self.cleaned_data
        return ProtectionTerms(**{**data, "sufficient": tuple(data["sufficient"])})


class PublishForm(forms.Form):
    effective_from = forms.DateTimeField(
        label=gettext_lazy("In force from"),
        required=False,
        help_text=gettext_lazy("Empty: from now on."),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "bo-input"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


class ReplayForm(forms.Form):
    """Both days are in the period."""

    since = forms.DateField(
        label=gettext_lazy("Decisions from"),
        widget=forms.DateInput(attrs={"type": "date", "class": "bo-input"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("until"),
        widget=forms.DateInput(attrs={"type": "date", "class": "bo-input"}, format="%Y-%m-%d"),
    )


def forms_of(book: RuleBook) -> tuple[TitleForm, TermsForm, Any]:
    """The forms with a draft as it is stored."""
    initial = [
        {
            "place": place * 10,
            "code": rule.code,
            "outcome": rule.outcome,
            "reason": rule.reason,
            "asks_for": list(rule.asks_for),
            "opens_case": rule.opens_case,
            "message": rule.message,
            "match": next(iter(rule.conditions), "all"),
            "expert": not flat(rule.conditions),
            "conditions": json.dumps(rule.conditions, indent=2, ensure_ascii=False)
            if rule.conditions
            else "",
        }
        for place, rule in enumerate(rules_of(book), start=1)
    ]
    title = TitleForm(
        initial={
            "title": book.title,
            "region": book.region_id or "",
            "product_line": book.product_line_id,
            "seen": fingerprint_of(book),
        }
    )
    terms = TermsForm(initial=asdict(book.terms), prefix="terms")
    return title, terms, Rules(initial=initial, prefix="rules")
