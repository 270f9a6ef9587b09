"""Partners, their people and the programme, for channel managers to read and for operations
to change. Every change goes through a service."""

import re
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import (
    CharField,
    ChoiceField,
    ModelForm,
    MultipleChoiceField,
    TypedMultipleChoiceField,
)
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from core import countries, money_rates
from core.actor import Actor, StaffRole
from core.admin.base import RecordedAdmin, actor_of
from core.money import Money, format_money
from partners import record, services
from partners.admin.calendars import CalendarInline, HolidayInline
from partners.admin.lifecycle import StatusInline
from partners.admin.people import act
from partners.admin.policies import InForceHere, PolicyInline
from partners.models import (
    Membership,
    Partner,
    Region,
    StaffDuty,
    Tier,
)
from partners.programme import region_choices, region_exists, taken_domains
from partners.queries import in_regions
from partners.rules import PartnerRole, PartnerStatus
from partners.services.places import LastAdministrator

STATUS_TONES = {
    PartnerStatus.PROSPECT: "",
    PartnerStatus.APPLICANT: "",
    PartnerStatus.ONBOARDING: "info",
    PartnerStatus.ACTIVE: "success",
    PartnerStatus.AT_RISK: "warning",
    PartnerStatus.SUSPENDED: "danger",
    PartnerStatus.OFFBOARDED: "danger",
}
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


class RegionFilter(DropdownFilter):  # type: ignore[misc]
    """A region with everything below it. Subclasses say where the region's path is."""

    title = gettext_lazy("region")
    parameter_name = "region"
    path_field = "region__path"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return region_choices(actor_of(request))

    def queryset(self, request: HttpRequest, queryset: "models.QuerySet[Any]") -> Any:
        value = self.value()
        return (
            queryset.filter(in_regions(frozenset({value}), self.path_field)) if value else queryset
        )


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


