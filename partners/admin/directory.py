"""What partners show in the public directory, for operations to take out."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from core.admin.base import RecordedAdmin, actor_of
from partners.admin.organisations import RegionFilter
from partners.models import DirectoryProfile, in_regions
from partners.services.directory import (
    InvalidProfile,
    reopen_directory,
    take_out_of_directory,
)

TOLD = ["partner", "listed", "name", "text", "website", "languages", "countries", "changed_at"]


class TakeOutForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = DirectoryProfile
        fields = ["closed_because"]
        widgets = {"closed_because": UnfoldAdminTextareaWidget(attrs={"rows": 2})}
        help_texts = {
            "closed_because": gettext_lazy(
                "Takes the company out at once; the partner reads it. Emptied, the partner may "
                "list itself again."
            )
        }


class ProfilesRegionFilter(RegionFilter):
    path_field = "partner__region__path"


@admin.register(DirectoryProfile)
class DirectoryProfileAdmin(RecordedAdmin):
    refusals = (InvalidProfile,)
    form = TakeOutForm
    list_display = ["name", "partner", "listed", "closed_because", "changed_at"]
    list_filter = ["listed", ProfilesRegionFilter]
    list_select_related = ["partner"]
    search_fields = ["name__istartswith", "partner__name__istartswith"]
    ordering = ["-id"]
    readonly_fields = TOLD
    fields = ["closed_because", *TOLD]
    empty_text = gettext_lazy("Profiles appear here when partners write one.")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.filter(in_regions(actor_of(request).region_paths, "partner__region__path"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        actor, reason = actor_of(request), form.cleaned_data["closed_because"]
        if reason.strip():
            take_out_of_directory(actor=actor, profile_id=row.pk, reason=reason)
        else:
            reopen_directory(actor=actor, profile_id=row.pk)
