"""The working week and the holidays of a region, on the region's page."""

from typing import Any

from django.forms import ChoiceField, ModelForm, TypedMultipleChoiceField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline, TabularInline
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from core.account_forms import time_zones
from partners.models import Holiday, RegionCalendar
from partners.rules import MONDAY_TO_FRIDAY, Weekday, possible_hours


class CalendarForm(ModelForm):  # type: ignore[type-arg]
    time_zone = ChoiceField(
        label=gettext_lazy("Time zone"), choices=time_zones, widget=UnfoldAdminSelectWidget
    )
    working_days = TypedMultipleChoiceField(
        label=gettext_lazy("Working days"),
        choices=Weekday.choices,
        coerce=int,
        initial=sorted(MONDAY_TO_FRIDAY),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = RegionCalendar
        fields = ["time_zone", "working_days", "opens", "closes"]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        opens, closes = data.get("opens"), data.get("closes")
        if {"opens", "closes"} <= data.keys() and not possible_hours(opens, closes):
            self.add_error(
                "closes",
                _(
                    "Say both when the day begins and, later, when it ends; or neither: then "
                    "whole days count."
                ),
            )
        return data


class CalendarInline(StackedInline):  # type: ignore[misc]
    """When people work in the region; without it, as in the region above."""

    model = RegionCalendar
    form = CalendarForm
    fields = ["time_zone", "working_days", ("opens", "closes")]
    extra = 0
    max_num = 1


class HolidayInline(TabularInline):  # type: ignore[misc]
    model = Holiday
    fields = ["day", "name", "worked"]
    extra = 0
    ordering = ["-day"]
