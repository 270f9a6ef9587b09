"""Which features are tried out, with whom, and until when."""

from typing import Any

from django.contrib import admin
from django.forms import ChoiceField, ModelForm
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from core.admin.base import RecordedAdmin
from partners.models import RollOut
from partners.registries.features import feature_choices, label_of


class RollOutForm(ModelForm):  # type: ignore[type-arg]
    feature = ChoiceField(
        label=gettext_lazy("Feature"),
        choices=feature_choices,
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("While it has a roll-out, nobody else has it."),
    )

    class Meta:
        model = RollOut
        fields = ["feature", "region", "partner", "first_day", "last_day"]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if {"region", "partner"} <= data.keys() and bool(data["region"]) == bool(data["partner"]):
            self.add_error("partner", _("Choose either a region or a partner."))
        if first and last and last < first:
            self.add_error("last_day", _("It cannot end before it begins."))
        return data


@admin.register(RollOut)
class RollOutAdmin(RecordedAdmin):
    list_display = ["label", "region", "partner", "first_day", "last_day", "state"]
    list_select_related = ["region", "partner"]
    search_fields = ["feature", "partner__name"]
    ordering = ["feature", "id"]
    form = RollOutForm
    autocomplete_fields = ["partner"]
    fields = ["feature", ("region", "partner"), ("first_day", "last_day")]
    empty_text = gettext_lazy(
        "Every feature is on for everybody. Add a roll-out to try one with some first."
    )

    @display(description=gettext_lazy("feature"), ordering="feature")
    def label(self, row: RollOut) -> str:
        return label_of(row.feature)

    @display(description=gettext_lazy("now"))
    def state(self, row: RollOut) -> str:
        today = timezone.localdate()
        if today < row.first_day:
            return _("planned")
        return _("on") if today <= row.last_day else _("ended")
