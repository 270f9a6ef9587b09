"""Where partners stand: runs, assessments, proposals, exceptions, schedules, entered values."""

from typing import Any
from zoneinfo import available_timezones

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import ChoiceField, ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from core.admin.base import ReadOnlyAdmin, RecordedAdmin, actor_of
from core.models import QueueState
from core.money import Money, format_money
from core.money_rates import base_currency
from core.tables import csv_export
from partners import recalculation, services, simulation, tier_page, tier_words
from partners.measures import all_measures
from partners.models import (
    MeasureValue,
    TierAssessment,
    TierException,
    TierProposal,
    TierRun,
    TierSchedule,
)
from partners.models.tiering import ProposalStatus, RunKind
from partners.programmes import read_ladder
from partners.queries import in_regions
from partners.rules.tiers import Action

SECONDS_BETWEEN_LOOKS = 3
LISTED = 50
STATE_TONES = {
    QueueState.WAITING: "info",
    QueueState.RUNNING: "info",
    QueueState.DONE: "success",
    QueueState.PARKED: "danger",
}


def refuse_writing(request: HttpRequest) -> None:
    """What stands on these pages is changed by its own verbs only."""
    if request.method not in {"GET", "HEAD"}:
        raise PermissionDenied


class OfRegions:
    """Mixed into tables about partners: staff see those of their regions."""

    path_field = "partner__region__path"

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)  # type: ignore[misc]
        return rows.filter(in_regions(actor_of(request).region_paths, self.path_field))


