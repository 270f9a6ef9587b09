"""What is kept about partners: the list of specialisations and verticals, contacts, notes."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter
from unfold.decorators import display

from core.admin.base import RecordedAdmin, actor_of
from partners import services
from partners.admin.pages import OfRegions
from partners.forms.contacts import details_of
from partners.models import Focus, PartnerContact, PartnerNote
from partners.services import contacts
from partners.services.contacts import ContactRefused, StaleContact


@admin.register(Focus)
class FocusAdmin(RecordedAdmin):
    list_display = ["name", "kind", "active"]
    list_filter = [("kind", ChoicesDropdownFilter)]
    search_fields = ["name"]
    ordering = ["kind", "name"]
    fields = ["kind", "name", "active"]
    empty_text = gettext_lazy("Name what partners may be good at; then choose it at each partner.")


@admin.register(PartnerContact)
class PartnerContactAdmin(OfRegions, RecordedAdmin):
    refusals = (ContactRefused, StaleContact)
    list_display = ["name", "partner", "role", "email", "phone"]
    list_select_related = ["partner"]
    list_filter = [("role", ChoicesDropdownFilter)]
    search_fields = ["name", "email", "partner__name"]
    ordering = ["-id"]
    autocomplete_fields = ["partner"]
    fields = ["partner", "name", "role", ("email", "phone")]
    empty_text = gettext_lazy("Add whom to talk to, also people who do not sign in.")

    def get_readonly_fields(
        self, request: HttpRequest, obj: PartnerContact | None = None
    ) -> list[str]:
        return ["partner"] if obj else []

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        details = details_of(form.cleaned_data)
        partner_id = form.cleaned_data["partner"].pk
        made = contacts.add_contact(actor=actor_of(request), partner_id=partner_id, details=details)
        row.pk = made.pk

    def change(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        # What has changed since the form was read is said before (StaleEdit).
        contacts.change_contact(
            actor=actor_of(request),
            contact_id=row.pk,
            details=details_of(form.cleaned_data),
            version=form.instance.version,
        )

    def remove(self, request: HttpRequest, row: models.Model) -> None:
        contacts.remove_contact(actor=actor_of(request), contact_id=row.pk)


@admin.register(PartnerNote)
class PartnerNoteAdmin(OfRegions, RecordedAdmin):
    refusals = (services.EmptyNote,)
    list_display = ["partner", "beginning", "shared", "written_by", "written_at"]
    list_select_related = ["partner"]
    list_filter = [("shared", BooleanRadioFilter)]
    search_fields = ["partner__name"]
    ordering = ["-id"]
    autocomplete_fields = ["partner"]
    fields = ["partner", "text", "shared"]
    empty_text = gettext_lazy("Write down what colleagues should know about a partner.")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What was written down, and perhaps read, stays.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: PartnerNote | None = None) -> list[str]:
        return [*self.fields, *(["written_by", "written_at"] if obj else [])]

    @display(description=gettext_lazy("note"))
    def beginning(self, note: PartnerNote) -> str:
        return Truncator(note.text).chars(80)

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        note = services.write_note(
            actor=actor_of(request),
            partner_id=data["partner"].pk,
            text=data["text"],
            shared=data["shared"],
        )
        row.pk = note.pk
