"""Conflict cases at the vendor: the queue, a case with its sides beside each other, and what can
be done to it. Each form has an address of its own."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from core.admin.base import ReadOnlyAdmin, RecordedAdmin, actor_of
from core.ui import Tone
from dealreg import case_queries, service_levels
from dealreg.look import CONFLICT_LABELS
from dealreg.models import ConflictCase, EscalationStep, ServiceLevel
from dealreg.queries import product_lines
from dealreg.rules.cases import (
    RUNNING,
    CaseReason,
    CaseStatus,
    ImpossibleDecision,
    NotInThisCaseState,
    SideOutcome,
)
from dealreg.rules.clocks import Who, tone_of
from dealreg.rules.facts import ConflictLevel
from dealreg.services import CustomerIsProtected, OverApprovalLimit, cases
from dealreg.templatetags.cases import OFFICE_TONES, TONES
from partners.admin import RegionFilter
from partners.programme import region_choices

LONGEST = 4000
TEXT = {"rows": 3}


class SideForm(forms.Form):
    """What one side gets and is told."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=UnfoldAdminSelectWidget)
    message = forms.CharField(
        label=gettext_lazy("What this side reads"),
        max_length=LONGEST,
        widget=UnfoldAdminTextareaWidget(attrs=TEXT),
        error_messages={"required": gettext_lazy("Tell this side why, in a sentence.")},
    )

    def __init__(self, *args: Any, outcomes: tuple[SideOutcome, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.value, one.label) for one in outcomes]
        self.fields["outcome"].choices = [("", _("Choose…")), *choices]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", gettext_lazy("Choose…")), *CaseReason.choices],
        widget=UnfoldAdminSelectWidget,
    )
    grounds = forms.CharField(
        label=gettext_lazy("Grounds, for the vendor’s people only"),
        max_length=LONGEST,
        widget=UnfoldAdminTextareaWidget(attrs=TEXT),
        help_text=gettext_lazy("Found again as a precedent."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class AssignForm(forms.Form):
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, page: case_queries.CasePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [(one.pk, str(one)) for one in page.owners]  # type: ignore[attr-defined]
        self.fields["owner"].initial = page.case.owner_id


class AskForm(forms.Form):
    sides = forms.MultipleChoiceField(
        label=gettext_lazy("Whom"), widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=gettext_lazy("What they should show"),
        max_length=LONGEST,
        widget=UnfoldAdminTextareaWidget(attrs=TEXT),
    )

    def __init__(self, *args: Any, page: case_queries.CasePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.side.pk, one.side.partner.name) for one in page.sides]
        self.fields["sides"].choices = choices  # type: ignore[attr-defined]


class EscalateForm(forms.Form):
    who = forms.ChoiceField(
        label=gettext_lazy("To whom"),
        choices=[choice for choice in Who.choices if choice[0] != Who.OWNER],
        widget=UnfoldAdminSelectWidget,
    )
    why = forms.CharField(
        label=gettext_lazy("Why"), max_length=500, widget=UnfoldAdminTextInputWidget
    )


class OpenForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("Why"), max_length=LONGEST)


