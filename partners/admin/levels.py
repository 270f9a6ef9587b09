"""The tiers that there are."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from core import money_rates
from core.admin.base import RecordedAdmin
from core.money import Money, format_money
from partners.models import (
    Tier,
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
