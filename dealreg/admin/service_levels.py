"""Within how many days conflict cases are decided, and who is told when they are not."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import display

from core.admin.base import RecordedAdmin
from dealreg.models import EscalationStep, ServiceLevel


class StepInline(TabularInline):  # type: ignore[misc]
    model = EscalationStep
    fields = ["after_days", "who"]
    extra = 0
    ordering = ["after_days"]


@admin.register(ServiceLevel)
class ServiceLevelAdmin(RecordedAdmin):
    list_display = ["where", "decision_days", "evidence_days", "appeal_days"]
    list_select_related = ["region"]
    ordering = ["region__path"]
    fields = ["region", ("decision_days", "evidence_days", "appeal_days")]
    empty_text = gettext_lazy("Add one: without a region it holds everywhere.")

    def get_inlines(self, request: HttpRequest, obj: ServiceLevel | None) -> list[Any]:
        return [StepInline] if obj else []

    @display(description=gettext_lazy("region"))
    def where(self, level: ServiceLevel) -> str:
        return str(level)
