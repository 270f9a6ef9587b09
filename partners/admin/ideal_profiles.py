"""The ideal partner profile: reading a version in plain words beside the one before, writing the
next one, trying it on all partners, publishing it."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin.base import actor_of
from partners.admin.ideal_profile_forms import IdealForm, ideal_form_of
from partners.admin.publishing import VersionKind, VersionsAdmin
from partners.models import IdealProfile
from partners.models.fit import FitRunKind
from partners.queries import fit, fit_page
from partners.queries.versions import behind
from partners.rules.rollouts import IDEALS
from partners.runs import scoring
from partners.services import ideal_profiles as services
from partners.words import fit as fit_words

MOST_RUNS = 10


@admin.register(IdealProfile)
class IdealProfileAdmin(VersionsAdmin):
    empty_text = gettext_lazy("Nobody has written down yet what the ideal partner is like.")
    verbs = ("draft", "publish", "retire", "discard", "simulate")
    row_key = "profile_id"
    trial_prefix = IDEALS
    begin_title = gettext_lazy("Write down the ideal partner profile")
    begin_text = gettext_lazy("A draft without criteria. Nobody is scored by it yet.")

    saved = gettext_lazy("The draft is saved. Nobody is scored by it yet.")
    template = "admin/partners/ideal_profile.html"
    draft_form = IdealForm
    kind = VersionKind(
        draft=services.draft_ideal,
        write=services.write_ideal,
        publish=services.publish_ideal,
        retire=services.retire_ideal,
        discard=services.discard_ideal,
        fingerprint=services.ideal_fingerprint,
        changed=services.IdealChanged,
        invalid=services.InvalidIdeal,
    )

    def form_of(self, row: IdealProfile) -> IdealForm:
        return ideal_form_of(row)

    def shown(self, row: IdealProfile) -> dict[str, Any]:
        before = behind(row)
        return {
            "title": _("Ideal partner profile v%s") % row.version,
            "scope": fit_words.scope(row),
            "settings": fit_words.settings(row),
            "rows": fit_page.compared(row, before),
            "before": before,
            "problems": fit.problems(row),
            "runs": row.runs.filter(kind=FitRunKind.TRIAL)[:MOST_RUNS],
        }

    def published(self, row: IdealProfile) -> str:
        if row.effective_from is None or row.effective_from <= timezone.now():
            return _("v%s counts from now on. All partners are being scored.") % row.version
        when = fit_words.when(row.effective_from)
        return _("v%(version)s counts from %(when)s on.") % {"version": row.version, "when": when}

    def simulate(self, request: HttpRequest, profile_id: int) -> HttpResponse:
        row = self.row(request, profile_id)
        if wrong := fit.problems(row):
            messages.error(request, " ".join(wrong))
            return self.to_page(row)
        run = scoring.ask_trial(actor=actor_of(request), profile_id=row.pk)
        return redirect("admin:partners_fitrun_change", run.pk)
