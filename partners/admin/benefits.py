"""What tiers bring: reading a version in plain words beside the one before, writing the next
one, publishing it."""

from typing import Any

from django.contrib import admin
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import services
from partners.admin.benefit_forms import CatalogueForm, catalogue_form_of
from partners.admin.publishing import VersionKind, VersionsAdmin
from partners.models import BenefitCatalogue, Tier
from partners.queries import benefits
from partners.queries.tiers import all_tiers
from partners.queries.versions import behind
from partners.rules.benefits import BENEFITS
from partners.rules.rollouts import CATALOGUES
from partners.words import benefits as benefit_words


@admin.register(BenefitCatalogue)
class BenefitCatalogueAdmin(VersionsAdmin):
    empty_text = gettext_lazy("No benefits are written down yet.")
    row_key = "catalogue_id"
    trial_prefix = CATALOGUES
    begin_title = gettext_lazy("Write down benefits")
    begin_text = gettext_lazy("A draft in which no tier brings anything. It counts for nobody yet.")

    saved = gettext_lazy("The draft is saved. It counts for nobody yet.")
    template = "admin/partners/catalogue.html"
    draft_form = CatalogueForm
    kind = VersionKind(
        draft=services.draft_benefits,
        write=services.write_benefits,
        publish=services.publish_benefits,
        retire=services.retire_benefits,
        discard=services.discard_benefits,
        fingerprint=services.catalogue_fingerprint,
        changed=services.CatalogueChanged,
        invalid=services.InvalidCatalogue,
    )

    def form_of(self, row: BenefitCatalogue) -> CatalogueForm:
        return catalogue_form_of(row)

    def shown(self, row: BenefitCatalogue) -> dict[str, Any]:
        before = behind(row)
        tiers = all_tiers()
        return {
            "title": _("Benefits v%s") % row.version,
            "scope": benefit_words.scope(row),
            "starts": benefit_words.starts(row.starts),
            "tiers": tiers,
            "rows": rows_of(row, before, tiers),
            "before": before,
            "problems": benefits.problems(row),
        }

    def published(self, row: BenefitCatalogue) -> str:
        if row.effective_from is None or row.effective_from <= timezone.now():
            return _("v%s counts from now on.") % row.version
        when = date_format(localtime(row.effective_from), "DATETIME_FORMAT")
        return _("v%(version)s counts from %(when)s on.") % {"version": row.version, "when": when}


def rows_of(
    row: BenefitCatalogue, before: BenefitCatalogue | None, tiers: list[Tier]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each benefit with what the tiers bring, and what the version before said where it differs."""
    now = benefits.read_catalogue(row)
    old = benefits.read_catalogue(before) if before else now
    rows = []
    for benefit in BENEFITS.values():
        cells = []
        for tier in tiers:
            words = benefit_words.value(benefit, now.of_tier(tier.pk).get(benefit.name))
            past = (
                benefit_words.value(benefit, old.of_tier(tier.pk).get(benefit.name)) if old else ""
            )
            cells.append((words, past if past != words else ""))
        rows.append((str(benefit.label), cells))
    return rows
