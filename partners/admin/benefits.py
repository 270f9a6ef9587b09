"""What tiers bring: reading a version in plain words beside the one before, writing the next
one, publishing it."""

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
from partners import benefit_words, benefits, services
from partners.admin.benefit_forms import CatalogueForm, catalogue_form_of
from partners.admin.publishing import STATUS_TONES, PublishForm, VersionsAdmin
from partners.models import BenefitCatalogue, Tier
from partners.models.tiering import ProgrammeStatus
from partners.programme import all_tiers
from partners.rules.benefits import BENEFITS

CHANGE = "admin:partners_benefitcatalogue_change"


@admin.register(BenefitCatalogue)
class BenefitCatalogueAdmin(VersionsAdmin):
    empty_text = gettext_lazy("No benefits are written down yet.")
    row_key = "catalogue_id"
    begin_title = gettext_lazy("Write down benefits")
    begin_text = gettext_lazy("A draft in which no tier brings anything. It counts for nobody yet.")

    def begin(self, request: HttpRequest) -> BenefitCatalogue:
        return services.draft_benefits(actor=actor_of(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The whole version in words; a draft also as the form that rewrites it."""
        row = self._row(request, object_id)
        may_write = actor_of(request).is_ops and row.status == ProgrammeStatus.DRAFT
        if request.method != "POST":
            return self._draw(request, row, catalogue_form_of(row) if may_write else None)
        if not may_write:
            raise PermissionDenied
        form = CatalogueForm(request.POST)
        if not form.is_valid():
            return self._draw(request, row, form, status=422)
        return self._write(request, row, form)

    def _write(
        self, request: HttpRequest, row: BenefitCatalogue, form: CatalogueForm
    ) -> HttpResponse:
        try:
            services.write_benefits(
                actor=actor_of(request),
                catalogue_id=row.pk,
                draft=form.draft(),
                seen=form.cleaned_data["seen"],
            )
        except services.CatalogueChanged:
            messages.error(
                request,
                _(
                    "A colleague rewrote this draft after you opened it. Your text is still "
                    "below; the words above are theirs. Save again to replace them."
                ),
            )
            again = {**request.POST.dict(), "seen": services.catalogue_fingerprint(row)}
            return self._draw(request, row, CatalogueForm(again), status=409)
        except services.InvalidCatalogue as wrong:
            messages.error(request, str(wrong))
            return self._draw(request, row, form, status=422)
        messages.success(request, _("The draft is saved. It counts for nobody yet."))
        return redirect(CHANGE, row.pk)

    def _row(self, request: HttpRequest, object_id: str | int) -> BenefitCatalogue:
        row = self.get_object(request, str(object_id))
        if not isinstance(row, BenefitCatalogue):
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def _draw(
        self, request: HttpRequest, row: BenefitCatalogue, form: Any, status: int = 200
    ) -> HttpResponse:
        before = benefits.behind(row)
        tiers = all_tiers()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Benefits v%s") % row.version,
            "subtitle": None,
            "opts": self.opts,
            "catalogue": row,
            "tone": STATUS_TONES[ProgrammeStatus(row.status)],
            "scope": benefit_words.scope(row),
            "starts": benefit_words.starts(row.starts),
            "tiers": tiers,
            "rows": rows_of(row, before, tiers),
            "before": before,
            "problems": benefits.problems(row),
            "form": form,
            "may_write": actor_of(request).is_ops,
            "publish_form": PublishForm(),
        }
        return TemplateResponse(request, "admin/partners/catalogue.html", context, status=status)

    def draft(self, request: HttpRequest, catalogue_id: int) -> HttpResponse:
        source = self._row(request, catalogue_id)
        row = services.draft_benefits(actor=actor_of(request), from_id=source.pk)
        messages.success(request, _("v%s is a draft. Change what should differ.") % row.version)
        return redirect(CHANGE, row.pk)

    def publish(self, request: HttpRequest, catalogue_id: int) -> HttpResponse:
        row = self._row(request, catalogue_id)
        form = PublishForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Write the moment as date and time."))
            return redirect(CHANGE, row.pk)
        try:
            row = services.publish_benefits(
                actor=actor_of(request),
                catalogue_id=row.pk,
                effective_from=form.cleaned_data["effective_from"],
            )
        except services.InvalidCatalogue as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, counts_from(row))
        return redirect(CHANGE, row.pk)

    def retire(self, request: HttpRequest, catalogue_id: int) -> HttpResponse:
        row = self._row(request, catalogue_id)
        try:
            services.retire_benefits(actor=actor_of(request), catalogue_id=row.pk)
        except services.InvalidCatalogue as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, _("v%s is retired.") % row.version)
        return redirect(CHANGE, row.pk)

    def discard(self, request: HttpRequest, catalogue_id: int) -> HttpResponse:
        row = self._row(request, catalogue_id)
        try:
            services.discard_benefits(actor=actor_of(request), catalogue_id=row.pk)
        except services.InvalidCatalogue as wrong:
            messages.error(request, str(wrong))
            return redirect(CHANGE, row.pk)
        messages.success(request, _("The draft v%s is gone.") % row.version)
        return redirect("admin:partners_benefitcatalogue_changelist")


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


def counts_from(row: BenefitCatalogue) -> str:
    if row.effective_from is None or row.effective_from <= timezone.now():
        return _("v%s counts from now on.") % row.version
    when = date_format(localtime(row.effective_from), "DATETIME_FORMAT")
    return _("v%(version)s counts from %(when)s on.") % {"version": row.version, "when": when}
