"""The vendor's cut of the world."""

import re
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import (
    ModelForm,
)
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin.base import RecordedAdmin, actor_of
from partners import services
from partners.admin.calendars import CalendarInline, HolidayInline
from partners.admin.policies import InForceHere, PolicyInline
from partners.models import (
    Region,
)
from partners.queries.regions import region_exists


class RegionForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Region
        fields = ["name", "code", "parent"]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().upper()
        if not re.fullmatch(r"[A-Z0-9-]+", code):
            raise ValidationError(_("Use letters A to Z, digits and hyphens."))
        return code

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        parent: Region | None = data.get("parent")
        old = self.instance.path
        if parent is not None and old and (parent.path == old or parent.path.startswith(f"{old}.")):
            self.add_error("parent", _("A region cannot be moved below itself."))
        elif "code" in data:
            path = f"{parent.path}.{data['code']}" if parent else data["code"]
            if path != old and region_exists(path):
                self.add_error("code", _("There is a region %s already.") % path)
        return data


@admin.register(Region)
class RegionAdmin(InForceHere, RecordedAdmin):
    refusals = (services.ImpossibleRegion,)
    list_display = ["name", "path", "parent"]
    list_select_related = ["parent"]
    search_fields = ["name", "path"]
    ordering = ["path"]
    form = RegionForm
    fieldsets = [(None, {"fields": ["name", "code", "parent", "path"]})]
    readonly_fields = ["path", *InForceHere.in_force]
    inlines = [PolicyInline, CalendarInline, HolidayInline]

    def get_fieldsets(self, request: HttpRequest, obj: Region | None = None) -> Any:
        if obj is None:
            return self.fieldsets
        return [*self.fieldsets, (gettext_lazy("What holds here"), {"fields": self.in_force})]

    def get_inlines(self, request: HttpRequest, obj: Region | None) -> list[Any]:
        return list(self.inlines) if obj else []

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        region = services.add_region(
            actor=actor_of(request),
            code=data["code"],
            name=data["name"],
            parent_id=data["parent"].pk if data["parent"] else None,
        )
        row.pk = region.pk

    def change(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        services.change_region(
            actor=actor_of(request),
            region_id=row.pk,
            code=data["code"],
            name=data["name"],
            parent_id=data["parent"].pk if data["parent"] else None,
        )
