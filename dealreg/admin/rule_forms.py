"""The forms with which operations write rules of engagement without code.

A rule's conditions are rows (fact, operator, value) of which all or any must hold. What rows
cannot say, groups inside groups, is written as JSON in the field for experts.
"""

import json
from dataclasses import asdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from dealreg import services
from dealreg.models import ProductLine, RuleBook
from dealreg.queries import product_lines
from dealreg.rules.engagement import InvalidRule, Operator, read_condition, read_group
from dealreg.rules.facts import FACTS, FactType
from dealreg.rules.protection import (
    LONGEST_DAYS,
    MOST_EXTENSIONS,
    EvidenceKind,
    ProtectionTerms,
)
from dealreg.rules.request import MAY_BE_ASKED
from dealreg.rules.states import DeclineReason, Outcome
from dealreg.services.drafting import fingerprint_of, rules_of
from partners.programme import regions_by_path

SPARE_ROWS = 2
MOST_ROWS = 20
YES = frozenset({"yes", "true", "1"})
NO = frozenset({"no", "false", "0"})


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


class ConditionForm(forms.Form):
    """One row: a fact, how it is compared, and with what."""

    fact = forms.ChoiceField(
        label=gettext_lazy("Fact"), required=False, widget=UnfoldAdminSelectWidget
    )
    operator = forms.ChoiceField(
        label=gettext_lazy("is compared"),
        required=False,
        choices=Operator.choices,
        widget=UnfoldAdminSelectWidget,
    )
    value = forms.CharField(
        label=gettext_lazy("with"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        facts = [(fact.name, str(fact.label)) for fact in FACTS.offered()]
        self.fields["fact"].choices = [("", "—"), *facts]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("fact") and data.get("operator"):
            written = {
                "fact": data["fact"],
                data["operator"]: value_of(data["fact"], data["operator"], data["value"]),
            }
            try:
                read_condition(written)
            except InvalidRule as wrong:
                self.add_error("value", str(wrong))
            data["condition"] = written
        return data


def value_of(fact: str, operator: str, text: str) -> Any:
    """What was typed, as the JSON form has it: another fact's name compares with that fact, a
    list is separated by commas."""
    text = text.strip()
    if text in FACTS:
        return {"fact": text}
    if operator in {Operator.IN, Operator.NOT_IN}:
        return [part.strip() for part in text.split(",") if part.strip()]
    if FACTS[fact].type == FactType.YES_NO:
        word = text.lower()
        known = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
        return known.get(word, True if word == _("yes") else False if word == _("no") else text)
    return text


def text_of(value: Any) -> str:
    """The way back."""
    if isinstance(value, dict):
        return str(value.get("fact", ""))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


ConditionRows = forms.formset_factory(
    ConditionForm, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


class RuleForm(forms.Form):
    """One rule as operations write it."""

    place = forms.IntegerField(
        label=gettext_lazy("Place"),
        min_value=1,
        max_value=9999,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=60, widget=UnfoldAdminTextInputWidget
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), choices=Outcome.choices, widget=UnfoldAdminSelectWidget
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason code"),
        choices=[("", gettext_lazy("None")), *DeclineReason.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    asks_for = forms.MultipleChoiceField(
        label=gettext_lazy("Asks for (with “Ask for more”)"),
        choices=MAY_BE_ASKED.items,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    opens_case = forms.BooleanField(
        label=gettext_lazy("Open a conflict case (with “Review”, when others are concerned)"),
        required=False,
    )
    message = forms.CharField(
        label=gettext_lazy("Message to the partner"),
        max_length=400,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    match = forms.ChoiceField(
        label=gettext_lazy("Applies when"),
        choices=[
            ("all", gettext_lazy("all of these conditions hold")),
            ("any", gettext_lazy("any of these conditions holds")),
        ],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    expert = forms.BooleanField(
        label=gettext_lazy("Use the conditions written as JSON instead of the rows"),
        required=False,
    )
    conditions = forms.CharField(
        label=gettext_lazy("Conditions as JSON"),
        required=False,
        max_length=20_000,
        widget=UnfoldAdminTextareaWidget(
            attrs={"rows": 9, "spellcheck": "false", "class": "bo-code"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = ConditionRows(
            self.data if self.is_bound else None,
            initial=rows_of(self.initial.get("conditions", "")),
            prefix=f"{self.prefix}-when",
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("expert"):
            data["when"] = self._read_json(data.get("conditions", ""))
        elif self.rows.is_valid():
            written = [
                row.cleaned_data["condition"]
                for row in self.rows
                if row.cleaned_data.get("condition")
            ]
            data["when"] = {data.get("match") or "all": written} if written else {}
        else:
            raise ValidationError(_("Some conditions of this rule cannot be read."))
        return data

    def _read_json(self, written: str) -> dict[str, Any]:
        try:
            conditions: dict[str, Any] = json.loads(written.strip() or "{}")
            read_group(conditions)
        except InvalidRule as wrong:
            self.add_error("conditions", str(wrong))
        except (ValueError, RecursionError) as wrong:
            self.add_error("conditions", _("This is not JSON: %s") % wrong)
        else:
            return conditions or {}
        return {}


def rows_of(written: str) -> list[dict[str, str]]:
    """The rows that say the same as `written`; none for what rows cannot say."""
    return rows_of_group(json.loads(written) if written else {})


def rows_of_group(conditions: dict[str, Any]) -> list[dict[str, str]]:
    if not flat(conditions):
        return []
    members: list[dict[str, Any]] = next(iter(conditions.values()), [])
    found = []
    for member in members:
        operator = next(key for key in member if key != "fact")
        found.append(
            {"fact": member["fact"], "operator": operator, "value": text_of(member[operator])}
        )
    return found


def flat(conditions: dict[str, Any]) -> bool:
    """Whether rows can say it: one group of conditions, or none."""
    members: list[dict[str, Any]] = next(iter(conditions.values()), [])
    return len(members) <= MOST_ROWS - SPARE_ROWS and all("fact" in member for member in members)


class RulesFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    def kept(self) -> list[Any]:
        return [
            form
            for form in self.forms
            if form.has_changed() or form.initial
            if not form.cleaned_data.get("DELETE") and form.cleaned_data.get("code")
        ]

    def drafts(self) -> list[services.RuleDraft]:
        """The rules in the order of their places."""
        ordered = sorted(self.kept(), key=lambda form: form.cleaned_data["place"])
        return [
            services.RuleDraft(
                code=form.cleaned_data["code"],
                outcome=form.cleaned_data["outcome"],
                conditions=form.cleaned_data["when"],
                message=form.cleaned_data["message"],
                reason=form.cleaned_data["reason"],
                asks_for=tuple(form.cleaned_data["asks_for"]),
                opens_case=form.cleaned_data["opens_case"],
            )
            for form in ordered
        ]


Rules = forms.formset_factory(
    RuleForm, formset=RulesFormSet, extra=1, can_delete=True, max_num=200, absolute_max=200
)


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
