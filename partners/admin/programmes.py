"""The tier programme: reading a version in plain words, writing the next one, trying it on all
partners, publishing it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin.base import actor_of
from partners import programmes, recalculation, services, tier_words
from partners.admin.programme_forms import ProgrammeForm, form_of
from partners.admin.publishing import STATUS_TONES, PublishForm, VersionsAdmin
from partners.models import TierProgramme
from partners.models.tier_runs import RunKind
from partners.models.tiering import ProgrammeStatus

MOST_RUNS = 10


@admin.register(TierProgramme)
class TierProgrammeAdmin(VersionsAdmin):
    empty_text = gettext_lazy("There is no programme, so tiers are set by hand.")
    verbs = ("draft", "publish", "retire", "discard", "simulate")
    row_key = "programme_id"
    begin_title = gettext_lazy("Begin a tier programme")
    begin_text = gettext_lazy("A draft with all tiers and no requirements. It decides nothing yet.")

    def begin(self, request: HttpRequest) -> TierProgramme:
        return services.draft_programme(actor=actor_of(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The whole version in words; a draft also as the form that rewrites it."""
        row = self._row(request, object_id)
        may_write = actor_of(request).is_ops and row.status == ProgrammeStatus.DRAFT
        if request.method != "POST":
            return self._draw(request, row, form_of(row) if may_write else None)
        if not may_write:
            raise PermissionDenied
        form = ProgrammeForm(request.POST)
        if not form.is_valid():
            return self._draw(request, row, form, status=422)
        return self._write(request, row, form)

    def _write(self, request: HttpRequest, row: TierProgramme, form: ProgrammeForm) -> HttpResponse:
        try:
            services.write_programme(
                actor=actor_of(request),
                programme_id=row.pk,
                draft=form.draft(),
                seen=form.cleaned_data["seen"],
            )
        except services.ProgrammeChanged:
            messages.error(
                request,
                _(
                    "A colleague rewrote this draft after you opened it. Your text is still "
                    "below; the words above are theirs. Save again to replace them."
                ),
            )
            again = {**request.POST.dict(), "seen": services.programme_fingerprint(row)}
            return self._draw(request, row, ProgrammeForm(again), status=409)
        except services.InvalidProgramme as wrong:
            messages.error(request, str(wrong))
            return self._draw(request, row, form, status=422)
        messages.success(
            request, _("The draft is saved. It decides nothing until it is published.")
        )
        return redirect("admin:partners_tierprogramme_change", row.pk)

    def _row(self, request: HttpRequest, object_id: str | int) -> TierProgramme:
        row = self.get_object(request, str(object_id))
        if not isinstance(row, TierProgramme):
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def _draw(
        self, request: HttpRequest, row: TierProgramme, form: Any, status: int = 200
    ) -> HttpResponse:
        ladder = programmes.read_ladder(row)
        before = programmes.behind(row)
        old = {
            level.tier_id: tier_words.level(level)
            for level in (programmes.read_ladder(before).levels if before else ())
        }
        context = {
            **self.admin_site.each_context(request),
            "title": _("Tier programme v%s") % row.version,
            "subtitle": None,
            "opts": self.opts,
            "programme": row,
            "tone": STATUS_TONES[ProgrammeStatus(row.status)],
            "scope": tier_words.scope(row),
            "counted": tier_words.period(row.period, row.months),
            "policy": tier_words.policy(row),
            "levels": [
                (level, tier_words.level(level), old.get(level.tier_id))
                for level in reversed(ladder.levels)
            ],
            "scores": [tier_words.score(score) for score in ladder.scores],
            "before": before,
            "problems": programmes.problems(row),
            "form": form,
            "may_write": actor_of(request).is_ops,
            "publish_form": PublishForm(),
            "runs": row.runs.filter(kind=RunKind.SIMULATION)[:MOST_RUNS],
        }
        return TemplateResponse(request, "admin/partners/programme.html", context, status=status)

    def draft(self, request: HttpRequest, programme_id: int) -> HttpResponse:
        source = self._row(request, programme_id)
        row = services.draft_programme(actor=actor_of(request), from_id=source.pk)
        messages.success(request, _("v%s is a draft. Change what should differ.") % row.version)
        return redirect("admin:partners_tierprogramme_change", row.pk)

    def publish(self, request: HttpRequest, programme_id: int) -> HttpResponse:
        row = self._row(request, programme_id)
        form = PublishForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Write the moment as date and time."))
            return redirect("admin:partners_tierprogramme_change", row.pk)
        try:
            row = services.publish_programme(
                actor=actor_of(request),
                programme_id=row.pk,
                effective_from=form.cleaned_data["effective_from"],
            )
        except services.InvalidProgramme as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, decides_from(row))
        return redirect("admin:partners_tierprogramme_change", row.pk)

    def retire(self, request: HttpRequest, programme_id: int) -> HttpResponse:
        row = self._row(request, programme_id)
        try:
            services.retire_programme(actor=actor_of(request), programme_id=row.pk)
        except services.InvalidProgramme as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, _("v%s is retired.") % row.version)
        return redirect("admin:partners_tierprogramme_change", row.pk)

    def discard(self, request: HttpRequest, programme_id: int) -> HttpResponse:
        row = self._row(request, programme_id)
        try:
            services.discard_programme(actor=actor_of(request), programme_id=row.pk)
        except services.InvalidProgramme as wrong:
            messages.error(request, str(wrong))
            return redirect("admin:partners_tierprogramme_change", row.pk)
        messages.success(request, _("The draft v%s is gone.") % row.version)
        return redirect("admin:partners_tierprogramme_changelist")

    def simulate(self, request: HttpRequest, programme_id: int) -> HttpResponse:
        row = self._row(request, programme_id)
        wrong = programmes.problems(row)
        if wrong:
            messages.error(request, " ".join(wrong))
            return redirect("admin:partners_tierprogramme_change", row.pk)
        run = recalculation.ask_simulation(actor=actor_of(request), programme_id=row.pk)
        return redirect("admin:partners_tierrun_change", run.pk)


def decides_from(row: TierProgramme) -> str:
    if row.effective_from is None or row.effective_from <= timezone.now():
        return _("v%s decides from now on. Have tiers recalculated to apply it.") % row.version
    when = date_format(localtime(row.effective_from), "DATETIME_FORMAT")
    return _("v%(version)s decides from %(when)s on.") % {"version": row.version, "when": when}
