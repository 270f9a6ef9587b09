from django.contrib import admin
from unfold.contrib.filters.admin import BooleanRadioFilter

from core.admin.base import RecordedAdmin
from dealreg.models import ProductLine


@admin.register(ProductLine)
class ProductLineAdmin(RecordedAdmin):
    """What is sold. A line that has deals can be closed, not removed."""

    list_display = ["name", "code", "active"]
    list_filter = [("active", BooleanRadioFilter)]
    search_fields = ["name", "code"]
    ordering = ["name"]
    fields = ["name", "code", "active"]
    prepopulated_fields = {"code": ["name"]}
