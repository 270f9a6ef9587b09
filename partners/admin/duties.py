"""Who at the vendor does what, and where."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import (
    ModelForm,
)
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
)
from unfold.decorators import display

from core.actor import StaffRole
from core.admin.base import RecordedAdmin, actor_of
from partners import services
from partners.models import (
    StaffDuty,
)


class DutyForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = StaffDuty
        fields = ["user", "role", "region"]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        user = data.get("user")
        if user is not None and not user.is_staff:
            self.add_error("user", _("%s does not work at the vendor.") % user)
        return data


@admin.register(StaffDuty)
class StaffDutyAdmin(RecordedAdmin):
    refusals = (services.DutyRefused,)
    list_display = ["user", "role", "where"]
    list_select_related = ["user", "region"]
    list_filter = [("role", ChoicesDropdownFilter)]
    search_fields = ["user__email", "user__name"]
    ordering = ["user__email", "role"]
    form = DutyForm
    autocomplete_fields = ["user"]
    fields = ["user", "role", "region"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A duty is given and taken, so that the record says since when.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: StaffDuty | None = None) -> bool:
        own = obj is not None and obj.user_id == actor_of(request).user_id
        if obj is not None and own and obj.role == StaffRole.OPS:
            return False
        return bool(super().has_delete_permission(request, obj))

    @display(description=gettext_lazy("where"))
    def where(self, duty: StaffDuty) -> str:
        return str(duty.region) if duty.region else _("Everywhere")

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        duty = services.give_duty(
            actor=actor_of(request),
            user_id=data["user"].pk,
            role=StaffRole(data["role"]),
            region_id=data["region"].pk if data["region"] else None,
        )
        row.pk = duty.pk

    def remove(self, request: HttpRequest, row: models.Model) -> None:
        services.take_duty(actor=actor_of(request), duty_id=row.pk)
