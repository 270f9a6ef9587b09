"""Joint business plans for the people of a partner: administrators write and sign, everybody
reads."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.acts import version_seen
from core.tables import Column, EmptyState, read_table
from core.ui import Tab
from partners.doors import actor_of, for_partners
from partners.forms.plans import BeginForm, PlanForms
from partners.models import JointPlan
from partners.queries import plans, todos
from partners.rules.plans import PlanStatus, PlanVerb
from partners.services import planning as services
from partners.services.planning import PlanRefused, StalePlan

COLUMNS = [
    Column("title", gettext_lazy("Plan"), "title", primary=True),
    Column("status", gettext_lazy("Status"), corner=True),
    Column("period", gettext_lazy("Period"), "first"),
    Column("revision", gettext_lazy("Revision"), "revision", numeric=True, priority=3),
]


def tabs_of(current: str) -> list[Tab]:
    """The pages of what a partner and the vendor plan together."""
    pages = {
        "plans": _("Plans"),
        "swot": _("Strengths and weaknesses"),
        "reviews": _("Quarterly reviews"),
    }
    return [Tab(label, reverse(name), name == current) for name, label in pages.items()]


@require_GET
@for_partners
def plan_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    assert actor.partner_id is not None  # for_partners
    may_write = plans.side_of(actor) is not None
    table = read_table(
        plans.plans(actor),
        request.GET,
        columns=COLUMNS,
        sort="-period",
        caption=_("Joint plans of your company and the vendor"),
        empty=no_plans(may_write=may_write),
    )
    today = timezone.localdate()
    current = plans.current_plan(actor, actor.partner_id, today)
    context = {
        "table": table,
        "rows": [(row, plans.period_label(row.period), tone_of(row)) for row in table.rows],
        "current": current,
        "goals": plans.goals_of(current, today) if current else [],
        "period": plans.period_label(current.period) if current else "",
        "may_write": may_write,
        "tabs": tabs_of("plans"),
    }
    return render(request, "partners/plan_list.html", context)


def tone_of(row: JointPlan) -> str:
    return plans.STATUS_TONES[PlanStatus(row.status)].value


def no_plans(*, may_write: bool) -> EmptyState:
    text = _("Agree with the vendor what you want to reach together, and who does what for it.")
    if may_write:
        return EmptyState(
            _("No plans yet"), text, reverse("plan_new"), _("Begin a plan"), icon="flag"
        )
    return EmptyState(_("No plans yet"), text, icon="flag")


@require_http_methods(["GET", "POST"])
@for_partners
def plan_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    assert actor.partner_id is not None  # for_partners
    plans.require_writer(actor, actor.partner_id)
    form = BeginForm(request.POST or None, today=timezone.localdate())
    if form.is_valid():
        try:
            made = services.begin_plan(
                actor=actor,
                partner_id=actor.partner_id,
                period=form.chosen(),
                title=form.cleaned_data["title"],
            )
        except PlanRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("plan_edit", made.pk)
    context = {"form": form}
    status = 422 if form.errors else 200
    return render(request, "partners/plan_new.html", context, status=status)


@require_GET
@for_partners
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    actor = actor_of(request)
    row = plans.plan_for_reading(actor, plan_id)
    page = plans.plan_page(actor, row)
    return render(request, "partners/plan.html", {"page": page, "plan": row})


@require_http_methods(["GET", "POST"])
@for_partners
def edit(request: HttpRequest, plan_id: int) -> HttpResponse:
    actor = actor_of(request)
    row = plans.plan_for_reading(actor, plan_id)
    plans.require_writer(actor, row.partner_id)
    if PlanVerb.EDIT not in plans.verbs_for(actor, row):
        messages.error(request, _("This plan is no draft any more."))
        return redirect("plan", row.pk)
    owners = todos.owners_for(actor, row.partner_id, shared=True)
    sheet = PlanForms(row, owners, request.POST or None)
    status = 200
    if request.method == "POST":
        status = save(request, row, sheet)
        if status == 302:
            more = request.POST.get("act") == "more"
            return redirect("plan_edit" if more else "plan", row.pk)
    context = {"plan": row, "sheet": sheet, "period": plans.period_label(row.period)}
    return render(request, "partners/plan_edit.html", context, status=status)


def save(request: HttpRequest, row: JointPlan, sheet: PlanForms) -> int:
    """302 when it is saved; otherwise the forms say why not."""
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
        sheet.words.add_error(
            None,
            _(
                "Somebody changed the plan after you opened it, so nothing was saved. Now it is "
                "“%(title)s” with %(goals)s goals and %(activities)s activities. Save again to "
                "write yours."
            )
            % {
                "title": stale.plan.title,
                "goals": stale.plan.goals.count(),
                "activities": stale.plan.activities.count(),
            },
        )
        sheet.words.data = {**request.POST.dict(), "plan-version": str(stale.plan.version)}
        return 409
    messages.success(request, _("The plan is saved."))
    return 302


def act(
    request: HttpRequest, plan_id: int, verb: Callable[[int], JointPlan], told: str
) -> HttpResponse:
    """Does one thing to the version that was read, and tells how it went on the plan's page."""
    plans.plan_for_reading(actor_of(request), plan_id)
    shown = plan_id
    try:
        shown = verb(version_seen(request)).pk
    except (PlanRefused, StalePlan) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, told)
    return redirect("plan", shown)


@require_POST
@for_partners
def propose(request: HttpRequest, plan_id: int) -> HttpResponse:
    actor = actor_of(request)
    return act(
        request,
        plan_id,
        lambda seen: services.propose_plan(actor=actor, plan_id=plan_id, version=seen),
        _("You have signed; the vendor is asked to agree."),
    )


@require_POST
@for_partners
def agree(request: HttpRequest, plan_id: int) -> HttpResponse:
    actor = actor_of(request)
    return act(
        request,
        plan_id,
        lambda seen: services.agree_plan(actor=actor, plan_id=plan_id, version=seen),
        _("Both sides have signed. The activities are tasks now."),
    )


@require_POST
@for_partners
def send_back(request: HttpRequest, plan_id: int) -> HttpResponse:
    actor, note = actor_of(request), request.POST.get("text", "")[:4000]
    return act(
        request,
        plan_id,
        lambda seen: services.send_plan_back(actor=actor, plan_id=plan_id, note=note, version=seen),
        _("The plan is a draft again."),
    )


@require_POST
@for_partners
def revise(request: HttpRequest, plan_id: int) -> HttpResponse:
    actor = actor_of(request)
    return act(
        request,
        plan_id,
        lambda seen: services.revise_plan(actor=actor, plan_id=plan_id, version=seen),
        _("This is the next revision. Until both have signed it, the agreed one counts."),
    )


@require_POST
@for_partners
def discard(request: HttpRequest, plan_id: int) -> HttpResponse:
    actor = actor_of(request)
    answer = act(
        request,
        plan_id,
        lambda seen: services.discard_plan(actor=actor, plan_id=plan_id, version=seen),
        _("The draft is discarded."),
    )
    gone = not plans.plans(actor).filter(pk=plan_id).exists()
    return redirect("plans") if gone else answer


@require_POST
@for_partners
def comment(request: HttpRequest, plan_id: int) -> HttpResponse:
    actor, text = actor_of(request), request.POST.get("text", "")[:4000]
    try:
        services.comment_on_plan(actor=actor, plan_id=plan_id, text=text)
    except PlanRefused as refused:
        messages.error(request, str(refused))
    return redirect("plan", plan_id)
