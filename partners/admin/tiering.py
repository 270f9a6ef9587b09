"""Where partners stand: what was assessed, what waits for a person, what is excepted."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from core.admin.base import ReadOnlyAdmin, RecordedAdmin, actor_of
from partners import services
from partners.admin.pages import OfRegions, refuse_writing
from partners.models import TierAssessment, TierException, TierProposal
from partners.models.standing import ProposalStatus
from partners.queries import tier_page
from partners.queries.programmes import read_ladder


@admin.register(TierAssessment)
class TierAssessmentAdmin(OfRegions, ReadOnlyAdmin):
    list_display = ["partner", "action_shown", "reached", "after", "version", "at"]
    list_select_related = ["partner", "reached", "after", "programme"]
    list_filter = [("action", ChoicesDropdownFilter), ("reached", RelatedDropdownFilter)]
    search_fields = ["partner__name"]
    ordering = ["-id"]
    empty_text = gettext_lazy("No partner has been assessed yet.")

    @display(description=gettext_lazy("what happened"))
    def action_shown(self, row: TierAssessment) -> str:
        return row.get_action_display()

    @display(description=gettext_lazy("version"))
    def version(self, row: TierAssessment) -> str:
        return f"v{row.programme.version}"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What was measured, and how that compares with what each tier asks."""
        refuse_writing(request)
        row = self.get_object(request, object_id)
        if not isinstance(row, TierAssessment):
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Assessment of %s") % row.partner,
            "subtitle": None,
            "assessment": row,
            "levels": tier_page.assessed_levels(row, read_ladder(row.programme)),
            "now": tier_page.tier_page(actor_of(request), row.partner_id),
        }
        return TemplateResponse(request, "admin/partners/assessment.html", context)


@admin.register(TierProposal)
class TierProposalAdmin(OfRegions, ReadOnlyAdmin):
    list_display = ["partner", "before", "after", "status_shown", "asked_at", "decided_by"]
    list_select_related = ["partner", "before", "after"]
    list_filter = [("status", ChoicesDropdownFilter)]
    search_fields = ["partner__name"]
    ordering = ["-status", "asked_at"]
    empty_text = gettext_lazy("No move waits for a person.")

    @display(
        description=gettext_lazy("status"),
        label={"waiting": "warning", "approved": "success", "declined": "danger", "overtaken": ""},
    )
    def status_shown(self, row: TierProposal) -> tuple[str, str]:
        return row.status, row.get_status_display()

    def get_urls(self) -> list[URLPattern]:
        decide = path(
            "<int:proposal_id>/decide/",
            self.admin_site.admin_view(require_POST(self.decide)),
            name="partners_tierproposal_decide",
        )
        return [decide, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        refuse_writing(request)
        row = self._row(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{row.partner}: {row.before} → {row.after}",
            "subtitle": None,
            "proposal": row,
            "waiting": row.status == ProposalStatus.WAITING,
            "levels": tier_page.assessed_levels(
                row.assessment, read_ladder(row.assessment.programme)
            ),
        }
        return TemplateResponse(request, "admin/partners/proposal.html", context)

    def _row(self, request: HttpRequest, object_id: str) -> TierProposal:
        row = self.get_object(request, object_id)
        if not isinstance(row, TierProposal):
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def decide(self, request: HttpRequest, proposal_id: int) -> HttpResponse:
        row = self._row(request, str(proposal_id))
        try:
            services.decide_proposal(
                actor=actor_of(request),
                proposal_id=row.pk,
                approve=request.POST.get("answer") == "approve",
                note=request.POST.get("note", ""),
            )
        except services.TierRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Decided."))
        return redirect("admin:partners_tierproposal_changelist")


class ExceptionForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = TierException
        fields = ["partner", "tier", "reason", "last_day"]


@admin.register(TierException)
class TierExceptionAdmin(OfRegions, RecordedAdmin):
    refusals = (services.TierRefused,)
    list_display = ["partner", "tier", "reason", "last_day", "by", "ended_at"]
    list_select_related = ["partner", "tier"]
    search_fields = ["partner__name"]
    ordering = ["-id"]
    form = ExceptionForm
    autocomplete_fields = ["partner"]
    fields = ["partner", "tier", "reason", "last_day"]
    actions = ["end"]
    empty_text = gettext_lazy("Every partner is in the tier that it reached.")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # It is ended and made anew, so that the record says what held when.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        made = services.make_exception(
            actor=actor_of(request),
            partner_id=data["partner"].pk,
            tier_id=data["tier"].pk if data["tier"] else None,
            reason=data["reason"],
            last_day=data["last_day"],
        )
        row.pk = made.pk

    @admin.action(
        description=gettext_lazy("End exceptions: the programme decides again"),
        permissions=["add"],
    )
    def end(self, request: HttpRequest, queryset: "models.QuerySet[TierException]") -> None:
        for partner_id in list(queryset.values_list("partner_id", flat=True)[:100]):
            services.end_exception(actor=actor_of(request), partner_id=partner_id)
        self.message_user(request, _("The programme decides about them again."), messages.SUCCESS)
