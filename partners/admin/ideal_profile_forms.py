"""The form with which operations write what the ideal partner is like, criterion by criterion."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from core import countries
from partners.admin.version_form import VersionForm, initial_of
from partners.measures import all_measures
from partners.models import IdealProfile
from partners.queries.fit import focuses_called
from partners.queries.record import parts_in_use
from partners.queries.regions import regions_by_path
from partners.rules import PartnerType
from partners.rules.fit import (
    MEASURE,
    MOST_BANDS,
    MOST_CRITERIA,
    SOURCES,
    Band,
    Criterion,
    Kind,
    Unknown,
    kind_of,
)
from partners.services.ideal_profiles import IdealDraft, ideal_draft_of, ideal_fingerprint
from partners.words import fit as fit_words
from partners.words import tiers as tier_words

FIRST_WEIGHT = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion as the template walks over it."""

    heading: str
    number: int
    hidden: tuple[BoundField, ...]
    label: BoundField
    weight: BoundField
    unknown: BoundField
    drop: BoundField
    bands: tuple[tuple[BoundField, BoundField], ...]
    members: BoundField | None
    needed: BoundField | None


class IdealForm(VersionForm):
    """A draft's settings and criteria; `add` appends one whose details are then written."""

    months = forms.IntegerField(
        label=gettext_lazy("Months that measures count over"),
        min_value=1,
        max_value=60,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    good_from = forms.IntegerField(
        label=gettext_lazy("Fits well from (points)"),
        min_value=2,
        max_value=100,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    fair_from = forms.IntegerField(
        label=gettext_lazy("Fits in part from (points)"),
        min_value=1,
        max_value=99,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    shown = forms.BooleanField(
        label=gettext_lazy("Partners see their score and its reasons"), required=False
    )
    add = forms.ChoiceField(
        label=gettext_lazy("Add a criterion about"),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST_CRITERIA)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.sources = dict(sources())
        grouped = [("", _("nothing more"))]
        self.fields["add"].choices = [*grouped, *self.sources.items()]  # type: ignore[attr-defined]
        self.lists: dict[str, list[tuple[str, str]]] = {}
        self.asked: list[str] = []
        given = data if data is not None else self.initial
        for place in range(number_in(given.get("rows"))):
            source = str(given.get(f"source-{place}", ""))
            self.asked.append(source if source in self.sources else "")
            self._row(place, self.asked[-1])

    def _row(self, place: int, source: str) -> None:
        known = [(source, source)] if source else []
        self.fields[f"source-{place}"] = forms.ChoiceField(
            choices=known, label=_("What it looks at"), widget=forms.HiddenInput
        )
        self.fields[f"key-{place}"] = forms.RegexField(
            r"^[0-9a-f]{0,16}$", required=False, widget=forms.HiddenInput
        )
        asks = source == "check"
        self.fields[f"label-{place}"] = forms.CharField(
            label=_("The question") if asks else _("Label"),
            max_length=160,
            widget=UnfoldAdminTextInputWidget,
        )
        self.fields[f"weight-{place}"] = forms.IntegerField(
            label=_("Weight"),
            min_value=1,
            max_value=100,
            widget=UnfoldAdminIntegerFieldWidget,
        )
        self.fields[f"unknown-{place}"] = forms.ChoiceField(
            label=_("Where nothing is known"),
            choices=Unknown.choices,
            widget=UnfoldAdminSelectWidget,
        )
        self.fields[f"drop-{place}"] = forms.BooleanField(
            label=_("Remove this criterion"), required=False
        )
        if source and not asks:
            if kind_of(source) == Kind.NUMBER:
                self._bands(place, source)
            else:
                self._members(place, source)

    def _bands(self, place: int, source: str) -> None:
        about = self.sources[source]
        for band in range(MOST_BANDS):
            self.add_number(f"from-{place}-{band}", _("%s: from") % about)
            percent = _("%s: percent") % about
            self.add_number(f"share-{place}-{band}", percent, most=Decimal(100), places=0)

    def _members(self, place: int, source: str) -> None:
        options = self._options(source)
        self.fields[f"members-{place}"] = forms.MultipleChoiceField(
            label=_("The ideal partner has"),
            choices=options,
            required=False,
            widget=UnfoldAdminSelectMultipleWidget,
        )
        self.fields[f"needed-{place}"] = forms.IntegerField(
            label=_("How many of them are enough"),
            min_value=1,
            max_value=100,
            widget=UnfoldAdminIntegerFieldWidget,
        )

    def _options(self, source: str) -> list[tuple[str, str]]:
        if source not in self.lists:
            self.lists[source] = options_of(source)
        return self.lists[source]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for place in range(len(self.asked)):
            for band in range(MOST_BANDS):
                name = f"from-{place}-{band}"
                bound, share = data.get(name), data.get(f"share-{place}-{band}")
                if name in self.fields and (bound is None) != (share is None):
                    wrong = _("Write both: from which number on, and how many percent.")
                    self.add_error(name, wrong)
        return data

    def criteria_rows(self) -> Iterator[Row]:
        for place, source in enumerate(self.asked):
            pairs = tuple(
                (self[f"from-{place}-{band}"], self[f"share-{place}-{band}"])
                for band in range(MOST_BANDS)
                if f"from-{place}-{band}" in self.fields
            )
            listed = f"members-{place}" in self.fields
            yield Row(
                heading=self.sources.get(source, ""),
                number=place + 1,
                hidden=(self[f"source-{place}"], self[f"key-{place}"]),
                label=self[f"label-{place}"],
                weight=self[f"weight-{place}"],
                unknown=self[f"unknown-{place}"],
                drop=self[f"drop-{place}"],
                bands=pairs,
                members=self[f"members-{place}"] if listed else None,
                needed=self[f"needed-{place}"] if listed else None,
            )

    def draft(self) -> IdealDraft:
        """What was written; only of a valid form."""
        data = self.cleaned_data
        criteria = [
            self._written(place) for place in range(len(self.asked)) if not data[f"drop-{place}"]
        ]
        if data["add"]:
            label = "" if data["add"] == "check" else fit_words.source(data["add"])
            criteria.append(Criterion("", data["add"], label, FIRST_WEIGHT))
        return IdealDraft(
            **self.whom(),
            criteria=criteria,
            months=data["months"],
            fair_from=data["fair_from"],
            good_from=data["good_from"],
            shown=data["shown"],
        )

    def _written(self, place: int) -> Criterion:
        data = self.cleaned_data
        bands = [
            Band(bound, int(data[f"share-{place}-{band}"]))
            for band in range(MOST_BANDS)
            if (bound := data.get(f"from-{place}-{band}")) is not None
        ]
        return Criterion(
            key=data[f"key-{place}"],
            source=data[f"source-{place}"],
            label=data[f"label-{place}"],
            weight=data[f"weight-{place}"],
            unknown=data[f"unknown-{place}"],
            bands=tuple(sorted(bands, key=lambda band: band.at_least)),
            members=frozenset(data.get(f"members-{place}", ())),
            needed=data.get(f"needed-{place}", 1),
        )


def number_in(text: object) -> int:
    """How many criteria a form says that it has."""
    shown = str(text or "0")
    return min(int(shown), MOST_CRITERIA) if shown.isdecimal() and len(shown) < 4 else 0


def sources() -> Iterator[tuple[str, str]]:
    """What a criterion may look at, with its kind in words."""
    for name, (kind, label) in SOURCES.items():
        if name != "check":
            yield name, f"{label} ({kind.label})"
    for measure in sorted(all_measures(), key=lambda one: str(one.label)):
        yield f"{MEASURE}{measure.name}", f"{measure.label} ({Kind.NUMBER.label})"
    yield "check", str(SOURCES["check"][1])


def options_of(source: str) -> list[tuple[str, str]]:
    if source == "type":
        return [(key, str(label)) for key, label in PartnerType.choices]
    if source == "region":
        return regions_by_path()
    if source == "country":
        return countries.choices()
    if source == "territory":
        return [*countries.choices(), *parts_in_use()]
    return focuses_called(source)


def ideal_form_of(row: IdealProfile) -> IdealForm:
    """The form with a draft as it is stored."""
    draft = ideal_draft_of(row)
    seen = ideal_fingerprint(row)
    initial = initial_of(draft, seen, "months", "fair_from", "good_from", "shown")
    initial["rows"] = len(draft.criteria)
    for place, one in enumerate(draft.criteria):
        initial |= {
            f"source-{place}": one.source,
            f"key-{place}": one.key,
            f"label-{place}": one.label,
            f"weight-{place}": one.weight,
            f"unknown-{place}": one.unknown,
            f"members-{place}": sorted(one.members),
            f"needed-{place}": one.needed,
        }
        for number, band in enumerate(one.bands):
            initial[f"from-{place}-{number}"] = tier_words.trimmed(band.at_least)
            initial[f"share-{place}-{number}"] = band.share
    return IdealForm(initial=initial)