class PrecedentForm(forms.Form):
    """Which decided cases are shown; anything that is no choice bounds nothing."""

    words = forms.CharField(
        label=gettext_lazy("Words"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"class": "bo-input", "type": "search"}),
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), required=False,
        choices=[("", gettext_lazy("Any")), *CaseReason.choices],
    )  # fmt: skip
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), required=False,
        choices=[("", gettext_lazy("Any")), *SideOutcome.choices],
    )  # fmt: skip
    level = forms.ChoiceField(label=gettext_lazy("Conflict"), required=False)
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)

    def __init__(self, *args: Any, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [(level.value, CONFLICT_LABELS[level]) for level in ConflictLevel]
        self.fields["level"].choices = [("", _("Any")), *levels]  # type: ignore[attr-defined]
        self.fields["region"].choices = [("", _("All regions")), *regions]  # type: ignore[attr-defined]
        self.fields["product_line"] = forms.ModelChoiceField(
            label=_("Product line"), queryset=product_lines(), required=False,
            empty_label=_("All product lines"),
        )  # fmt: skip
        for name in ("reason", "outcome", "level", "region", "product_line"):
            self.fields[name].widget.attrs["class"] = "bo-select"

    def wanted(self) -> case_queries.PrecedentFilter:
        self.is_valid()
        data = self.cleaned_data
        line = data.get("product_line")
        return case_queries.PrecedentFilter(
            words=data.get("words", ""),
            reason=data.get("reason", ""),
            outcome=data.get("outcome", ""),
            level=data.get("level", ""),
            product_line_id=line.pk if line else None,
            region=data.get("region", ""),
        )


# --- one case -------------------------------------------------------------------------------


def draw(
    request: HttpRequest,
    site: AdminSite,
    case_id: int,
    bound: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a case, with the forms that were sent in place of empty ones."""
    actor = actor_of(request)
    page = case_queries.case_page(actor, case_id)
    seeking = PrecedentForm(request.GET, regions=region_choices(actor))
    given = bound or {}
    side_forms = [(one, given.get(f"side-{one.side.pk}") or side_form(one)) for one in page.sides]
    decision = given.get("decision") or DecisionForm(prefix="decide")
    decision.initial["version"] = page.case.version
    if decision.is_bound:
        decision.data = {**decision.data.dict(), "decide-version": str(page.case.version)}  # type: ignore[attr-defined]
    context = {
        **site.each_context(request),
        "title": str(page.case),
        "subtitle": None,
        "page": page,
        "case": page.case,
        "verbs": page.verbs,
        "side_forms": side_forms,
        "deciding": bool(page.verbs & {"decide", "decide_appeal"}),
        "decision_form": decision,
        "assign_form": given.get("assign") or AssignForm(page=page, prefix="assign"),
        "ask_form": given.get("ask") or AskForm(page=page, prefix="ask"),
        "escalate_form": given.get("escalate") or EscalateForm(prefix="escalate"),
        "precedent_form": seeking,
        "precedents": case_queries.precedents(actor, page.case, seeking.wanted()),
    }
    return TemplateResponse(request, "admin/dealreg/case/case.html", context, status=status)


def side_form(shown: case_queries.SideShown, data: Any = None) -> SideForm:
    return SideForm(data, outcomes=shown.outcomes, prefix=f"side-{shown.side.pk}")


Act = Callable[[], object]
REFUSALS = (
    cases.CaseRefused,
    ImpossibleDecision,
    NotInThisCaseState,
    OverApprovalLimit,
)


def done(form: forms.Form, act: Act) -> bool:
    """Whether it was done; otherwise the form says why not."""
    try:
        act()
    except REFUSALS as refusal:
        form.add_error(None, str(refusal))
    except cases.StaleCase:
        form.add_error(
            None,
            _(
                "The case changed after you opened it. Below is the newer state; what you typed "
                "is still there. Look again, then decide."
            ),
        )
    except CustomerIsProtected as held:
        form.add_error(
            None,
            _(
                "The customer is protected for %(partner)s, which is no side of this case. Open a "
                "case about %(deal)s first: it then joins this one."
            )
            % {"partner": held.protection.partner, "deal": held.protection.deal.reference},
        )
    else:
        return True
    return False


@require_POST
def decide(request: HttpRequest, case_id: int, site: AdminSite) -> HttpResponse:
    page = case_queries.case_page(actor_of(request), case_id)
    form = DecisionForm(request.POST, prefix="decide")
    by_side = {one.side.pk: side_form(one, request.POST) for one in page.sides}
    bound: dict[str, forms.Form] = {"decision": form}
    bound |= {f"side-{key}": each for key, each in by_side.items()}
    valid = [each.is_valid() for each in (form, *by_side.values())]
    if not all(valid):
        return draw(request, site, case_id, bound, status=422)
    said = {
        key: cases.SideDecision(
            SideOutcome(each.cleaned_data["outcome"]), each.cleaned_data["message"]
        )
        for key, each in by_side.items()
    }
    data = form.cleaned_data

    def act() -> object:
        return cases.decide_case(
            actor=actor_of(request),
            case_id=case_id,
            decisions=said,
            reason=CaseReason(data["reason"]),
            grounds=data["grounds"],
            version=data["version"],
        )

    if not done(form, act):
        return draw(request, site, case_id, bound, status=409)
    messages.success(request, _("The case is decided; every side is told."))
    return redirect("admin:dealreg_conflictcase_change", case_id)


@require_POST
def assign(request: HttpRequest, case_id: int, site: AdminSite) -> HttpResponse:
    page = case_queries.case_page(actor_of(request), case_id)
    form = AssignForm(request.POST, page=page, prefix="assign")

    def act() -> object:
        owner = int(form.cleaned_data["owner"])
        return cases.assign_case(actor=actor_of(request), case_id=case_id, user_id=owner)

    return finish(request, site, case_id, "assign", form, act, _("The case has its owner."))


@require_POST
def ask(request: HttpRequest, case_id: int, site: AdminSite) -> HttpResponse:
    page = case_queries.case_page(actor_of(request), case_id)
    form = AskForm(request.POST, page=page, prefix="ask")

    def act() -> object:
        data = form.cleaned_data
        return cases.ask_for_evidence(
            actor=actor_of(request),
            case_id=case_id,
            side_ids=[int(key) for key in data["sides"]],
            text=data["text"],
        )

    return finish(request, site, case_id, "ask", form, act, _("The sides are asked."))


@require_POST
def escalate(request: HttpRequest, case_id: int, site: AdminSite) -> HttpResponse:
    case_queries.case_page(actor_of(request), case_id)
    form = EscalateForm(request.POST, prefix="escalate")

    def act() -> object:
        data = form.cleaned_data
        return cases.escalate_case(
            actor=actor_of(request), case_id=case_id, who=Who(data["who"]), why=data["why"]
        )

    return finish(request, site, case_id, "escalate", form, act, _("They are told."))


def finish(
    request: HttpRequest,
    site: AdminSite,
    case_id: int,
    name: str,
    form: forms.Form,
    act: Act,
    sentence: str,
) -> HttpResponse:
    if not form.is_valid():
        return draw(request, site, case_id, {name: form}, status=422)
    if not done(form, act):
        return draw(request, site, case_id, {name: form}, status=409)
    messages.success(request, sentence)
    return redirect("admin:dealreg_conflictcase_change", case_id)


@require_POST
def open_for(request: HttpRequest, deal_id: int, site: AdminSite) -> HttpResponse:
    """A case about a registration, from its review page."""
    form = OpenForm(request.POST)
    try:
        why = form.cleaned_data["why"] if form.is_valid() else ""
        case = cases.open_case(actor=actor_of(request), deal_id=deal_id, why=why)
    except cases.CaseRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:dealreg_deal_change", deal_id)
    messages.success(request, _("The case is open; its sides are told."))
    return redirect("admin:dealreg_conflictcase_change", case.pk)


@require_safe
def promptness(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """How fast the vendor decides, by region and quarter."""
    context = {
        **site.each_context(request),
        "title": _("How fast we decide"),
        "subtitle": None,
        "cells": service_levels.trend(actor_of(request)),
    }
    return TemplateResponse(request, "admin/dealreg/case/promptness.html", context)


# --- the tables -----------------------------------------------------------------------------


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


class StepInline(TabularInline):  # type: ignore[misc]
    model = EscalationStep
    fields = ["after_days", "who"]
    extra = 0
    ordering = ["after_days"]


@admin.register(ServiceLevel)
class ServiceLevelAdmin(RecordedAdmin):
    list_display = ["where", "decision_days", "evidence_days", "appeal_days"]
    list_select_related = ["region"]
    ordering = ["region__path"]
    fields = ["region", ("decision_days", "evidence_days", "appeal_days")]
    empty_text = gettext_lazy("Add one: without a region it holds everywhere.")

    def get_inlines(self, request: HttpRequest, obj: ServiceLevel | None) -> list[Any]:
        return [StepInline] if obj else []

    @display(description=gettext_lazy("region"))
    def where(self, level: ServiceLevel) -> str:
        return str(level)
