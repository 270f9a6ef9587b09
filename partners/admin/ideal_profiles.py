"""The ideal partner profile: reading a version in plain words beside the one before, writing the
next one, trying it on all partners, publishing it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin.base import actor_of
from partners import fit_page, fit_runs, fit_words, fits
from partners.admin.ideal_profile_forms import IdealForm, ideal_form_of
from partners.admin.publishing import STATUS_TONES, PublishForm, VersionsAdmin
from partners.models import IdealProfile
from partners.models.fit import FitRunKind
from partners.models.tiering import ProgrammeStatus
from partners.services import ideal_profiles as services

CHANGE = "admin:partners_idealprofile_change"
MOST_RUNS = 10


@admin.register(IdealProfile)
class IdealProfileAdmin(VersionsAdmin):
    empty_text = gettext_lazy("Nobody has written down yet what the ideal partner is like.")
    verbs = ("draft", "publish", "retire", "discard", "simulate")
    row_key = "profile_id"
    begin_title = gettext_lazy("Write down the ideal partner profile")
    begin_text = gettext_lazy("A draft without criteria. Nobody is scored by it yet.")

    def begin(self, request: HttpRequest) -> IdealProfile:
        return services.draft_ideal(actor=actor_of(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The whole version in words; a draft also as the form that rewrites it."""
        row = self._row(request, object_id)
        may_write = actor_of(request).is_ops and row.status == ProgrammeStatus.DRAFT
        if request.method != "POST":
            return self._draw(request, row, ideal_form_of(row) if may_write else None)
        if not may_write:
            raise PermissionDenied
        form = IdealForm(request.POST)
        if not form.is_valid():
            return self._draw(request, row, form, status=422)
        return self._write(request, row, form)

    def _write(self, request: HttpRequest, row: IdealProfile, form: IdealForm) -> HttpResponse:
        try:
            services.write_ideal(
                actor=actor_of(request),
                profile_id=row.pk,
                draft=form.draft(),
                seen=form.cleaned_data["seen"],
            )
        except services.IdealChanged:
            messages.error(
                request,
                _(
                    "A colleague rewrote this draft after you opened it. Your text is still "
                    "below; the words above are theirs. Save again to replace them."
                ),
            )
            again = request.POST.copy()
            again["seen"] = services.ideal_fingerprint(row)
            return self._draw(request, row, IdealForm(again), status=409)
        except services.InvalidIdeal as wrong:
            messages.error(request, str(wrong))
            return self._draw(request, row, form, status=422)
        messages.success(request, _("The draft is saved. Nobody is scored by it yet."))
        return redirect(CHANGE, row.pk)

    def _row(self, request: HttpRequest, object_id: str | int) -> IdealProfile:
        row = self.get_object(request, str(object_id))
        if not isinstance(row, IdealProfile):
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def _draw(
        self, request: HttpRequest, row: IdealProfile, form: Any, status: int = 200
    ) -> HttpResponse:
        before = fits.behind(row)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Ideal partner profile v%s") % row.version,
            "subtitle": None,
            "opts": self.opts,
            "profile": row,
            "tone": STATUS_TONES[ProgrammeStatus(row.status)],
            "scope": fit_words.scope(row),
            "settings": fit_words.settings(row),
            "rows": fit_page.compared(row, before),
            "before": before,
            "problems": fits.problems(row),
            "form": form,
            "may_write": actor_of(request).is_ops,
            "publish_form": PublishForm(),
            "runs": row.runs.filter(kind=FitRunKind.TRIAL)[:MOST_RUNS],
        }
        template = "admin/partners/ideal_profile.html"
        return TemplateResponse(request, template, context, status=status)

    def draft(self, request: HttpRequest, profile_id: int) -> HttpResponse:
        source = self._row(request, profile_id)
        row = services.draft_ideal(actor=actor_of(request), from_id=source.pk)
        messages.success(request, _("v%s is a draft. Change what should differ.") % row.version)
        return redirect(CHANGE, row.pk)

    def publish(self, request: HttpRequest, profile_id: int) -> HttpResponse:
        row = self._row(request, profile_id)
        form = PublishForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Write the moment as date and time."))
            return redirect(CHANGE, row.pk)
        when = form.cleaned_data["effective_from"]
        if self._done(
            request,
            lambda: services.publish_ideal(
                actor=actor_of(request), profile_id=row.pk, effective_from=when
            ),
        ):
            row.refresh_from_db()
            messages.success(request, counts_from(row))
        return redirect(CHANGE, row.pk)

    def retire(self, request: HttpRequest, profile_id: int) -> HttpResponse:
        row = self._row(request, profile_id)
        actor = actor_of(request)
        if self._done(request, lambda: services.retire_ideal(actor=actor, profile_id=row.pk)):
            messages.success(request, _("v%s is retired.") % row.version)
        return redirect(CHANGE, row.pk)

    def discard(self, request: HttpRequest, profile_id: int) -> HttpResponse:
        row = self._row(request, profile_id)
        actor = actor_of(request)
        if not self._done(request, lambda: services.discard_ideal(actor=actor, profile_id=row.pk)):
            return redirect(CHANGE, row.pk)
        messages.success(request, _("The draft v%s is gone.") % row.version)
        return redirect("admin:partners_idealprofile_changelist")

    def simulate(self, request: HttpRequest, profile_id: int) -> HttpResponse:
        row = self._row(request, profile_id)
        if wrong := fits.problems(row):
            messages.error(request, " ".join(wrong))
            return redirect(CHANGE, row.pk)
        run = fit_runs.ask_trial(actor=actor_of(request), profile_id=row.pk)
        return redirect("admin:partners_fitrun_change", run.pk)

    def _done(self, request: HttpRequest, service: Callable[[], object]) -> bool:
        try:
            service()
        except services.InvalidIdeal as wrong:
            messages.error(request, str(wrong))
            return False
        return True


def counts_from(row: IdealProfile) -> str:
    if row.effective_from is None or row.effective_from <= timezone.now():
        return _("v%s counts from now on. All partners are being scored.") % row.version
    when = fit_words.when(row.effective_from)
    return _("v%(version)s counts from %(when)s on.") % {"version": row.version, "when": when}
