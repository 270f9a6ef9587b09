"""The tier programme: reading a version in plain words, writing the next one, trying it on all
partners, publishing it."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin.base import actor_of
from partners import services
from partners.admin.programme_forms import ProgrammeForm, form_of
from partners.admin.publishing import VersionKind, VersionsAdmin
from partners.models import TierProgramme
from partners.models.tier_runs import RunKind
from partners.queries import programmes
from partners.queries.versions import behind
from partners.rules.rollouts import PROGRAMMES
from partners.runs import recalculation
from partners.words import tiers as tier_words

MOST_RUNS = 10


@admin.register(TierProgramme)
class TierProgrammeAdmin(VersionsAdmin):
    empty_text = gettext_lazy("There is no programme, so tiers are set by hand.")
    verbs = ("draft", "publish", "retire", "discard", "simulate")
    row_key = "programme_id"
    trial_prefix = PROGRAMMES
    begin_title = gettext_lazy("Begin a tier programme")
    begin_text = gettext_lazy("A draft with all tiers and no requirements. It decides nothing yet.")

    saved = gettext_lazy("The draft is saved. It decides nothing until it is published.")
    template = "admin/partners/programme.html"
    draft_form = ProgrammeForm
    kind = VersionKind(
        draft=services.draft_programme,
        write=services.write_programme,
        publish=services.publish_programme,
        retire=services.retire_programme,
        discard=services.discard_programme,
        fingerprint=services.programme_fingerprint,
        changed=services.ProgrammeChanged,
        invalid=services.InvalidProgramme,
    )

    def form_of(self, row: TierProgramme) -> ProgrammeForm:
        return form_of(row)

    def shown(self, row: TierProgramme) -> dict[str, Any]:
        ladder = programmes.read_ladder(row)
        before = behind(row)
        old = {
            level.tier_id: tier_words.level(level)
            for level in (programmes.read_ladder(before).levels if before else ())
        }
        return {
            "title": _("Tier programme v%s") % row.version,
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
            "runs": row.runs.filter(kind=RunKind.SIMULATION)[:MOST_RUNS],
        }

    def published(self, row: TierProgramme) -> str:
        if row.effective_from is None or row.effective_from <= timezone.now():
            return _("v%s decides from now on. Have tiers recalculated to apply it.") % row.version
        when = date_format(localtime(row.effective_from), "DATETIME_FORMAT")
        return _("v%(version)s decides from %(when)s on.") % {"version": row.version, "when": when}

    def simulate(self, request: HttpRequest, programme_id: int) -> HttpResponse:
        row = self.row(request, programme_id)
        wrong = programmes.problems(row)
        if wrong:
            messages.error(request, " ".join(wrong))
            return self.to_page(row)
        run = recalculation.ask_simulation(actor=actor_of(request), programme_id=row.pk)
        return redirect("admin:partners_tierrun_change", run.pk)
