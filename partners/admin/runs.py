"""Recalculations of all partners' tiers: asked for, planned, watched; what simulations found."""

from typing import Any
from zoneinfo import available_timezones

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import ChoiceField, ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from core.admin.base import ReadOnlyAdmin, RecordedAdmin, actor_of
from core.models import QueueState
from core.money import Money, format_money
from core.money_rates import base_currency
from core.tables import csv_export
from partners import recalculation, services, simulation
from partners.admin.pages import refuse_writing
from partners.models import TierRun, TierSchedule
from partners.models.tier_runs import RunKind
from partners.rules.tiers import Action

SECONDS_BETWEEN_LOOKS = 3
LISTED = 50
STATE_TONES = {
    QueueState.WAITING: "info",
    QueueState.RUNNING: "info",
    QueueState.DONE: "success",
    QueueState.PARKED: "danger",
}


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
