from django.contrib import admin

from core.admin.base import RecordedAdmin
from core.models import ExchangeRate


@admin.register(ExchangeRate)
class ExchangeRateAdmin(RecordedAdmin):
    """Dated rates. What was worth how much on a day stays readable: add a rate with a new
    date instead of changing an old one."""

    list_display = ["currency", "rate", "valid_from"]
    list_filter = ["currency"]
    search_fields = ["currency"]
    ordering = ["-valid_from", "currency"]
    fields = ["currency", "rate", "valid_from"]
