"""The record: what happened, who has to hear it, what was sent. Read only."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display

from core import record
from core.actor import Actor, ActorKind, StaffRole
from core.admin.base import ReadOnlyAdmin, actor_of
from core.events import all_kinds
from core.models import (
    Appointment,
    Event,
    EventDelivery,
    EventSeal,
    OutgoingMail,
    QueueState,
    StoredFile,
)
from core.queries import timeline_entry

STATE_TONES = {
    QueueState.WAITING: "info",
    QueueState.RUNNING: "info",
    QueueState.DONE: "success",
    QueueState.PARKED: "danger",
}


# The table is for operations only, who may read every field.
STAFF_READER = Actor(kind=ActorKind.USER, label="", staff_roles=frozenset({StaffRole.OPS}))
RECENT_EVENTS = 200_000


class KindFilter(DropdownFilter):  # type: ignore[misc]
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.name, kind.name) for kind in all_kinds()]

    def queryset(
        self, request: HttpRequest, queryset: "models.QuerySet[Event]"
    ) -> "models.QuerySet[Event]":
        return queryset.filter(kind=self.value()) if self.value() else queryset


def number_in(text: str, prefix: str) -> int | None:
    """The number after `prefix` ("partner:17"); None when it is not written so."""
    number = text.removeprefix(prefix)
    return int(number) if text != number and number.isdecimal() and len(number) < 19 else None


def linked(subject_type: str, subject_id: int) -> SafeString | str:
    """The name of a thing, which leads to its page where the back office has one."""
    name = f"{subject_type} {subject_id}"
    try:
        address = reverse(f"admin:{subject_type.replace('.', '_')}_change", args=[subject_id])
    except NoReverseMatch:
        return name
    return format_html('<a class="bo-link" href="{}">{}</a>', address, name)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["moment", "sentence", "actor_label", "kind", "subject", "partner_id"]
    list_display_links = ["moment", "sentence"]
    list_filter = [KindFilter]
    search_fields = ["actor_label"]
    search_help_text = _("Write partner:12, user:7, or the thing it is about as dealreg.deal:34.")
    ordering = ["-id"]
    fields = [
        "sentence",
        "kind",
        "occurred_at",
        "at",
        "actor_label",
        "actor_kind",
        "actor_user_id",
        "subject",
        "partner_id",
        "request_id",
        "uid",
        "what_was_recorded",
    ]
    readonly_fields = ["sentence", "subject", "what_was_recorded"]

    def get_search_results(
        self, request: HttpRequest, queryset: "models.QuerySet[Event]", search_term: str
    ) -> "tuple[models.QuerySet[Event], bool]":
        """Only what an index finds: by partner, by person, by the thing, or by number."""
        words = search_term.strip()
        if not words:
            return queryset, False
        if (partner := number_in(words, "partner:")) is not None:
            return queryset.filter(partner_id=partner), False
        if (user := number_in(words, "user:")) is not None:
            # No index finds a person's events, so only the newest are looked at.
            newest = queryset.order_by("-pk").values_list("pk", flat=True).first() or 0
            recent = queryset.filter(pk__gt=newest - RECENT_EVENTS)
            return recent.filter(actor_user_id=user), False
        kind, _colon, key = words.rpartition(":")
        if kind and key.isdecimal() and len(key) < 19:
            return queryset.filter(subject_type=kind, subject_id=int(key)), False
        if words.isdecimal() and len(words) < 19:
            return queryset.filter(pk=int(words)), False
        return queryset.filter(kind=words), False

    @display(description=_("when"), ordering="id")
    def moment(self, event: Event) -> Any:
        return event.occurred_at

    @display(description=_("what"))
    def sentence(self, event: Event) -> str:
        told = timeline_entry(event, STAFF_READER)
        return str(told.sentence) if told else event.kind

    @display(description=_("about"))
    def subject(self, event: Event) -> SafeString | str:
        return linked(event.subject_type, event.subject_id)

    @display(description=_("recorded"))
    def what_was_recorded(self, event: Event) -> SafeString:
        return format_html(
            '<pre class="bo-json">{}</pre>',
            json.dumps(event.payload, indent=2, ensure_ascii=False, sort_keys=True),
        )


class QueueAdmin(ReadOnlyAdmin):
    """A queue's rows; parked ones can be run again."""

    list_filter = [("state", ChoicesDropdownFilter)]
    ordering = ["-due_at"]
    actions = ["run_again"]

    def has_run_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).is_ops

    @admin.action(description=_("Run parked ones again"), permissions=["run"])
    def run_again(self, request: HttpRequest, queryset: "models.QuerySet[Any]") -> None:
        keys = list(queryset.values_list("pk", flat=True)[:1000])
        number = record.run_again(actor=actor_of(request), model=self.model, keys=keys)
        if not number:
            self.message_user(
                request, _("None of these is parked, so nothing was run again."), messages.WARNING
            )
            return
        text = ngettext(
            "%(number)s parked row is back in its queue.",
            "%(number)s parked rows are back in their queue.",
            number,
        )
        self.message_user(request, text % {"number": number}, messages.SUCCESS)

    @display(
        description=_("state"), label={state.label: tone for state, tone in STATE_TONES.items()}
    )
    def state_shown(self, row: Any) -> str:
        return str(QueueState(row.state).label)


