"""The forms about joint business plans."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import User
from partners import measures
from partners.models import JointPlan
from partners.queries import plans
from partners.rules.periods import Period
from partners.rules.plans import LARGEST_TARGET, MOST_ACTIVITIES, MOST_GOALS, periods_offered
from partners.services.planning import ActivityDraft, GoalDraft, PlanDraft

SPARE_ROWS = 2


class BeginForm(forms.Form):
    period = forms.ChoiceField(label=gettext_lazy("Period"))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {f"{one.first}-{one.last}": one for one in periods_offered(today)}
        choices = [(key, plans.period_label(one)) for key, one in self.offered.items()]
        self.fields["period"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> Period:
        return self.offered[self.cleaned_data["period"]]


class WordsForm(forms.Form):
    """The plan's own words. `version` is the one that was read."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    summary = forms.CharField(
        label=gettext_lazy("What we want together"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class GoalForm(forms.Form):
    measure = forms.ChoiceField(label=gettext_lazy("Measure"), required=False)
    target = forms.DecimalField(
        label=gettext_lazy("Target"),
        required=False,
        max_digits=15,
        decimal_places=3,
        min_value=Decimal("0.001"),
        max_value=LARGEST_TARGET,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.name, f"{one.label} ({one.unit.label})") for one in measures.all_measures()]
        self.fields["measure"].choices = [("", _("No goal")), *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("measure") and data.get("target") is None and "target" not in self.errors:
            self.add_error("target", _("Say how much."))
        return data

    def draft(self) -> GoalDraft | None:
        """None for an empty row: that goal is not in the plan."""
        data = self.cleaned_data
        if not data.get("measure"):
            return None
        return GoalDraft(data["measure"], data["target"], data["note"])


class ActivityForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Activity"), required=False, max_length=200)
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    due_on = forms.DateField(
        label=gettext_lazy("Due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    id = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", _("Nobody yet")), *people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("title") and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Say until when."))
        return data

    def draft(self) -> ActivityDraft | None:
        """None for an empty row: that activity is not in the plan."""
        data = self.cleaned_data
        if not data.get("title"):
            return None
        owner = int(data["owner"]) if data.get("owner") else None
        return ActivityDraft(data["title"], data["due_on"], owner, data.get("id"))


class RowsFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """Rows of a plan; empty ones are left out."""

    def drafts(self) -> list[Any]:
        return [draft for form in self.forms if (draft := form.draft()) is not None]


GoalFormSet = forms.formset_factory(
    GoalForm, formset=RowsFormSet, extra=0, max_num=MOST_GOALS, validate_max=True
)
ActivityFormSet = forms.formset_factory(
    ActivityForm, formset=RowsFormSet, extra=0, max_num=MOST_ACTIVITIES, validate_max=True
)


class PlanForms:
    """The whole plan as forms: its words, its goals and its activities."""

    def __init__(self, plan: JointPlan, owners: Iterable[User], data: Any = None) -> None:
        activities = list(plan.activities.select_related("owner"))
        people = {str(one.pk): str(one) for one in owners}
        for row in activities:
            if row.owner is not None:
                people.setdefault(str(row.owner.pk), str(row.owner))
        words = {"title": plan.title, "summary": plan.summary, "version": plan.version}
        self.words = WordsForm(data, initial=words, prefix="plan")
        goals: list[dict[str, Any]] = [
            {"measure": one.measure, "target": f"{one.target.normalize():f}", "note": one.note}
            for one in plan.goals.all()
        ]
        rows: list[dict[str, Any]] = [
            {
                "title": one.title,
                "owner": str(one.owner_id or ""),
                "due_on": one.due_on,
                "id": one.pk,
            }
            for one in activities
        ]
        spare: list[dict[str, Any]] = [{}] * SPARE_ROWS
        self.goals: Any = GoalFormSet(data, initial=[*goals, *spare][:MOST_GOALS], prefix="goals")
        self.activities: Any = ActivityFormSet(
            data,
            initial=[*rows, *spare][:MOST_ACTIVITIES],
            prefix="activities",
            form_kwargs={"people": list(people.items())},
        )

    def is_valid(self) -> bool:
        return all([self.words.is_valid(), self.goals.is_valid(), self.activities.is_valid()])

    def draft(self) -> PlanDraft:
        data = self.words.cleaned_data
        return PlanDraft(
            data["title"], data["summary"], self.goals.drafts(), self.activities.drafts()
        )

    @property
    def version(self) -> int:
        return int(self.words.cleaned_data["version"])
