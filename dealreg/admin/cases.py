"""The queue of conflict cases at the vendor."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from core.admin.base import ReadOnlyAdmin, actor_of
from core.ui import Tone
from dealreg import case_queries
from dealreg.admin.case_page import ask, assign, decide, draw, escalate, open_for, promptness
from dealreg.models import ConflictCase
from dealreg.rules.cases import RUNNING, CaseStatus
from dealreg.rules.clocks import tone_of
from dealreg.templatetags.cases import OFFICE_TONES, TONES
from partners.admin import RegionFilter


class WorkFilter(DropdownFilter):  # type: ignore[misc]
    """Without a choice, what waits."""

    title = gettext_lazy("work")
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("waiting", _("Waiting for a decision")),
            ("appeals", _("Appeals")),
            ("late", _("Late")),
            ("mine", _("Mine")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        running = queryset.filter(status__in=sorted(RUNNING))
        match self.value():
            case "waiting":
                return running
            case "appeals":
                return queryset.filter(status=CaseStatus.APPEALED)
            case "late":
                return running.filter(due_at__lt=timezone.now())
            case "mine":
                return running.filter(owner_id=actor_of(request).user_id)
        return queryset


@admin.register(ConflictCase)
class ConflictCaseAdmin(ReadOnlyAdmin):
    list_display = [
        "reference_shown", "customer", "sides_shown", "line", "status_shown", "due_shown", "owner",
        "region",
    ]  # fmt: skip
    list_display_links = ["reference_shown", "customer"]
    list_fullwidth = True
    list_filter = [
        WorkFilter,
        ("status", ChoicesDropdownFilter),
        ("product_line", RelatedDropdownFilter),
        RegionFilter,
        ("reason", ChoicesDropdownFilter),
    ]
    search_fields = ["account__name"]
    search_help_text = gettext_lazy(
        "Number, beginnings of words of the customer's name, or of why it was opened or decided."
    )
    ordering = ["due_at", "id"]
    sortable_by: list[str] = []
    empty_text = gettext_lazy(
        "Cases come here when a rule of engagement, a partner or one of you opens one."
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        super().get_queryset(request)
        return case_queries.queue(actor_of(request))

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        if not search_term.strip():
            return queryset, False
        return case_queries.search_cases(queryset, search_term), False

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        pages: list[tuple[str, str, Any]] = [
            ("promptness/", "promptness", promptness),
            ("for-deal/<int:deal_id>/", "open", open_for),
            ("<int:case_id>/decide/", "decide", decide),
            ("<int:case_id>/assign/", "assign", assign),
            ("<int:case_id>/ask/", "ask", ask),
            ("<int:case_id>/escalate/", "escalate", escalate),
        ]
        own = [
            path(route, guarded(view), {"site": self.admin_site}, name=f"dealreg_case_{name}")
            for route, name, view in pages
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405)
        if not object_id.isdigit() or len(object_id) > 18:
            raise Http404
        return draw(request, self.admin_site, int(object_id))

    @display(description=gettext_lazy("number"))
    def reference_shown(self, case: ConflictCase) -> str:
        return case.reference

    @display(description=gettext_lazy("customer"))
    def customer(self, case: ConflictCase) -> str:
        return case.account.name

    @display(description=gettext_lazy("product line"))
    def line(self, case: ConflictCase) -> str:
        return case.product_line.name

    @display(description=gettext_lazy("sides"))
    def sides_shown(self, case: ConflictCase) -> str:
        return ", ".join(side.partner.name for side in case.sides.all())

    @display(
        description=gettext_lazy("status"),
        label={status.value: OFFICE_TONES[tone] for status, tone in TONES.items()},
    )
    def status_shown(self, case: ConflictCase) -> tuple[str, str]:
        return case.status, str(CaseStatus(case.status).label)

    @display(description=gettext_lazy("due"))
    def due_shown(self, case: ConflictCase) -> str:
        if case.status not in RUNNING:
            return "–"
        tone = tone_of(timezone.now(), case.due_at, case.appealed_at or case.opened_at)
        return format_html(
            '<span class="bo-badge" data-tone="{}">{}</span>',
            OFFICE_TONES[Tone(tone)],
            date_format(localtime(case.due_at), "DATETIME_FORMAT"),
        )
