"""What every draft of a policy in versions is asked for: its title and whom it is about."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from partners.queries.regions import regions_by_path
from partners.rules import PartnerType

LARGEST = Decimal(10) ** 14
CELL = {"class": "bo-input bo-cell"}
NUMBER = {**CELL, "inputmode": "decimal"}


class VersionForm(forms.Form):
    """Partners of a type (empty: every type) in a region and what lies in it (empty: everywhere).
    `seen` is the fingerprint of the draft that the writer read."""

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=120, widget=UnfoldAdminTextInputWidget
    )
    region = forms.ChoiceField(
        label=gettext_lazy("Region"), required=False, widget=UnfoldAdminSelectWidget
    )
    partner_type = forms.ChoiceField(
        label=gettext_lazy("Partner type"), required=False, widget=UnfoldAdminSelectWidget
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = [("", _("All regions")), *regions_by_path()]
        self.fields["region"].choices = regions  # type: ignore[attr-defined]
        kinds = [("", _("all partner types")), *PartnerType.choices]
        self.fields["partner_type"].choices = kinds  # type: ignore[attr-defined]

    def add_number(
        self,
        name: str,
        label: str,
        *,
        least: Decimal = Decimal(0),
        most: Decimal = LARGEST,
        places: int = 3,
    ) -> None:
        """A cell of a table for a number, which may stay empty."""
        self.fields[name] = forms.DecimalField(
            label=label,
            required=False,
            min_value=least,
            max_value=most,
            decimal_places=places,
            localize=True,
            widget=forms.TextInput(attrs={**NUMBER, "aria-label": label}),
        )

    def wrong(self) -> list[tuple[str, str]]:
        """What is wrong, with the label of the field."""
        return [
            (str(self.fields[name].label or "") if name in self.fields else "", str(error))
            for name, errors in self.errors.items()
            for error in errors
        ]

    def whom(self) -> dict[str, Any]:
        """Title and scope as they were written, as every draft takes them; of a valid form."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "region_id": int(data["region"]) if data["region"] else None,
            "partner_type": data["partner_type"],
        }


def initial_of(draft: Any, seen: str, *settings: str) -> dict[str, Any]:
    """What the form of a draft begins with: title and scope, and these of its settings."""
    return {
        "title": draft.title,
        "region": draft.region_id or "",
        "partner_type": draft.partner_type,
        "seen": seen,
        **{name: getattr(draft, name) for name in settings},
    }
