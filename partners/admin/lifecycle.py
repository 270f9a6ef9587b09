"""Letting partners go, and how they came to stand where they stand, in the back office."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from core.admin.base import RecordedAdmin, actor_of
from partners.models import Offboarding, OffboardingStep, StatusMove, in_regions
from partners.registries.offboarding import step_named
from partners.services import offboarding
from partners.services.lifecycle import LifecycleRefused


class ReadInline(TabularInline):  # type: ignore[misc]
    """Rows to read."""

    extra = 0
    max_num = 0
    can_delete = False
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return actor_of(request).is_staff


class StatusInline(ReadInline):
    model = StatusMove
    fields = ["old", "new", "reason", "moved_at", "moved_by"]
    readonly_fields = fields
    ordering = ["-pk"]


class StepInline(ReadInline):
    model = OffboardingStep
    fields = ["what", "state", "note", "done_at", "done_by"]
    readonly_fields = fields
    ordering = ["position", "pk"]

    @display(description=gettext_lazy("step"))
    def what(self, row: OffboardingStep) -> str:
        step = step_named(row.name)
        return str(step.label) if step else row.name


class OffboardingForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Offboarding
        fields = ["partner", "begins_on", "reason", "deals_go_to", "todos_go_to"]


@admin.register(Offboarding)
class OffboardingAdmin(RecordedAdmin):
    refusals = (LifecycleRefused,)
    list_display = ["partner", "state", "begins_on", "reason", "started_by", "ended_at"]
    list_select_related = ["partner", "started_by"]
    list_filter = [("state", ChoicesDropdownFilter)]
    search_fields = ["partner__name"]
    ordering = ["-id"]
    form = OffboardingForm
    autocomplete_fields = ["partner", "deals_go_to", "todos_go_to"]
    inlines = [StepInline]
    actions = ["halt", "go_on", "take_back", "finish"]
    change_form_outer_before_template = "admin/partners/offboarding_verbs.html"
    empty_text = gettext_lazy("No partner has been let go yet.")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.filter(in_regions(actor_of(request).region_paths, "partner__region__path"))

    def get_fields(self, request: HttpRequest, obj: Offboarding | None = None) -> list[str]:
        own = ["partner", "begins_on", "reason", "deals_go_to", "todos_go_to"]
        return [*own, "state", "started_at", "started_by", "ended_at"] if obj else own

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"begins_on": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def get_inlines(self, request: HttpRequest, obj: Offboarding | None) -> list[Any]:
        return list(self.inlines) if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The checklist is moved by its actions; what it did stays as it is.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        made = offboarding.start_offboarding(
            actor=actor_of(request),
            partner_id=data["partner"].pk,
            reason=data["reason"],
            begins_on=data["begins_on"],
            todos_to_id=data["todos_go_to"].pk if data["todos_go_to"] else None,
            deals_to_id=data["deals_go_to"].pk if data["deals_go_to"] else None,
        )
        row.pk = made.pk

    def move(
        self,
        request: HttpRequest,
        rows: "models.QuerySet[Offboarding]",
        service: Callable[..., Any],
    ) -> None:
        for key in list(rows.values_list("pk", flat=True)[:100]):
            try:
                service(actor=actor_of(request), offboarding_id=key)
            except LifecycleRefused as refused:
                self.message_user(request, str(refused), messages.ERROR)
            else:
                self.message_user(request, _("Done."), messages.SUCCESS)

    @admin.action(description=gettext_lazy("Halt"), permissions=["add"])
    def halt(self, request: HttpRequest, queryset: "models.QuerySet[Offboarding]") -> None:
        self.move(request, queryset, offboarding.halt_offboarding)

    @admin.action(description=gettext_lazy("Go on"), permissions=["add"])
    def go_on(self, request: HttpRequest, queryset: "models.QuerySet[Offboarding]") -> None:
        self.move(request, queryset, offboarding.resume_offboarding)

    @admin.action(description=gettext_lazy("Take back: the partner stays"), permissions=["add"])
    def take_back(self, request: HttpRequest, queryset: "models.QuerySet[Offboarding]") -> None:
        self.move(request, queryset, offboarding.take_back_offboarding)

    @admin.action(
        description=gettext_lazy("Finish: the partner is offboarded"), permissions=["add"]
    )
    def finish(self, request: HttpRequest, queryset: "models.QuerySet[Offboarding]") -> None:
        self.move(request, queryset, offboarding.finish_offboarding)
