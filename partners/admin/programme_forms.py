"""The form with which operations write a tier programme: one table of measures and tiers."""

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from partners import services
from partners.admin.version_form import NUMBER, VersionForm, initial_of
from partners.measures import Measure, Unit, all_measures
from partners.models import Tier, TierProgramme
from partners.queries.tiers import all_tiers
from partners.rules.periods import PeriodKind
from partners.rules.tiers import Approval
from partners.words import tiers as tier_words

LEAST = Decimal("0.001")


class ProgrammeForm(VersionForm):
    """A draft's settings, what each tier asks of each measure, and how points are counted."""

    period = forms.ChoiceField(
        label=gettext_lazy("Counted over"),
        choices=PeriodKind.choices,
        widget=UnfoldAdminSelectWidget,
    )
    months = forms.IntegerField(
        label=gettext_lazy("Rolling months"),
        min_value=1,
        max_value=60,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    grace_days = forms.IntegerField(
        label=gettext_lazy("Days of grace before a partner falls"),
        min_value=0,
        max_value=730,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    warn_days = forms.IntegerField(
        label=gettext_lazy("Warn again so many days before it ends"),
        min_value=0,
        max_value=365,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    approval = forms.ChoiceField(
        label=gettext_lazy("A person approves"),
        choices=Approval.choices,
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tiers = all_tiers()
        self.measures = sorted(all_measures(), key=lambda one: str(one.label))
        for tier in self.tiers:
            self.fields[f"in-{tier.pk}"] = forms.BooleanField(
                label=_("%s belongs to the programme") % tier.name, required=False
            )
            self._count(f"points-{tier.pk}", _("%s: points") % tier.name)
            for measure in self.measures:
                label = f"{measure.label}: {tier.name}"
                self.add_number(f"need-{measure.name}-{tier.pk}", label, least=LEAST)
        for measure in self.measures:
            label = _("%s: for each") % measure.label
            self.add_number(f"per-{measure.name}", label, least=LEAST)
            self._count(f"score-{measure.name}", _("%s: points") % measure.label)
            self._count(f"most-{measure.name}", _("%s: at most") % measure.label)

    def _count(self, name: str, label: str) -> None:
        self.fields[name] = forms.IntegerField(
            label=label,
            required=False,
            min_value=1,
            max_value=1000,
            widget=forms.TextInput(attrs={**NUMBER, "aria-label": label}),
        )

    # The table as the template walks over it.

    def heads(self) -> list[tuple[Tier, BoundField]]:
        return [(tier, self[f"in-{tier.pk}"]) for tier in self.tiers]

    def rows(self) -> list[tuple[Measure, str, list[BoundField]]]:
        return [
            (
                measure,
                str(Unit(measure.unit).label),
                [self[f"need-{measure.name}-{tier.pk}"] for tier in self.tiers],
            )
            for measure in self.measures
        ]

    def points(self) -> list[BoundField]:
        return [self[f"points-{tier.pk}"] for tier in self.tiers]

    def scores(self) -> list[tuple[Measure, list[BoundField]]]:
        return [
            (measure, [self[f"{part}-{measure.name}"] for part in ("per", "score", "most")])
            for measure in self.measures
        ]

    def wrong(self) -> list[tuple[str, str]]:
        """What is wrong with the table's cells, for the top of the form."""
        return [
            (str(self.fields[name].label), str(error))
            for name, errors in self.errors.items()
            if "-" in name
            for error in errors
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for measure in self.measures:
            if bool(data.get(f"per-{measure.name}")) != bool(data.get(f"score-{measure.name}")):
                self.add_error(
                    f"per-{measure.name}", _("Write both: for each how much, and how many points.")
                )
        return data

    def draft(self) -> services.ProgrammeDraft:
        """What was written, as the service takes it."""
        data = self.cleaned_data
        return services.ProgrammeDraft(
            **self.whom(),
            period=data["period"],
            months=data["months"],
            grace_days=data["grace_days"],
            warn_days=data["warn_days"],
            approval=data["approval"],
            levels=[
                services.LevelDraft(
                    tier.pk,
                    {
                        measure.name: data[f"need-{measure.name}-{tier.pk}"]
                        for measure in self.measures
                        if data[f"need-{measure.name}-{tier.pk}"]
                    },
                    data[f"points-{tier.pk}"],
                )
                for tier in self.tiers
                if data[f"in-{tier.pk}"]
            ],
            scores=[
                services.ScoreDraft(
                    measure.name,
                    data[f"per-{measure.name}"],
                    data[f"score-{measure.name}"],
                    data[f"most-{measure.name}"],
                )
                for measure in self.measures
                if data[f"per-{measure.name}"]
            ],
        )


def form_of(row: TierProgramme) -> ProgrammeForm:
    """The form with a draft as it is stored."""
    draft = services.draft_of(row)
    settings = ("period", "months", "grace_days", "warn_days", "approval")
    initial = initial_of(draft, services.programme_fingerprint(row), *settings)
    for level in draft.levels:
        initial[f"in-{level.tier_id}"] = True
        initial[f"points-{level.tier_id}"] = level.points
        for measure, value in level.requirements.items():
            initial[f"need-{measure}-{level.tier_id}"] = tier_words.trimmed(value)
    for score in draft.scores:
        initial |= {
            f"per-{score.measure}": tier_words.trimmed(score.per),
            f"score-{score.measure}": score.points,
            f"most-{score.measure}": score.at_most,
        }
    return ProgrammeForm(initial=initial)
