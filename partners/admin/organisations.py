"""Partners, their people and the programme, for channel managers to read and for operations
to change. Every change goes through a service."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from core.admin.base import RecordedAdmin, actor_of
from core.tables import csv_export
from partners import services
from partners.admin.fit_summary import fit_summary
from partners.admin.lifecycle import StatusInline
from partners.admin.merging import propose
from partners.admin.partner_form import PartnerForm, keep_focus_and_territories
from partners.admin.places import PeopleInline
from partners.models import (
    Partner,
    in_regions,
)
from partners.queries import record
from partners.queries.overview import overview
from partners.queries.regions import region_choices
from partners.rules import PartnerStatus
from partners.sheet import CELLS, exported

STATUS_TONES = {
    PartnerStatus.PROSPECT: "",
    PartnerStatus.APPLICANT: "",
    PartnerStatus.ONBOARDING: "info",
    PartnerStatus.ACTIVE: "success",
    PartnerStatus.AT_RISK: "warning",
    PartnerStatus.SUSPENDED: "danger",
    PartnerStatus.OFFBOARDED: "danger",
}


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


@admin.register(Partner)
class PartnerAdmin(RecordedAdmin):
    refusals = (services.DomainTaken, services.LifecycleRefused)
    change_list_template = "admin/partners/partners.html"
    list_display = [
        "name",
        "type",
        "status_shown",
        "tier",
        "region",
        "manager",
        "since",
        "one_page",
    ]
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
    actions = ["propose_pair"]
    fieldsets = [
        (None, {"fields": ["name", ("type", "country"), ("region", "manager"), "domains_text"]}),
        (gettext_lazy("What it does"), {"fields": ["focus", "territories", "parts"]}),
        (gettext_lazy("Where it stands"), {"fields": [("status", "tier"), "note"]}),
    ]
    empty_text = gettext_lazy("Add the first partner, or bring them in with import_crm.")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.visible_to(actor_of(request))

    def get_fieldsets(self, request: HttpRequest, obj: Partner | None = None) -> Any:
        if obj is None:
            return [*self.fieldsets, (gettext_lazy("Twice?"), {"fields": ["not_a_double"]})]
        if self.has_change_permission(request, obj):
            return [
                *self.fieldsets,
                (gettext_lazy("Fit and notes"), {"fields": ["fit_shown", "notes_shown"]}),
            ]
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
                        "fit_shown",
                        "notes_shown",
                    ]
                },
            )
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Partner | None = None) -> list[str]:
        return ["domains_shown", "fit_shown", "notes_shown"]

    def get_inlines(self, request: HttpRequest, obj: Partner | None) -> list[Any]:
        return list(self.inlines) if obj else []

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.overview))
        export = self.admin_site.admin_view(require_safe(self.export))
        own = [
            path("export/", export, name="partners_partner_export"),
            path("<int:partner_id>/overview/", view, name="partners_partner_overview"),
        ]
        return [*own, *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """The reader's partners in the columns that the import reads."""
        return csv_export(exported(actor_of(request)), name="partners", columns=CELLS)

    def overview(self, request: HttpRequest, partner_id: int) -> HttpResponse:
        """All about the partner on one page."""
        page = overview(actor_of(request), partner_id)
        context = {
            **self.admin_site.each_context(request),
            "title": page.partner.name,
            "subtitle": None,
            "page": page,
        }
        return TemplateResponse(request, "admin/partners/overview.html", context)

    @display(description=gettext_lazy("on one page"))
    def one_page(self, partner: Partner) -> str:
        link = reverse("admin:partners_partner_overview", args=[partner.pk])
        return format_html('<a class="bo-link" href="{}">{}</a>', link, _("Overview"))

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

    @display(description=gettext_lazy("ideal partner profile"))
    def fit_shown(self, partner: Partner) -> str:
        return fit_summary(partner.pk)

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

    @admin.action(description=gettext_lazy("Compare two that may be one"), permissions=["change"])
    def propose_pair(self, request: HttpRequest, queryset: "models.QuerySet[Partner]") -> Any:
        return propose(self, request, queryset)

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
