"""Values of measures that the portal cannot count, entered by hand."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import ChoiceField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from core.admin.base import RecordedAdmin, actor_of
from partners import services
from partners.admin.pages import OfRegions
from partners.measures import all_measures
from partners.models import MeasureValue
from partners.words import tiers as tier_words


class ValueForm(ModelForm):  # type: ignore[type-arg]
    measure = ChoiceField(label=gettext_lazy("Measure"), widget=UnfoldAdminSelectWidget)

    class Meta:
        model = MeasureValue
        fields = ["partner", "measure", "day", "value", "source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "measure" in self.fields:
            stored = [(one.name, one.label) for one in all_measures() if one.stored]
            self.fields["measure"].choices = stored  # type: ignore[attr-defined]


@admin.register(MeasureValue)
class MeasureValueAdmin(OfRegions, RecordedAdmin):
    refusals = (services.TierRefused,)
    list_display = ["partner", "label", "day", "value", "source", "entered_at"]
    list_select_related = ["partner"]
    search_fields = ["partner__name"]
    ordering = ["-id"]
    form = ValueForm
    autocomplete_fields = ["partner"]
    fields = ["partner", "measure", "day", "value", "source"]
    empty_text = gettext_lazy("Enter what the portal cannot count, or import it.")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A value of the same day replaces it, which the record tells.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=gettext_lazy("measure"))
    def label(self, row: MeasureValue) -> str:
        return tier_words.label_of(row.measure)

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        new = services.NewValue(
            data["partner"].pk, data["measure"], data["day"], data["value"], data["source"]
        )
        services.enter_values(actor=actor_of(request), values=[new])
        row.pk = services.entered_row(new).pk
