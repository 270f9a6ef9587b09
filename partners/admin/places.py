"""Who works at which partner, as what."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.forms import (
    ModelForm,
    MultipleChoiceField,
)
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import (
    RelatedDropdownFilter,
)
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
)

from core.admin.base import RecordedAdmin, actor_of
from partners import services
from partners.admin.people import act
from partners.models import (
    Membership,
    in_regions,
)
from partners.rules import PartnerRole
from partners.services.places import LastAdministrator


class PeopleInline(TabularInline):  # type: ignore[misc]
    """Who works there; the page of each place changes it."""

    model = Membership
    fields = ["user", "what", "joined_at", "left_at"]
    readonly_fields = fields
    extra = 0
    max_num = 0
    can_delete = False
    hide_title = True
    show_change_link = True
    verbose_name_plural = gettext_lazy("people")
    ordering = ["left_at", "-joined_at"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Membership]":
        rows: models.QuerySet[Membership] = super().get_queryset(request)
        return rows.select_related("user", "partner")

    @display(description=gettext_lazy("roles"))
    def what(self, place: Membership) -> str:
        return role_labels(place)


def role_labels(place: Membership) -> str:
    return ", ".join(str(PartnerRole(role).label) for role in place.roles)


class PlaceForm(ModelForm):  # type: ignore[type-arg]
    roles = MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=PartnerRole.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = Membership
        fields = ["user", "partner", "roles"]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        user = data.get("user")
        if user is not None and user.is_staff:
            self.add_error("user", _("%s works at the vendor.") % user)
        return data


@admin.register(Membership)
class MembershipAdmin(RecordedAdmin):
    refusals = (services.WorksElsewhere, LastAdministrator)
    list_display = ["user", "email", "partner", "roles_shown", "joined_at", "left_at"]
    list_select_related = ["user", "partner"]
    list_filter = [("partner__region", RelatedDropdownFilter)]
    search_fields = ["user__email", "user__name", "partner__name"]
    ordering = ["-id"]
    form = PlaceForm
    autocomplete_fields = ["user", "partner"]
    fields = ["user", "partner", "roles"]
    actions = ["end_places"]

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.filter(in_regions(actor_of(request).region_paths, "partner__region__path"))

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        return ["user", "partner", "joined_at", "left_at", "acting"] if obj else []

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        return [*self.fields, *(["joined_at", "left_at", "acting"] if obj else [])]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(act)
        name = "partners_membership_act"
        own = path("<int:place_id>/act/", view, {"site": self.admin_site}, name=name)
        return [own, *super().get_urls()]

    @display(description=gettext_lazy("act for this person"))
    def acting(self, place: Membership) -> str:
        if place.left_at is not None:
            return "–"
        link = reverse("admin:partners_membership_act", args=[place.pk])
        return format_html('<a class="bo-link" href="{}">{}</a>', link, _("Say why, and begin"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=gettext_lazy("e-mail address"), ordering="user__email")
    def email(self, place: Membership) -> str:
        return place.user.email

    @display(description=gettext_lazy("roles"))
    def roles_shown(self, place: Membership) -> str:
        return role_labels(place)

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        place = services.add_person(
            actor=actor_of(request),
            user_id=data["user"].pk,
            partner_id=data["partner"].pk,
            roles=[PartnerRole(role) for role in data["roles"]],
        )
        row.pk = place.pk

    def change(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        roles = [PartnerRole(role) for role in form.cleaned_data["roles"]]
        services.change_roles(actor=actor_of(request), membership_id=row.pk, roles=roles)

    @admin.action(
        description=gettext_lazy("End places: no access to the partner from now on"),
        permissions=["change"],
    )
    def end_places(self, request: HttpRequest, queryset: "models.QuerySet[Membership]") -> None:
        for key in list(queryset.values_list("pk", flat=True)[:100]):
            services.end_place(actor=actor_of(request), membership_id=key)
        self.message_user(request, _("These people no longer see the partner."), messages.SUCCESS)
