"""Imports from spreadsheets: the file, its columns, a trial, the taking, and the way back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from core.acts import look_again
from core.admin.base import actor_of
from core.admin.record import QueueAdmin
from core.importing import runs
from core.importing.contract import RowOutcome, importer_named, importers_for
from core.importing.sheets import Unreadable
from core.models import ImportedRow, ImportPhase, ImportRun, QueueState
from core.tables import csv_export

SHOWN_ROWS = 100
SHOWN_CELLS = 3
STEPS = {"go-ahead": runs.go_ahead, "undo": runs.undo}


class FileForm(forms.Form):
    importer = forms.ChoiceField(label=gettext_lazy("What"), widget=UnfoldAdminSelectWidget)
    upload = forms.FileField(
        label=gettext_lazy("File"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=gettext_lazy(
            "CSV in UTF-8 or XLSX with headings in the first row, up to 50,000 rows. Formulas are "
            "not worked out."
        ),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["importer"].choices = choices  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Takes a file; the next page names its columns."""
    actor = actor_of(request)
    choices = [(each.name, each.label) for each in importers_for(actor)]
    if not choices:
        raise PermissionDenied
    form = FileForm(request.POST or None, request.FILES or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        try:
            run = runs.begin(actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error("upload", refused.messages)
        except Unreadable as wrong:
            form.add_error("upload", str(wrong))
        else:
            return redirect("admin:core_import_run", run.pk)
    context = {**site.each_context(request), "title": _("New import"), "form": form}
    return TemplateResponse(
        request,
        "admin/core/importrun/new.html",
        context,
        status=422 if form.is_bound else 200,
    )


def run_for(request: HttpRequest, run_id: int) -> ImportRun:
    """The run by right: importing is for those who may import that kind of thing."""
    try:
        return runs.run_for_reading(actor_of(request), run_id)
    except LookupError:
        raise Http404 from None


@require_safe
def show(request: HttpRequest, run_id: int, site: AdminSite) -> HttpResponse:
    """How far an import is; asks for itself again while a worker has it."""
    return draw(request, run_for(request, run_id), site)


def draw(request: HttpRequest, run: ImportRun, site: AdminSite, status: int = 200) -> HttpResponse:
    columns = importer_named(run.importer).columns()
    first = list(run.rows.order_by("number")[:SHOWN_CELLS])
    waits = run.state in {QueueState.WAITING, QueueState.RUNNING}
    counts = runs.counts_of(run)
    context = {
        **site.each_context(request),
        "title": run.file_name,
        "subtitle": None,
        "run": run,
        "what": importer_named(run.importer).label,
        "waits": waits,
        "columns": columns,
        "headings": headings_of(run, first),
        "named": run.phase in {ImportPhase.MAPPING, ImportPhase.CHECKED} and not waits,
        "may_go_ahead": run.phase == ImportPhase.CHECKED and counts[RowOutcome.ADDED] > 0,
        "may_undo": runs.may_be_undone(run) and not waits,
        "counts": [(RowOutcome(key).label, number) for key, number in counts.items()],
        "rows": run.rows.exclude(message="").order_by("number")[:SHOWN_ROWS],
    }
    answer = TemplateResponse(request, "admin/core/importrun/run.html", context, status=status)
    if waits:
        look_again(answer, seconds=2)
    return answer


def headings_of(run: ImportRun, first: list[ImportedRow]) -> list[tuple[int, str, str, str]]:
    """(place, heading, field, what stands below it) for each column."""
    found = []
    for place, heading in enumerate(run.headings):
        below = [row.cells[place] for row in first if place < len(row.cells) and row.cells[place]]
        field = run.mapping[place] if place < len(run.mapping) else ""
        found.append((place, heading, field, " · ".join(cell[:40] for cell in below)))
    return found


@require_POST
def name_columns(request: HttpRequest, run_id: int, site: AdminSite) -> HttpResponse:
    run = run_for(request, run_id)
    mapping = [request.POST.get(f"column-{place}", "") for place in range(len(run.headings))]
    try:
        runs.try_out(actor=actor_of(request), run_id=run.pk, mapping=mapping)
    except runs.NotNow as refusal:
        messages.error(request, str(refusal))
        run.mapping = mapping
        return draw(request, run, site, status=409)
    return redirect("admin:core_import_run", run.pk)


@require_POST
def step(request: HttpRequest, run_id: int, verb: str, site: AdminSite) -> HttpResponse:
    """Takes the rows that were found right, or takes them back."""
    run = run_for(request, run_id)
    if verb not in STEPS:
        raise Http404
    try:
        STEPS[verb](actor=actor_of(request), run_id=run.pk)
    except runs.NotNow as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:core_import_run", run.pk)


@require_safe
def export(request: HttpRequest, run_id: int, site: AdminSite) -> HttpResponseBase:
    """Every row with what became of it, as a file; with `only=wrong` those to mend."""
    run = run_for(request, run_id)
    rows = run.rows.order_by("number")
    if request.GET.get("only") == RowOutcome.WRONG:
        rows = rows.filter(outcome=RowOutcome.WRONG)
    cells = {
        heading or f"#{place + 1}": reader(place) for place, heading in enumerate(run.headings)
    }
    columns = {
        _("Line"): lambda row: row.number,
        _("Result"): lambda row: row.get_outcome_display(),
        _("Remark"): lambda row: row.message,
        **cells,
    }
    return csv_export(rows, name="import", columns=columns)


def reader(place: int) -> Any:
    return lambda row: row.cells[place] if place < len(row.cells) else ""


@admin.register(ImportRun)
class ImportRunAdmin(QueueAdmin):
    list_display = ["file_name", "importer", "phase_shown", "total", "asked_by", "created_at"]
    list_display_links = ["file_name"]
    list_select_related = ["asked_by"]
    list_filter: list[Any] = []
    ordering = ["-id"]
    empty_text = gettext_lazy("Take a spreadsheet over with “New import”.")
    change_list_template = "admin/core/importrun/list.html"

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        pages: list[tuple[str, str, Any]] = [
            ("new/", "new", new),
            ("run/<int:run_id>/", "run", show),
            ("run/<int:run_id>/columns/", "columns", name_columns),
            ("run/<int:run_id>/export/", "export", export),
            ("run/<int:run_id>/<slug:verb>/", "step", step),
        ]
        own = [
            path(route, guarded(view), {"site": self.admin_site}, name=f"core_import_{name}")
            for route, name, view in pages
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Any]":
        found: models.QuerySet[Any] = super().get_queryset(request)
        if not self.has_view_permission(request):
            return found  # and refused: what is there is nobody's to learn from that
        return found.filter(importer__in=[e.name for e in importers_for(actor_of(request))])

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST" or not self.has_view_permission(request):
            raise PermissionDenied  # a run is not edited; its steps have addresses of their own
        if not object_id.isdigit() or len(object_id) > 18:
            raise Http404
        return draw(request, run_for(request, int(object_id)), self.admin_site)

    @display(description=gettext_lazy("phase"))
    def phase_shown(self, run: ImportRun) -> str:
        return str(ImportPhase(run.phase).label)