class PartnerForm(ModelForm):  # type: ignore[type-arg]
    domains_text = CharField(
        label=gettext_lazy("Internet domains"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("One in each line, for example example.com."),
    )
    note = CharField(
        label=gettext_lazy("Why the status or tier changes"),
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept in the record; the partner reads it."),
    )
    country = ChoiceField(
        label=gettext_lazy("Country"), required=False, widget=UnfoldAdminSelectWidget
    )

    focus = TypedMultipleChoiceField(
        label=gettext_lazy("Specialisations and verticals"),
        required=False,
        coerce=int,
        widget=UnfoldAdminSelectMultipleWidget,
    )
    territories = MultipleChoiceField(
        label=gettext_lazy("Territories"),
        required=False,
        widget=UnfoldAdminSelectMultipleWidget,
        help_text=gettext_lazy("The countries in which it sells. Rules can ask for them."),
    )

    class Meta:
        model = Partner
        fields = ["name", "type", "status", "region", "tier", "manager", "country"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "country" in self.fields:
            self.fields["country"].choices = [("", _("Unknown")), *countries.choices()]  # type: ignore[attr-defined]
        if "domains_text" in self.fields and self.instance.pk:
            known = (row.domain for row in self.instance.domains.all())
            self.initial["domains_text"] = "\n".join(sorted(known))
        if "focus" in self.fields:
            kept = record.focus_ids_of(self.instance.pk) if self.instance.pk else []
            self.fields["focus"].choices = record.focus_choices(kept)  # type: ignore[attr-defined]
            self.fields["territories"].choices = countries.choices()  # type: ignore[attr-defined]
            self.initial["focus"] = kept
        if "territories" in self.fields and self.instance.pk:
            self.initial["territories"] = sorted(record.territories_of(self.instance.pk))

    def clean_domains_text(self) -> list[str]:
        lines = self.cleaned_data["domains_text"].lower().split()
        wrong = [line for line in lines if not DOMAIN.fullmatch(line) or len(line) > 253]
        if wrong:
            raise ValidationError(_("“%s” is not an internet domain.") % wrong[0])
        taken = taken_domains(lines, but_for=self.instance.pk)
        if taken:
            raise ValidationError(_("%s belongs to another partner.") % taken[0])
        return sorted(set(lines))

    def details(self) -> services.PartnerDetails:
        data = self.cleaned_data
        return services.PartnerDetails(
            name=data["name"],
            type=data["type"],
            region_id=data["region"].pk,
            manager_id=data["manager"].pk if data["manager"] else None,
            country=data["country"],
        )


@admin.register(Partner)
class PartnerAdmin(RecordedAdmin):
    refusals = (services.DomainTaken, services.LifecycleRefused)
    list_display = ["name", "type", "status_shown", "tier", "region", "manager", "since"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("type", ChoicesDropdownFilter),
        ("tier", RelatedDropdownFilter),
        RegionFilter,
    ]
    list_select_related = ["tier", "region", "manager"]
    search_fields = ["name", "domains__domain"]
    search_help_text = gettext_lazy("Name or internet domain.")
    ordering = ["name", "id"]
    form = PartnerForm
    autocomplete_fields = ["manager"]
    inlines = [PeopleInline, StatusInline]
    fieldsets = [
        (None, {"fields": ["name", ("type", "country"), ("region", "manager"), "domains_text"]}),
        (gettext_lazy("What it does"), {"fields": ["focus", "territories"]}),
        (gettext_lazy("Where it stands"), {"fields": [("status", "tier"), "note"]}),
    ]
    empty_text = gettext_lazy("Add the first partner, or bring them in with import_crm.")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.visible_to(actor_of(request))

    def get_fieldsets(self, request: HttpRequest, obj: Partner | None = None) -> Any:
        if obj is None:
            return self.fieldsets
        if self.has_change_permission(request, obj):
            return [*self.fieldsets, (gettext_lazy("Notes"), {"fields": ["notes_shown"]})]
        return [
            (
                None,
                {
                    "fields": [
                        "name",
                        ("type", "country"),
                        ("region", "manager"),
                        ("status", "tier"),
                        "domains_shown",
                        "notes_shown",
                    ]
                },
            )
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Partner | None = None) -> list[str]:
        return ["domains_shown", "notes_shown"]

    def get_inlines(self, request: HttpRequest, obj: Partner | None) -> list[Any]:
        return list(self.inlines) if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Deals and decisions name their partner for ever; offboarding is a status.
        return False

    @display(
        description=gettext_lazy("status"),
        label={status.value: tone for status, tone in STATUS_TONES.items()},
        ordering="status",
    )
    def status_shown(self, partner: Partner) -> tuple[str, str]:
        return partner.status, partner.get_status_display()

    @display(description=gettext_lazy("since"), ordering="created_at")
    def since(self, partner: Partner) -> str:
        return date_format(localtime(partner.created_at), "DATE_FORMAT")

    @display(description=gettext_lazy("internet domains"))
    def domains_shown(self, partner: Partner) -> str:
        return ", ".join(sorted(row.domain for row in partner.domains.all())) or "–"

    @display(description=gettext_lazy("newest notes"))
    def notes_shown(self, partner: Partner) -> str:
        """The newest notes, whether the partner reads them, and the way to write one."""
        lines = format_html_join(
            "",
            "<p><strong>{}</strong> {}: {}</p>",
            (
                (_("shared") if note.shared else _("staff only"), note.written_by, note.text)
                for note in record.newest_notes(partner.pk)
            ),
        )
        write = reverse("admin:partners_partnernote_add")
        return format_html(
            '{}<p><a class="bo-link" href="{}?partner={}">{}</a></p>',
            lines,
            write,
            partner.pk,
            _("Write a note"),
        )

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        actor, data = actor_of(request), form.cleaned_data
        partner = services.add_partner(
            actor=actor,
            details=form.details(),
            status=PartnerStatus(data["status"]),
            tier_id=data["tier"].pk,
        )
        services.set_domains(actor=actor, partner_id=partner.pk, domains=data["domains_text"])
        keep_focus_and_territories(actor, partner.pk, form)
        row.pk = partner.pk

    def change(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        actor, data = actor_of(request), form.cleaned_data
        services.change_partner(actor=actor, partner_id=row.pk, details=form.details())
        services.set_domains(actor=actor, partner_id=row.pk, domains=data["domains_text"])
        keep_focus_and_territories(actor, row.pk, form)
        if "status" in form.changed_data:
            status = PartnerStatus(data["status"])
            services.change_status(actor=actor, partner_id=row.pk, status=status, note=data["note"])
        if "tier" in form.changed_data:
            services.move_tier(
                actor=actor, partner_id=row.pk, tier_id=data["tier"].pk, note=data["note"]
            )


def keep_focus_and_territories(actor: Actor, partner_id: int, form: Any) -> None:
    data = form.cleaned_data
    services.set_focus(actor=actor, partner_id=partner_id, focus_ids=data["focus"])
    services.set_territories(actor=actor, partner_id=partner_id, countries=data["territories"])


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


@admin.register(Tier)
class TierAdmin(RecordedAdmin):
    list_display = ["name", "rank", "limit"]
    ordering = ["rank"]
    search_fields = ["name"]
    fields = ["name", "rank", "approval_limit"]

    @display(description=gettext_lazy("automatic approval up to"), ordering="approval_limit")
    def limit(self, tier: Tier) -> str:
        if tier.approval_limit is None:
            return _("no limit")
        return format_money(Money(tier.approval_limit, money_rates.base_currency()))


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
