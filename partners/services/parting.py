"""What becomes of what a partner and the vendor have together when the partner is let go: its
profile in the directory, plans, reviews and tasks. Each is a step of the checklist."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.events import record
from partners.events.directory import ProfileListed, ProfileUnlisted
from partners.models import DirectoryProfile, JointPlan, Offboarding, QuarterlyReview, Todo
from partners.registries.offboarding import Done, Step, declare_step
from partners.rules.lifecycle import OPEN_OFFBOARDING
from partners.rules.plans import OPEN_PLAN, PlanStatus
from partners.rules.reviews import ReviewStatus
from partners.rules.todos import TodoState, TodoVerb
from partners.services.planning import end_plan, give_up_plan, take_up_plan
from partners.services.reviews import call_off
from partners.services.todos import details_of, move_todo, rewrite_todo

MOST_AT_ONCE = 200


# --- the directory --------------------------------------------------------------------------


@transaction.atomic
def leave_directory(actor: Actor, partner_id: int, reason: str) -> Done:
    """From this commit on no page, logo or list of the directory has the partner."""
    rows = DirectoryProfile.objects.select_for_update(of=("self",))
    profile = rows.filter(partner_id=partner_id, listed=True).first()
    if profile is None:
        return Done(_("It was not in the directory."))
    profile.listed = False
    profile.save(update_fields=["listed"])
    record(ProfileUnlisted(reason), subject=profile, actor=actor, partner_id=partner_id)
    return Done(_("The profile is not public any more."), undo=(profile.pk,))


@transaction.atomic
def return_to_directory(actor: Actor, undo: list[int]) -> None:
    """Unless the vendor has taken it out meanwhile."""
    rows = DirectoryProfile.objects.select_for_update(of=("self",)).filter(pk__in=undo)
    for profile in rows.filter(listed=False, closed_because="").exclude(text="").order_by("pk"):
        profile.listed = True
        profile.save(update_fields=["listed"])
        fact = ProfileListed(profile.name)
        record(fact, subject=profile, actor=actor, partner_id=profile.partner_id)


# --- plans and reviews ----------------------------------------------------------------------


@transaction.atomic
def close_plans(actor: Actor, partner_id: int, reason: str) -> Done:
    """Agreed plans are closed with what they reached, others discarded, and meetings to come
    cancelled."""
    going = JointPlan.objects.filter(
        partner_id=partner_id, status__in=[*OPEN_PLAN, PlanStatus.AGREED]
    )
    # An open revision goes before the one that it would have replaced.
    plans = list(going.select_for_update(of=("self",)).order_by("-revision", "pk")[:MOST_AT_ONCE])
    for plan in plans:
        if plan.status == PlanStatus.AGREED:
            end_plan(actor=actor, plan=plan, note=reason)
        else:
            give_up_plan(actor=actor, plan=plan)
    reviews = QuarterlyReview.objects.filter(partner_id=partner_id, status=ReviewStatus.PLANNED)
    meetings = list(reviews.select_for_update(of=("self",)).order_by("pk")[:MOST_AT_ONCE])
    for review in meetings:
        call_off(actor=actor, review=review, note=reason)
    note = _("Plans ended: %(plans)d; reviews cancelled: %(reviews)d")
    return Done(
        note % {"plans": len(plans), "reviews": len(meetings)},
        whole=max(len(plans), len(meetings)) < MOST_AT_ONCE,
        undo=tuple(plan.pk for plan in plans),
    )


@transaction.atomic
def take_up_plans(actor: Actor, undo: list[int]) -> None:
    """What was agreed counts again, what was a draft can be written again, unless the vendor has
    begun another one meanwhile. Cancelled meetings have to be planned anew."""
    plans = JointPlan.objects.select_for_update(of=("self",)).filter(pk__in=undo)
    for plan in plans.order_by("revision", "pk"):
        others = JointPlan.objects.filter(
            partner_id=plan.partner_id, first=plan.first, last=plan.last, status__in=OPEN_PLAN
        )
        if plan.status == PlanStatus.CLOSED or not others.exists():
            take_up_plan(actor=actor, plan=plan)


# --- tasks ----------------------------------------------------------------------------------


@transaction.atomic
def settle_todos(actor: Actor, partner_id: int, reason: str) -> Done:
    """Open tasks are dropped, or given to whom operations have named; those that somebody of the
    vendor has stay with them then."""
    # Who has left the vendor since then inherits nothing.
    heir_id = (
        Offboarding.objects.filter(partner_id=partner_id, state__in=sorted(OPEN_OFFBOARDING))
        .filter(todos_go_to__is_active=True, todos_go_to__is_staff=True)
        .values_list("todos_go_to", flat=True)
        .first()
    )
    rows = Todo.objects.filter(partner_id=partner_id, state=TodoState.OPEN)
    if heir_id is not None:
        rows = rows.exclude(owner__is_staff=True, owner__is_active=True)
    found = list(rows.select_for_update(of=("self",)).order_by("pk")[:MOST_AT_ONCE])
    for todo in found:
        if heir_id is None:
            move_todo(actor=actor, todo=todo, verb=TodoVerb.DROP)
        else:
            rewrite_todo(actor=actor, todo=todo, details=details_of(todo, owner_id=heir_id))
    dropped = () if heir_id else tuple(todo.pk for todo in found)
    note = _("Tasks given to somebody else: %d") if heir_id else _("Tasks dropped: %d")
    return Done(note % len(found), whole=len(found) < MOST_AT_ONCE, undo=dropped)


@transaction.atomic
def reopen_todos(actor: Actor, undo: list[int]) -> None:
    """What was dropped is open again, unless somebody did that before."""
    rows = Todo.objects.select_for_update(of=("self",)).filter(pk__in=undo)
    for todo in rows.filter(state=TodoState.DROPPED).order_by("pk"):
        move_todo(actor=actor, todo=todo, verb=TodoVerb.REOPEN)


declare_step(
    Step(
        "partners.leave_directory",
        gettext_lazy("Take the profile out of the public directory"),
        12,
        leave_directory,
        return_to_directory,
    )
)
declare_step(
    Step(
        "partners.close_plans",
        gettext_lazy("Close plans, cancel reviews"),
        35,
        close_plans,
        take_up_plans,
    )
)
declare_step(
    Step("partners.settle_todos", gettext_lazy("Settle open tasks"), 40, settle_todos, reopen_todos)
)
