"""What came in from outside, for operations."""

from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from core.admin.record import QueueAdmin, linked
from integrations.maildoor.reading import read_mail
from integrations.models import InboundMessage, MailOutcome

OUTCOME_TONES = {
    MailOutcome.NEW: "info",
    MailOutcome.REGISTERED: "success",
    MailOutcome.ASKED: "warning",
    MailOutcome.REFUSED: "danger",
    MailOutcome.IGNORED: "",
}


@admin.register(InboundMessage)
class InboundMessageAdmin(QueueAdmin):
    """Mails that came in, and what became of them. Parked ones can be run again."""

    list_display = [
        "subject_shown",
        "sender",
        "outcome_shown",
        "reason",
        "state_shown",
        "received_at",
    ]
    list_display_links = ["subject_shown"]
    list_filter = [
        ("outcome", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ("via", ChoicesDropdownFilter),
    ]
    search_fields = ["sender__iexact"]
    search_help_text = _("The sender's whole address.")
    ordering = ["-id"]
    sortable_by: list[str] = []
    empty_text = _("Mails appear here once partners write to the address for registrations.")
    fields = [
        "subject",
        "sender",
        "user",
        "received_at",
        "via",
        "outcome",
        "reason",
        "deal_shown",
        "state",
        "attempts",
        "last_error",
        "message_id",
        "size",
        "text_shown",
    ]
    readonly_fields = ["deal_shown", "text_shown"]

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("raw")

    @display(description=_("subject"))
    def subject_shown(self, mail: InboundMessage) -> str:
        return mail.subject or "–"

    @display(
        description=_("what became of it"),
        label={outcome.value: tone for outcome, tone in OUTCOME_TONES.items()},
    )
    def outcome_shown(self, mail: InboundMessage) -> tuple[str, str]:
        return mail.outcome, mail.get_outcome_display()

    @display(description=_("deal"))
    def deal_shown(self, mail: InboundMessage) -> SafeString | str:
        return linked("dealreg.deal", mail.deal_id) if mail.deal_id else "–"

    @display(description=_("text"))
    def text_shown(self, mail: InboundMessage) -> str:
        return read_mail(bytes(mail.raw)).text[:5000]
