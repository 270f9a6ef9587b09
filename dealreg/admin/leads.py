"""Leads as the vendor sees them, and what to do with those that came back."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from core.admin.base import RecordedAdmin, actor_of
from dealreg.models import Lead, LeadOffer
from dealreg.rules.leads import LeadOutcome, LeadState
from dealreg.services.lead_retention import kept_until
from dealreg.services.leads import LeadMovedOn, LeadRefused, close_lead, offer_lead
from partners.admin import RegionFilter
from partners.admin.lifecycle import ReadInline
from partners.queries.organisations import partner_called

TONES = {
    LeadState.NEW: "info",
    LeadState.ACCEPTED: "success",
    LeadState.DECLINED: "danger",
    LeadState.EXPIRED: "warning",
    LeadState.CLOSED: "",
}
TOLD = [
    "state",
    "source",
    "partner",
    "answer_until",
    "person",
    "company",
    "email",
    "phone",
    "country",
    "product_line",
    "message",
    "consent_at",
    "created_at",
    "outcome",
    "note",
    "erased_at",
    "kept",
]


class LeadForm(forms.ModelForm):  # type: ignore[type-arg]
    """One of two things to do: offer it to a partner, or close it."""

    offer_to = forms.CharField(
        label=gettext_lazy("Offer it to"),
        required=False,
        max_length=253,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("The name or the domain of a partner."),
    )
    close_as = forms.ChoiceField(
        label=gettext_lazy("Or close it as"),
        required=False,
        choices=[("", "–"), *LeadOutcome.choices],
        widget=UnfoldAdminSelectWidget,
    )
    close_note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    class Meta:
        model = Lead
        fields: list[str] = []


class OfferInline(ReadInline):
    model = LeadOffer
    fields = ["partner", "offered_at", "answer_until", "answer", "answered_at", "reason"]
    readonly_fields = fields
    ordering = ["-pk"]


@admin.register(Lead)
class LeadAdmin(RecordedAdmin):
    refusals = (LeadRefused, LeadMovedOn)
    form = LeadForm
    list_display = ["reference_shown", "company", "state_shown", "partner", "source", "created_at"]
    list_display_links = ["reference_shown"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("source", ChoicesDropdownFilter),
        RegionFilter,
    ]
    list_select_related = ["partner", "region"]
    search_fields = ["company__istartswith", "email__iexact"]
    search_help_text = gettext_lazy("Beginning of the company, or the whole e-mail address.")
    ordering = ["-id"]
    readonly_fields = TOLD
    inlines = [OfferInline]
    empty_text = gettext_lazy("Leads appear here when somebody asks a partner in the directory.")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.visible_to(actor_of(request))

    def get_fields(self, request: HttpRequest, obj: Lead | None = None) -> list[str]:
        closed = obj is None or obj.state == LeadState.CLOSED
        acts = [] if closed else ["offer_to", "close_as", "close_note"]
        return [*acts, *TOLD]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.state != LeadState.CLOSED)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data, actor = form.cleaned_data, actor_of(request)
        if data["offer_to"]:
            partner = partner_called(actor, data["offer_to"])
            if partner is None:
                raise LeadRefused(_("Choose an active partner of your regions."))
            offer_lead(actor=actor, lead_id=row.pk, partner_id=partner.pk)
        elif data["close_as"]:
            outcome = LeadOutcome(data["close_as"])
            close_lead(actor=actor, lead_id=row.pk, outcome=outcome, note=data["close_note"])

    @display(description=gettext_lazy("personal data is kept until"))
    def kept(self, lead: Lead) -> str:
        until = kept_until(lead)
        return date_format(localtime(until), "DATE_FORMAT") if until else "–"

    @display(description=gettext_lazy("lead"))
    def reference_shown(self, lead: Lead) -> str:
        return lead.reference

    @display(
        description=gettext_lazy("state"),
        label={state.value: tone for state, tone in TONES.items()},
    )
    def state_shown(self, lead: Lead) -> tuple[str, str]:
        return lead.state, lead.get_state_display()
