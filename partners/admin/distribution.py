"""Who distributes to whom, and each region's terms for it, in the back office."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from core.admin.base import RecordedAdmin, actor_of
from partners.admin.organisations import RegionFilter
from partners.models import DistributionLink, DistributionPolicy
from partners.rules.distribution import LinkState
from partners.services import distribution as services
from partners.services.distribution import DistributionRefused

TONES = {
    LinkState.PROPOSED: "info",
    LinkState.ACTIVE: "success",
    LinkState.DECLINED: "danger",
    LinkState.EXPIRED: "warning",
    LinkState.ENDED: "",
    LinkState.WITHDRAWN: "",
}


class LinkForm(forms.ModelForm):  # type: ignore[type-arg]
    """`end_because` ends the relation at once when it is filled."""

    end_because = forms.CharField(
        label=gettext_lazy("End it now, because"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy("Leave empty to keep it. Both companies read the reason."),
    )

    class Meta:
        model = DistributionLink
        fields = ["distributor", "reseller", "region", "starts_on", "ends_on"]

    def clean_starts_on(self) -> dt.date:
        return self.cleaned_data["starts_on"] or timezone.localdate()


class ResellersRegionFilter(RegionFilter):
    path_field = "reseller__region__path"


@admin.register(DistributionLink)
class DistributionLinkAdmin(RecordedAdmin):
    refusals = (DistributionRefused,)
    form = LinkForm
    list_display = ["__str__", "state_shown", "region_shown", "starts_on", "ends_on", "reason"]
    list_filter = [("state", ChoicesDropdownFilter), ResellersRegionFilter]
    list_select_related = ["distributor", "reseller", "region"]
    search_fields = ["distributor__name__istartswith", "reseller__name__istartswith"]
    search_help_text = gettext_lazy("Beginning of the name of either company.")
    ordering = ["-id"]
    autocomplete_fields = ["distributor", "reseller"]
    empty_text = gettext_lazy(
        "Say here which reseller works with which distributor, or let them ask each other."
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.visible_to(actor_of(request))

    def get_fields(self, request: HttpRequest, obj: DistributionLink | None = None) -> list[str]:
        own = ["distributor", "reseller", "region", "starts_on", "ends_on"]
        if obj is None:
            return own
        told = ["state", "proposed_by", "invited_as", "note", "reason", "settled_at"]
        may_end = self.has_change_permission(request, obj)
        return [*own, *(["end_because"] if may_end else []), *told]

    def get_readonly_fields(
        self, request: HttpRequest, obj: DistributionLink | None = None
    ) -> list[str]:
        if obj is None:
            return []
        told = ["state", "proposed_by", "invited_as", "note", "reason", "settled_at"]
        return ["distributor", "reseller", *told]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.state == LinkState.ACTIVE)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        if data.get("distributor") is None or data.get("reseller") is None:
            raise DistributionRefused(_("Choose both companies."))
        made = services.set_distribution(
            actor=actor_of(request),
            distributor_id=data["distributor"].pk,
            reseller_id=data["reseller"].pk,
            region_id=data["region"].pk if data["region"] else None,
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )
        row.pk = made.pk

    def change(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data, actor = form.cleaned_data, actor_of(request)
        if data["end_because"].strip():
            services.end_distribution(actor=actor, link_id=row.pk, reason=data["end_because"])
            return
        services.change_distribution(
            actor=actor,
            link_id=row.pk,
            region_id=data["region"].pk if data["region"] else None,
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )

    @display(
        description=gettext_lazy("state"),
        label={state.value: tone for state, tone in TONES.items()},
    )
    def state_shown(self, link: DistributionLink) -> tuple[str, str]:
        return link.state, link.get_state_display()

    @display(description=gettext_lazy("region"))
    def region_shown(self, link: DistributionLink) -> str:
        return str(link.region or _("All regions"))


@admin.register(DistributionPolicy)
class DistributionPolicyAdmin(RecordedAdmin):
    list_display = ["region_shown", "several", "may_keep", "endorses_first", "amounts_shown"]
    list_select_related = ["region"]
    ordering = ["id"]
    fieldsets = [
        (None, {"fields": ["region"]}),
        (
            gettext_lazy("Who works with whom"),
            {"fields": ["partners_propose", "several", "answer_days"]},
        ),
        (
            gettext_lazy("What distributors see"),
            {"fields": ["customers_shown", "amounts_shown", "may_keep"]},
        ),
        (gettext_lazy("Approval"), {"fields": ["endorses_first", "endorse_days"]}),
    ]
    empty_text = gettext_lazy(
        "Without a policy companies ask each other, distributors see customers but no amounts, "
        "and nothing waits for their endorsement."
    )

    @display(description=gettext_lazy("region"))
    def region_shown(self, policy: DistributionPolicy) -> str:
        return str(policy)
