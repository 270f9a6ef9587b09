"""What operations keep about sales: how likely each stage is won, and why sales end."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter

from core.admin.base import RecordedAdmin
from dealreg.models import CloseReason, SalesStage


@admin.register(SalesStage)
class SalesStageAdmin(RecordedAdmin):
    """The stages themselves belong to the portal; what is thought of them is data. A new
    figure counts at once, in every forecast."""

    list_display = ["stage", "probability", "stale_after_days"]
    ordering = ["probability"]
    fields = ["stage", "probability", "stale_after_days"]
    readonly_fields = ["stage"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CloseReason)
class CloseReasonAdmin(RecordedAdmin):
    """Why sales are won or lost. A reason in use can be taken out of the list, not removed."""

    list_display = ["label", "outcome", "code", "position", "active"]
    list_filter = [("outcome", ChoicesDropdownFilter), ("active", BooleanRadioFilter)]
    search_fields = ["label", "code"]
    ordering = ["-outcome", "position", "label"]
    fields = ["outcome", "label", "code", "position", "active"]
    prepopulated_fields = {"code": ["label"]}