@admin.register(TierRun)
class TierRunAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "programme", "state_shown", "cause", "asked_at", "finished_at"]
    list_select_related = ["programme"]
    list_filter = [("kind", ChoicesDropdownFilter), ("state", ChoicesDropdownFilter)]
    ordering = ["-id"]
    empty_text = gettext_lazy("Nothing has been recalculated yet.")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        actor = actor_of(request)
        if not actor.region_paths:
            return rows
        own = models.Q(kind=RunKind.RECALCULATION) | models.Q(asked_by_id=actor.user_id)
        return rows.filter(own)

    @display(description=gettext_lazy("number"))
    def name(self, run: TierRun) -> str:
        return f"#{run.pk}"

    @display(
        description=gettext_lazy("state"),
        label={state.value: tone for state, tone in STATE_TONES.items()},
    )
    def state_shown(self, run: TierRun) -> tuple[str, str]:
        return run.state, run.get_state_display()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return actor_of(request).is_ops

    def get_urls(self) -> list[URLPattern]:
        export = path(
            "<int:run_id>/export/",
            self.admin_site.admin_view(require_safe(self.export)),
            name="partners_tierrun_export",
        )
        return [export, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            actor = actor_of(request)
            run = recalculation.ask_recalculation(actor=actor, cause=actor.label)
            return redirect("admin:partners_tierrun_change", run.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Recalculate tiers"),
            "subtitle": None,
            "text": _(
                "Looks at every partner again. Whoever reaches more rises, whoever reaches less "
                "gets a warning and the grace of the programme. It may run while deals close, and "
                "twice does nothing more than once."
            ),
            "button": _("Recalculate now"),
        }
        return TemplateResponse(request, "admin/partners/confirm.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """How far it is and what it found; asks for itself again while it runs."""
        refuse_writing(request)
        run = self._run(request, object_id)
        runs = run.state in {QueueState.WAITING, QueueState.RUNNING}
        context = {
            **self.admin_site.each_context(request),
            "title": str(run),
            "subtitle": None,
            "run": run,
            "runs": runs,
            "parked": run.state == QueueState.PARKED,
            "actions": [
                (action.label, run.result[action.value])
                for action in Action
                if run.result.get(action.value)
            ],
            "simulated": run.kind == RunKind.SIMULATION,
            "may_write": actor_of(request).is_ops,
            **(found(run) if run.kind == RunKind.SIMULATION else {}),
        }
        answer = TemplateResponse(request, "admin/partners/run.html", context)
        if runs:
            answer.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
        return answer

    def _run(self, request: HttpRequest, object_id: str) -> TierRun:
        run = self.get_object(request, object_id)
        if not isinstance(run, TierRun):
            raise Http404
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        return run

    def export(self, request: HttpRequest, run_id: int) -> HttpResponseBase:
        run = self._run(request, str(run_id))
        rows = run.moves.select_related("partner__region", "before", "after").order_by("id")
        return csv_export(
            rows,
            name=f"simulation-{run.pk}",
            columns={
                _("Partner"): lambda move: move.partner.name,
                _("Type"): lambda move: move.partner.get_type_display(),
                _("Region"): lambda move: move.partner.region.path,
                _("Before"): lambda move: move.before.name,
                _("After"): lambda move: move.after.name,
            },
        )


def found(run: TierRun) -> dict[str, Any]:
    """A simulation's counts as the page's tables."""
    tally = simulation.tally_of(run)
    moves = run.moves.select_related("partner", "before", "after").order_by("id")[:LISTED]
    cost = simulation.cost_of(tally)
    return {
        "tally": tally,
        "groups": [(_("Region"), tally.by_region), (_("Partner type"), tally.by_type)],
        "moves": moves,
        "cost": None if cost is None else format_money(Money(cost, base_currency())),
    }


@admin.register(TierAssessment)
class TierAssessmentAdmin(OfRegions, ReadOnlyAdmin):
    list_display = ["partner", "action_shown", "reached", "after", "version", "at"]
    list_select_related = ["partner", "reached", "after", "programme"]
    list_filter = [("action", ChoicesDropdownFilter), ("reached", RelatedDropdownFilter)]
    search_fields = ["partner__name"]
    ordering = ["-id"]
    empty_text = gettext_lazy("No partner has been assessed yet.")

    @display(description=gettext_lazy("what happened"))
    def action_shown(self, row: TierAssessment) -> str:
        return row.get_action_display()

    @display(description=gettext_lazy("version"))
    def version(self, row: TierAssessment) -> str:
        return f"v{row.programme.version}"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What was measured, and how that compares with what each tier asks."""
        refuse_writing(request)
        row = self.get_object(request, object_id)
        if not isinstance(row, TierAssessment):
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Assessment of %s") % row.partner,
            "subtitle": None,
            "assessment": row,
            "levels": tier_page.assessed_levels(row, read_ladder(row.programme)),
            "now": tier_page.tier_page(actor_of(request), row.partner_id),
        }
        return TemplateResponse(request, "admin/partners/assessment.html", context)


@admin.register(TierProposal)
class TierProposalAdmin(OfRegions, ReadOnlyAdmin):
    list_display = ["partner", "before", "after", "status_shown", "asked_at", "decided_by"]
    list_select_related = ["partner", "before", "after"]
    list_filter = [("status", ChoicesDropdownFilter)]
    search_fields = ["partner__name"]
    ordering = ["-status", "asked_at"]
    empty_text = gettext_lazy("No move waits for a person.")

    @display(
        description=gettext_lazy("status"),
        label={"waiting": "warning", "approved": "success", "declined": "danger", "overtaken": ""},
    )
    def status_shown(self, row: TierProposal) -> tuple[str, str]:
        return row.status, row.get_status_display()

    def get_urls(self) -> list[URLPattern]:
        decide = path(
            "<int:proposal_id>/decide/",
            self.admin_site.admin_view(require_POST(self.decide)),
            name="partners_tierproposal_decide",
        )
        return [decide, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        refuse_writing(request)
        row = self._row(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{row.partner}: {row.before} → {row.after}",
            "subtitle": None,
            "proposal": row,
            "waiting": row.status == ProposalStatus.WAITING,
            "levels": tier_page.assessed_levels(
                row.assessment, read_ladder(row.assessment.programme)
            ),
        }
        return TemplateResponse(request, "admin/partners/proposal.html", context)

    def _row(self, request: HttpRequest, object_id: str) -> TierProposal:
        row = self.get_object(request, object_id)
        if not isinstance(row, TierProposal):
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def decide(self, request: HttpRequest, proposal_id: int) -> HttpResponse:
        row = self._row(request, str(proposal_id))
        try:
            services.decide_proposal(
                actor=actor_of(request),
                proposal_id=row.pk,
                approve=request.POST.get("answer") == "approve",
                note=request.POST.get("note", ""),
            )
        except services.TierRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Decided."))
        return redirect("admin:partners_tierproposal_changelist")


class ExceptionForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = TierException
        fields = ["partner", "tier", "reason", "last_day"]


@admin.register(TierException)
class TierExceptionAdmin(OfRegions, RecordedAdmin):
    refusals = (services.TierRefused,)
    list_display = ["partner", "tier", "reason", "last_day", "by", "ended_at"]
    list_select_related = ["partner", "tier"]
    search_fields = ["partner__name"]
    ordering = ["-id"]
    form = ExceptionForm
    autocomplete_fields = ["partner"]
    fields = ["partner", "tier", "reason", "last_day"]
    actions = ["end"]
    empty_text = gettext_lazy("Every partner is in the tier that it reached.")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # It is ended and made anew, so that the record says what held when.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        made = services.make_exception(
            actor=actor_of(request),
            partner_id=data["partner"].pk,
            tier_id=data["tier"].pk if data["tier"] else None,
            reason=data["reason"],
            last_day=data["last_day"],
        )
        row.pk = made.pk

    @admin.action(
        description=gettext_lazy("End exceptions: the programme decides again"),
        permissions=["add"],
    )
    def end(self, request: HttpRequest, queryset: "models.QuerySet[TierException]") -> None:
        for partner_id in list(queryset.values_list("partner_id", flat=True)[:100]):
            services.end_exception(actor=actor_of(request), partner_id=partner_id)
        self.message_user(request, _("The programme decides about them again."), messages.SUCCESS)


class ScheduleForm(ModelForm):  # type: ignore[type-arg]
    time_zone = ChoiceField(label=gettext_lazy("Time zone"), widget=UnfoldAdminSelectWidget)

    class Meta:
        model = TierSchedule
        fields = ["rhythm", "at", "time_zone", "active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            zones = sorted(available_timezones())
            self.fields["time_zone"].choices = [(zone, zone) for zone in zones]  # type: ignore[attr-defined]


@admin.register(TierSchedule)
class TierScheduleAdmin(RecordedAdmin):
    list_display = ["rhythm", "at", "time_zone", "active"]
    ordering = ["id"]
    form = ScheduleForm
    fields = ["rhythm", "at", "time_zone", "active"]
    empty_text = gettext_lazy("Tiers are recalculated by hand only.")

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        assert isinstance(row, TierSchedule)
        services.set_schedule(actor=actor_of(request), schedule=row)

    def change(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        assert isinstance(row, TierSchedule)
        services.set_schedule(actor=actor_of(request), schedule=row)

    def remove(self, request: HttpRequest, row: models.Model) -> None:
        assert isinstance(row, TierSchedule)
        services.remove_schedule(actor=actor_of(request), schedule=row)


class ValueForm(ModelForm):  # type: ignore[type-arg]
    measure = ChoiceField(label=gettext_lazy("Measure"), widget=UnfoldAdminSelectWidget)

    class Meta:
        model = MeasureValue
        fields = ["partner", "measure", "day", "value", "source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "measure" in self.fields:
            stored = [(one.name, one.label) for one in all_measures() if one.stored]
            self.fields["measure"].choices = stored  # type: ignore[attr-defined]


@admin.register(MeasureValue)
class MeasureValueAdmin(OfRegions, RecordedAdmin):
    refusals = (services.TierRefused,)
    list_display = ["partner", "label", "day", "value", "source", "entered_at"]
    list_select_related = ["partner"]
    search_fields = ["partner__name"]
    ordering = ["-id"]
    form = ValueForm
    autocomplete_fields = ["partner"]
    fields = ["partner", "measure", "day", "value", "source"]
    empty_text = gettext_lazy("Enter what the portal cannot count, or import it.")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A value of the same day replaces it, which the record tells.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=gettext_lazy("measure"))
    def label(self, row: MeasureValue) -> str:
        return tier_words.label_of(row.measure)

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        new = services.NewValue(
            data["partner"].pk, data["measure"], data["day"], data["value"], data["source"]
        )
        services.enter_values(actor=actor_of(request), values=[new])
        row.pk = services.entered_row(new).pk
