"""Recalculations of all partners' tiers: asked for, planned, watched; what simulations found."""

from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django.contrib import admin
from django.db import models
from django.forms import ChoiceField, ModelForm
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from core.admin.base import RecordedAdmin, actor_of
from core.money import Money, format_money
from core.money_rates import base_currency
from core.tables import csv_export
from partners import services
from partners.admin.asked_runs import AskedRunsAdmin
from partners.models import TierRun, TierSchedule
from partners.models.tier_runs import RunKind
from partners.queries import simulation
from partners.rules.tiers import Action
from partners.runs import recalculation

LISTED = 50


@admin.register(TierRun)
class TierRunAdmin(AskedRunsAdmin):
    list_display = ["name", "kind", "programme", "state_shown", "cause", "asked_at", "finished_at"]
    list_select_related = ["programme"]
    empty_text = gettext_lazy("Nothing has been recalculated yet.")
    for_all = RunKind.RECALCULATION
    ask = staticmethod(recalculation.ask_recalculation)
    title = gettext_lazy("Recalculate tiers")
    text = gettext_lazy(
        "Looks at every partner again. Whoever reaches more rises, whoever reaches less "
        "gets a warning and the grace of the programme. It may run while deals close, and "
        "twice does nothing more than once."
    )
    button = gettext_lazy("Recalculate now")
    page = "admin/partners/run.html"

    def found(self, run: TierRun) -> dict[str, Any]:
        simulated = run.kind == RunKind.SIMULATION
        return {
            "actions": [
                (action.label, run.result[action.value])
                for action in Action
                if run.result.get(action.value)
            ],
            "simulated": simulated,
            **(tables_of(run) if simulated else {}),
        }

    def export(self, request: HttpRequest, run_id: int) -> HttpResponseBase:
        run = self.run_of(request, str(run_id))
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


def tables_of(run: TierRun) -> dict[str, Any]:
    """A simulation's counts as the page's tables."""
    tally = simulation.tally_of(run)
    moves = run.moves.select_related("partner", "before", "after").order_by("id")[:LISTED]
    return {
        "tally": tally,
        "groups": [
            (title, [(one, in_money(one.cost)) for one in groups])
            for title, groups in (
                (_("Region"), tally.by_region),
                (_("Partner type"), tally.by_type),
            )
        ],
        "moves": moves,
        "cost": "" if tally.cost is None else in_money(abs(tally.cost)),
    }


def in_money(amount: int) -> str:
    return format_money(Money(Decimal(amount), base_currency()))


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
