"""The conditions of a rule as rows of a form: a fact, how it is compared, and with what."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from dealreg.rules.engagement import InvalidRule, Operator, read_condition
from dealreg.rules.facts import FACTS, FactType

SPARE_ROWS = 2
MOST_ROWS = 20
YES = frozenset({"yes", "true", "1"})
NO = frozenset({"no", "false", "0"})


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
