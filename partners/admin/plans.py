"""Joint business plans in the back office: the vendor's side writes, signs and closes them."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from core.acts import tell_outcome, version_seen
from core.admin.base import actor_of
from partners.admin.pages import PagesAdmin, dressed
from partners.forms.plans import BeginForm, PlanForms
from partners.models import JointPlan
from partners.queries import plans, todos
from partners.queries.organisations import partner_called
from partners.rules.plans import PlanStatus, PlanVerb
from partners.services import planning as services
from partners.services.planning import PlanRefused, StalePlan

TONES = {
    PlanStatus.DRAFT: "",
    PlanStatus.PROPOSED: "warning",
    PlanStatus.AGREED: "success",
    PlanStatus.CLOSED: "info",
    PlanStatus.REPLACED: "",
    PlanStatus.DISCARDED: "",
}
REFUSALS = (PlanRefused, StalePlan)
Verb = Callable[..., Any]


@admin.register(JointPlan)
class JointPlanAdmin(PagesAdmin):
    list_display = ["title", "partner", "status_shown", "period_shown", "revision", "created_by"]
    list_display_links = ["title"]
    list_select_related = ["partner", "created_by"]
    list_filter = [("status", ChoicesDropdownFilter)]
    search_fields = ["title", "partner__name"]
    ordering = ["-first", "-id"]
    empty_text = gettext_lazy("No partner has a joint plan yet.")
    change_list_template = "admin/partners/jointplan/list.html"
    pages = [
        ("new/", "new"),
        ("<int:plan_id>/edit/", "edit"),
        ("<int:plan_id>/propose/", "propose"),
        ("<int:plan_id>/agree/", "agree"),
        ("<int:plan_id>/send-back/", "send_back"),
        ("<int:plan_id>/revise/", "revise"),
        ("<int:plan_id>/discard/", "discard"),
        ("<int:plan_id>/comments/", "comment"),
        ("<int:plan_id>/close/", "close"),
    ]

    @display(
        description=gettext_lazy("status"),
        label={status.value: tone for status, tone in TONES.items()},
        ordering="status",
    )
    def status_shown(self, plan: JointPlan) -> tuple[str, str]:
        return plan.status, plan.get_status_display()

    @display(description=gettext_lazy("period"), ordering="first")
    def period_shown(self, plan: JointPlan) -> str:
        return plans.period_label(plan.period)

    def draw(
        self, request: HttpRequest, row: JointPlan, status: int = 200, **context: Any
    ) -> HttpResponse:
        page = plans.plan_page(actor_of(request), row)
        return self.page(
            request,
            "admin/partners/jointplan/one.html",
            row.title,
            status,
            plan=row,
            shown=page,
            tone=TONES[PlanStatus(row.status)],
            news=page.timeline,
        )

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def new(self, request: HttpRequest) -> HttpResponse:
        actor = actor_of(request)
        asked = request.POST.get("partner_name") or request.GET.get("partner_name", "")
        partner = partner_called(actor, asked)
        form = BeginForm(request.POST or None, today=timezone.localdate())
        valid = form.is_valid()
        if form.is_bound and partner is None:
            form.add_error(None, _("No partner of yours is called so."))
        elif partner is not None and valid:
            try:
                made = services.begin_plan(
                    actor=actor,
                    partner_id=partner.pk,
                    period=form.chosen(),
                    title=form.cleaned_data["title"],
                )
            except PlanRefused as refused:
                form.add_error(None, str(refused))
            else:
                return redirect("admin:partners_jointplan_edit", made.pk)
        return self.page(
            request,
            "admin/partners/jointplan/new.html",
            _("Begin a plan"),
            422 if form.is_bound else 200,
            form=dressed(form),
            asked=asked,
        )

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def edit(self, request: HttpRequest, plan_id: int) -> HttpResponse:
        actor = actor_of(request)
        row: JointPlan = self.row(request, plan_id)
        if PlanVerb.EDIT not in plans.verbs_for(actor, row):
            messages.error(request, _("This plan is no draft any more."))
            return redirect("admin:partners_jointplan_change", row.pk)
        owners = todos.owners_for(actor, row.partner_id, shared=True)
        sheet = PlanForms(row, owners, request.POST or None)
        status = 200
        if request.method == "POST":
            status = self.save(request, row, sheet)
            if status == 302:
                more = request.POST.get("act") == "more"
                page = "edit" if more else "change"
                return redirect(f"admin:partners_jointplan_{page}", row.pk)
        for form in (sheet.words, *sheet.goals, *sheet.activities):
            dressed(form)
        template = "admin/partners/jointplan/edit.html"
        return self.page(request, template, row.title, status, plan=row, sheet=sheet)

    def save(self, request: HttpRequest, row: JointPlan, sheet: PlanForms) -> int:
        if not sheet.is_valid():
            return 422
        try:
            services.write_plan(
                actor=actor_of(request), plan_id=row.pk, draft=sheet.draft(), version=sheet.version
            )
        except PlanRefused as refused:
            sheet.words.add_error(None, str(refused))
            return 422
        except StalePlan as stale:
            sheet.words.add_error(None, str(stale))
            sheet.words.data = {**request.POST.dict(), "plan-version": str(stale.plan.version)}
            return 409
        messages.success(request, _("The plan is saved."))
        return 302

    def move(
        self, request: HttpRequest, plan_id: int, verb: Verb, told: str, **more: Any
    ) -> HttpResponse:
        """Does one thing to the version that was read."""
        row: JointPlan = self.row(request, plan_id)
        actor, seen = actor_of(request), version_seen(request)
        tell_outcome(
            request,
            lambda: verb(actor=actor, plan_id=row.pk, version=seen, **more),
            told,
            REFUSALS,
        )
        return redirect("admin:partners_jointplan_change", row.pk)

    @method_decorator(require_POST)
    def propose(self, request: HttpRequest, plan_id: int) -> HttpResponse:
        told = _("You have signed; the partner is asked to agree.")
        return self.move(request, plan_id, services.propose_plan, told)

    @method_decorator(require_POST)
    def agree(self, request: HttpRequest, plan_id: int) -> HttpResponse:
        told = _("Both sides have signed. The activities are tasks now.")
        return self.move(request, plan_id, services.agree_plan, told)

    @method_decorator(require_POST)
    def send_back(self, request: HttpRequest, plan_id: int) -> HttpResponse:
        note = request.POST.get("text", "")[:4000]
        told = _("The plan is a draft again.")
        return self.move(request, plan_id, services.send_plan_back, told, note=note)

    @method_decorator(require_POST)
    def revise(self, request: HttpRequest, plan_id: int) -> HttpResponse:
        told = _("A draft of the next revision is begun.")
        return self.move(request, plan_id, services.revise_plan, told)

    @method_decorator(require_POST)
    def discard(self, request: HttpRequest, plan_id: int) -> HttpResponse:
        return self.move(request, plan_id, services.discard_plan, _("The draft is discarded."))

    @method_decorator(require_POST)
    def close(self, request: HttpRequest, plan_id: int) -> HttpResponse:
        note = request.POST.get("text", "")[:4000]
        told = _("The plan is closed; what was reached is kept.")
        return self.move(request, plan_id, services.close_plan, told, note=note)

    @method_decorator(require_POST)
    def comment(self, request: HttpRequest, plan_id: int) -> HttpResponse:
        row: JointPlan = self.row(request, plan_id)
        actor, text = actor_of(request), request.POST.get("text", "")[:4000]
        tell_outcome(
            request,
            lambda: services.comment_on_plan(actor=actor, plan_id=row.pk, text=text),
            _("Your comment is there."),
            REFUSALS,
        )
        return redirect("admin:partners_jointplan_change", row.pk)
