"""What every draft of a policy in versions is asked for: its title and whom it is about."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from partners.queries.regions import regions_by_path
from partners.rules import PartnerType


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
