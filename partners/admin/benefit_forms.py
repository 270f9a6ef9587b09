"""The form with which operations write what tiers bring: one table of benefits and tiers."""

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from partners import services
from partners.admin.version_form import CELL, LARGEST, VersionForm, initial_of
from partners.models import BenefitCatalogue, Tier
from partners.queries.tiers import all_tiers
from partners.rules.benefits import (
    BENEFITS,
    NO,
    UNLIMITED,
    YES,
    Benefit,
    BenefitKind,
    Starts,
    Value,
)
from partners.words import tiers as tier_words

WORDS = {BenefitKind.LEVEL, BenefitKind.YES_NO}


class CatalogueForm(VersionForm):
    """A draft's settings, and what each tier brings of each benefit; an empty cell states
    nothing."""

    starts = forms.ChoiceField(
        label=gettext_lazy("Benefits follow a new tier"),
        choices=Starts.choices,
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tiers = all_tiers()
        for benefit in BENEFITS.values():
            for tier in self.tiers:
                self._cell(benefit, tier)

    def _cell(self, benefit: Benefit, tier: Tier) -> None:
        name, label = f"{benefit.name}-{tier.pk}", f"{benefit.label}: {tier.name}"
        if benefit.kind in WORDS:
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", "–"), *words_of(benefit)],
                widget=forms.Select(attrs={**CELL, "aria-label": label}),
            )
            return
        most = Decimal(100) if benefit.kind == BenefitKind.PERCENT else LARGEST
        places = 0 if benefit.kind == BenefitKind.COUNT else 3
        self.add_number(name, label, most=most, places=places)
        if benefit.unlimited:
            self.fields[f"any-{name}"] = forms.BooleanField(
                label=_("%s: without limit") % label, required=False
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in list(data):
            if name.startswith("any-") and data[name] and data.get(name[4:]) is not None:
                self.add_error(name[4:], _("Either a number or without limit."))
        return data

    # The table as the template walks over it.

    def rows(self) -> list[tuple[Benefit, str, list[tuple[BoundField, BoundField | None]]]]:
        return [
            (
                benefit,
                str(BenefitKind(benefit.kind).label),
                [self._pair(f"{benefit.name}-{tier.pk}") for tier in self.tiers],
            )
            for benefit in BENEFITS.values()
        ]

    def _pair(self, name: str) -> tuple[BoundField, BoundField | None]:
        unlimited = f"any-{name}"
        return self[name], self[unlimited] if unlimited in self.fields else None

    def draft(self) -> services.CatalogueDraft:
        """What was written; only of a valid form."""
        return services.CatalogueDraft(
            **self.whom(),
            starts=self.cleaned_data["starts"],
            grants={tier.pk: stated for tier in self.tiers if (stated := self._stated(tier))},
        )

    def _stated(self, tier: Tier) -> dict[str, Value]:
        stated: dict[str, Value] = {}
        for benefit in BENEFITS.values():
            written = self.cleaned_data.get(f"{benefit.name}-{tier.pk}")
            if self.cleaned_data.get(f"any-{benefit.name}-{tier.pk}"):
                stated[benefit.name] = Value(word=UNLIMITED)
            elif benefit.kind in WORDS and written:
                stated[benefit.name] = Value(word=written)
            elif benefit.kind not in WORDS and written is not None:
                stated[benefit.name] = Value(number=written)
        return stated


def words_of(benefit: Benefit) -> list[tuple[str, Any]]:
    if benefit.kind == BenefitKind.YES_NO:
        return [(YES, _("Included")), (NO, _("Not included"))]
    return list(benefit.levels)


def catalogue_form_of(row: BenefitCatalogue) -> CatalogueForm:
    """The form with a draft as it is stored."""
    draft = services.catalogue_draft_of(row)
    initial = initial_of(draft, services.catalogue_fingerprint(row), "starts")
    for tier_id, grants in draft.grants.items():
        for name, value in grants.items():
            if value.word == UNLIMITED:
                initial[f"any-{name}-{tier_id}"] = True
            else:
                number = value.number
                shown = value.word if number is None else tier_words.trimmed(number)
                initial[f"{name}-{tier_id}"] = shown
    return CatalogueForm(initial=initial)