@admin.register(EventDelivery)
class EventDeliveryAdmin(QueueAdmin):
    list_display = ["id", "event", "handler", "state_shown", "attempts", "due_at", "finished_at"]
    list_select_related = ["event"]
    search_fields = ["handler"]
    ordering = ["-id"]


@admin.register(OutgoingMail)
class OutgoingMailAdmin(QueueAdmin):
    """Without the texts: some carry a link with which the reader's password is set anew."""

    list_display = ["subject", "to_address", "state_shown", "attempts", "created_at", "finished_at"]
    search_fields = ["to_address__iexact"]
    search_help_text = _("The whole address.")
    fields = [
        "subject",
        "to_address",
        "to_user",
        "state",
        "attempts",
        "due_at",
        "finished_at",
        "last_error",
        "once",
        "id",
    ]


@admin.register(Appointment)
class AppointmentAdmin(QueueAdmin):
    list_display = ["kind", "about", "key", "state_shown", "attempts", "due_at", "finished_at"]
    list_display_links = ["kind"]
    search_fields = ["kind"]
    search_help_text = _("The kind, or the thing it is about as dealreg.deal:34.")

    def get_search_results(
        self, request: HttpRequest, queryset: "models.QuerySet[Any]", search_term: str
    ) -> "tuple[models.QuerySet[Any], bool]":
        words = search_term.strip()
        if not words:
            return queryset, False
        subject_type, _colon, key = words.rpartition(":")
        if subject_type and key.isdigit() and len(key) < 19:
            return queryset.filter(subject_type=subject_type, subject_id=int(key)), False
        return queryset.filter(kind=words), False

    @display(description=_("about"))
    def about(self, appointment: Appointment) -> SafeString | str:
        return linked(appointment.subject_type, appointment.subject_id)


@admin.register(EventSeal)
class EventSealAdmin(ReadOnlyAdmin):
    list_display = ["id", "sealed_at", "count", "complete_to", "fingerprint"]
    ordering = ["-id"]
    fields = ["id", "sealed_at", "count", "complete_to", "fingerprint", "previous"]
    readonly_fields = ["fingerprint"]

    @display(description=_("hash"))
    def fingerprint(self, seal: EventSeal) -> str:
        return bytes(seal.hash).hex()


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnlyAdmin):
    list_display = ["name", "subject_type", "subject_id", "content_type", "size", "uploaded_at"]
    list_filter = ["content_type"]
    search_fields = ["sha256__iexact"]
    search_help_text = _("The file's SHA-256.")
    ordering = ["-uploaded_at"]
    fields = [
        "name",
        "subject_type",
        "subject_id",
        "content_type",
        "size",
        "sha256",
        "uploaded_by",
        "uploaded_at",
    ]
