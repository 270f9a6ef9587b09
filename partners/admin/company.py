"""Papers about partners, and what each type of partner is there for."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import FileField, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from core.admin.base import RecordedAdmin, actor_of
from core.files import recognised
from partners.admin.pages import OfRegions
from partners.models import PartnerDocument, TypePlaybook
from partners.queries.documents import file_of
from partners.rules import DocumentKind
from partners.services.documents import NewDocument, add_document, change_document


class DocumentForm(ModelForm):  # type: ignore[type-arg]
    upload = FileField(label=gettext_lazy("File"), widget=UnfoldAdminFileFieldWidget)

    class Meta:
        model = PartnerDocument
        fields = ["partner", "kind", "title", "expires_on", "shared", "withdrawn"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["upload"]

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        recognised(upload)  # raises ValidationError for what is not taken
        return upload


@admin.register(PartnerDocument)
class PartnerDocumentAdmin(OfRegions, RecordedAdmin):
    refusals = (ValidationError,)
    list_display = ["title", "partner", "kind", "expires_on", "shared", "withdrawn", "added_at"]
    list_select_related = ["partner"]
    list_filter = [
        ("kind", ChoicesDropdownFilter),
        ("shared", BooleanRadioFilter),
        ("withdrawn", BooleanRadioFilter),
    ]
    search_fields = ["title", "partner__name"]
    ordering = ["-id"]
    form = DocumentForm
    autocomplete_fields = ["partner"]
    empty_text = gettext_lazy("Add contracts and certificates; people are reminded of their end.")

    def get_fields(self, request: HttpRequest, obj: PartnerDocument | None = None) -> list[Any]:
        common = ["partner", ("kind", "title"), "expires_on", "shared"]
        return [*common, "withdrawn", "file_shown"] if obj else [*common, "upload"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: PartnerDocument | None = None
    ) -> list[str]:
        return ["partner", "file_shown"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # One that no longer counts says so; what was agreed stays readable.
        return False

    @display(description=gettext_lazy("file"))
    def file_shown(self, document: PartnerDocument) -> str:
        stored = file_of(document.pk)
        if stored is None:
            return "–"
        link = reverse("file", args=[stored.pk])
        return format_html('<a class="bo-link" href="{}">{}</a>', link, stored.name)

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        new = NewDocument(
            DocumentKind(data["kind"]), data["title"], data["expires_on"], data["shared"]
        )
        document = add_document(
            actor=actor_of(request),
            partner_id=data["partner"].pk,
            new=new,
            upload=data["upload"],
        )
        row.pk = document.pk

    def change(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        assert isinstance(row, PartnerDocument)
        change_document(actor=actor_of(request), document=row)


@admin.register(TypePlaybook)
class TypePlaybookAdmin(RecordedAdmin):
    list_display = ["type"]
    ordering = ["type"]
    fields = ["type", "duties", "playbook"]
    empty_text = gettext_lazy("Write down what each type of partner is there for; they read it.")

    def get_readonly_fields(
        self, request: HttpRequest, obj: TypePlaybook | None = None
    ) -> list[str]:
        return ["type"] if obj else []
