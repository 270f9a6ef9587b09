from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import TextInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin.base import RecordedAdmin, actor_of
from core.branding import change_branding
from core.branding_forms import BrandingForm
from core.branding_rules import WHITE, contrast
from core.models import Branding


@admin.register(Branding)
class BrandingAdmin(RecordedAdmin):
    """The one row of how the portal is called and looks."""

    form = BrandingForm
    fields = ["name", "logo", "brand_colour", "accent_colour", "readability", "support_email"]
    readonly_fields = ["readability"]

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        # Until somebody sets it, the look is the one that the model's defaults give.
        found = super().get_object(request, object_id, from_field)
        return found or (Branding(pk=1) if object_id == "1" else None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect(reverse("admin:core_branding_change", args=[1]))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in {"brand_colour", "accent_colour"} and field is not None:
            classes = "bo-colour"
            field.widget = TextInput(attrs={"type": "color", "class": classes})
        return field

    @display(description=_("readability"))
    def readability(self, branding: Branding) -> SafeString:
        """The contrast of white text on each colour; 4.5 is the least that is taken."""
        return format_html(
            "{}",
            _(
                "White text on the brand colour %(brand).1f : 1, on the accent %(accent).1f : 1. "
                "At least 4.5 : 1 is needed."
            )
            % {
                "brand": contrast(branding.brand_colour, WHITE),
                "accent": contrast(branding.accent_colour, WHITE),
            },
        )

    def change(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        change_branding(
            actor=actor_of(request),
            look=form.look(),
            logo=form.new_logo(),
            remove_logo=form.removes_logo(),
        )
