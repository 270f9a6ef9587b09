"""How partners fit the ideal one: the list by score, each with its reasons, and the runs."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from core.admin.base import ReadOnlyAdmin, actor_of
from core.tables import csv_export
from partners.admin.asked_runs import AskedRunsAdmin
from partners.admin.organisations import RegionFilter
from partners.admin.pages import OfRegions, refuse_writing
from partners.models import FitRun, PartnerFit, in_regions
from partners.models.fit import FitRunKind
from partners.queries import fit_trial
from partners.queries.fit_page import fit_page
from partners.rules.fit import Level, level_of
from partners.runs import scoring
from partners.services import fit as services
from partners.words import fit as fit_words

LISTED = 50
ANSWERS = {"yes": True, "no": False, "none": None}
LEVEL_TONES = {
    Level.GOOD: "success",
    Level.FAIR: "info",
    Level.POOR: "warning",
    Level.UNKNOWN: "",
}


class OfPartnerRegion(RegionFilter):
    path_field = "partner__region__path"


@admin.register(PartnerFit)
class PartnerFitAdmin(OfRegions, ReadOnlyAdmin):
    list_display = ["partner", "score_shown", "level", "status", "type", "region", "version", "at"]
    list_select_related = ["partner__region", "profile"]
    list_filter = [
        ("partner__status", ChoicesDropdownFilter),
        ("partner__type", ChoicesDropdownFilter),
        OfPartnerRegion,
        ("profile", RelatedDropdownFilter),
    ]
    search_fields = ["partner__name"]
    empty_text = gettext_lazy(
        "Nobody is scored yet. Publish an ideal partner profile; the scores follow by themselves."
    )

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return ["-score", "id"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(current=True, score__isnull=False)

    @display(description=gettext_lazy("score"), ordering="-score")
    def score_shown(self, row: PartnerFit) -> str:
        return fit_words.number(row.score)

    @display(
        description=gettext_lazy("level"),
        label={level.value: tone for level, tone in LEVEL_TONES.items()},
    )
    def level(self, row: PartnerFit) -> tuple[str, str]:
        level = level_of(row.score, row.profile.fair_from, row.profile.good_from)
        return level.value, str(level.label)

    @display(description=gettext_lazy("status"))
    def status(self, row: PartnerFit) -> str:
        return row.partner.get_status_display()

    @display(description=gettext_lazy("type"))
    def type(self, row: PartnerFit) -> str:
        return row.partner.get_type_display()

    @display(description=gettext_lazy("region"))
    def region(self, row: PartnerFit) -> str:
        return row.partner.region.name

    @display(description=gettext_lazy("version"))
    def version(self, row: PartnerFit) -> str:
        return f"v{row.profile.version}"

    @display(description=gettext_lazy("scored"), ordering="scored_at")
    def at(self, row: PartnerFit) -> str:
        return fit_words.when(row.scored_at)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path(
                "partner/<int:partner_id>/",
                view(require_safe(self.partner_page)),
                name="partners_partnerfit_partner",
            ),
            path(
                "partner/<int:partner_id>/answer/",
                view(require_POST(self.answer)),
                name="partners_partnerfit_answer",
            ),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The partner's page, by the row of the list."""
        refuse_writing(request)
        row = self.get_object(request, object_id)
        if not isinstance(row, PartnerFit):
            raise Http404
        return self.partner_page(request, row.partner_id)

    def partner_page(self, request: HttpRequest, partner_id: int) -> HttpResponse:
        """How one partner fits, why, what is missing, and the questions to answer."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = fit_page(actor_of(request), partner_id)
        if page is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("How %s fits the ideal partner") % page.partner.name,
            "subtitle": None,
            "opts": self.opts,
            "page": page,
            "tone": LEVEL_TONES[Level(page.level)] if page.level else "",
        }
        return TemplateResponse(request, "admin/partners/fit.html", context)

    def answer(self, request: HttpRequest, partner_id: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        said = request.POST.get("answer", "")
        if said not in ANSWERS:
            messages.error(request, _("Choose yes, no, or no answer."))
            return redirect("admin:partners_partnerfit_partner", partner_id)
        try:
            services.answer_question(
                actor=actor_of(request),
                partner_id=partner_id,
                question=request.POST.get("question", "")[:16],
                yes=ANSWERS[said],
            )
        except services.NotAsked as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The answer is kept, and the score follows it."))
        return redirect("admin:partners_partnerfit_partner", partner_id)


@admin.register(FitRun)
class FitRunAdmin(AskedRunsAdmin):
    list_display = ["name", "kind", "profile", "state_shown", "cause", "asked_at", "finished_at"]
    list_select_related = ["profile"]
    empty_text = gettext_lazy("Nobody has been scored yet.")
    for_all = FitRunKind.SCORING
    ask = staticmethod(scoring.ask_scoring)
    title = gettext_lazy("Score all partners")
    text = gettext_lazy(
        "Scores every applicant and partner by the versions in force. It happens by "
        "itself every night and when something changes; twice does nothing more than once."
    )
    button = gettext_lazy("Score now")
    page = "admin/partners/fit_run.html"

    def found(self, run: FitRun) -> dict[str, Any]:
        trial = run.kind == FitRunKind.TRIAL
        return {
            "written": run.result.get("written", 0),
            "trial": fit_trial.tally_of(run) if trial else None,
            "moves": fit_trial.moves_of(run)[:LISTED] if trial else [],
        }

    def export(self, request: HttpRequest, run_id: int) -> HttpResponseBase:
        run = self.run_of(request, str(run_id))
        actor = actor_of(request)
        rows = run.moves.filter(in_regions(actor.region_paths, "partner__region__path"))
        return csv_export(
            rows.select_related("partner__region").order_by("id"),
            name=f"ideal-partner-trial-{run.pk}",
            columns={
                _("Partner"): lambda move: move.partner.name,
                _("Type"): lambda move: move.partner.get_type_display(),
                _("Status"): lambda move: move.partner.get_status_display(),
                _("Region"): lambda move: move.partner.region.path,
                _("Before"): lambda move: move.before,
                _("After"): lambda move: move.after,
            },
        )
