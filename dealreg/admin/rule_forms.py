"""The forms with which operations write rules of engagement without code.

A rule's conditions are rows (fact, operator, value) of which all or any must hold. What rows
cannot say, groups inside groups, is written as JSON in the field for experts.
"""

import json
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
from dealreg.admin.condition_forms import ConditionRows, rows_of
from dealreg.rules.engagement import InvalidRule, read_group
from dealreg.rules.request import MAY_BE_ASKED
from dealreg.rules.states import DeclineReason, Outcome


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

    def has_changed(self) -> bool:
        """Whether anything was written. A browser always sends what its menus show, so for the
        spare form at the end that says nothing."""
        if self.initial:
            return super().has_changed()
        typed = {"place", "code", "message", "reason", "asks_for", "opens_case", "conditions"}
        return bool(typed & set(self.changed_data)) or any(
            row["fact"].value() or row["value"].value() for row in self.rows
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
