"""A partner is let go by a checklist that acts. Each step is done by a worker in a transaction of
its own, so that a killed one goes on where it was; people halt it, take it back, or finish it."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core import queries
from core.actor import Actor, StaffRole, system
from core.appointments import DueAppointment, cancel_appointments, falls_due, make_appointment
from core.events import record
from core.mail import queue_mail, reading_as
from core.models import Event, User
from core.system_names import declare_name
from partners import queries as partners
from partners.events.lifecycle import OffboardingMoved, OffboardingStarted, OffboardingStepDone
from partners.events.people import PersonJoined
from partners.models import Invitation, Membership, Offboarding, OffboardingStep, Partner
from partners.registries.offboarding import (
    Done,
    Step,
    all_steps,
    declare_step,
    is_being_let_go,
    step_named,
)
from partners.rules import PartnerStatus
from partners.rules.lifecycle import (
    OPEN_OFFBOARDING,
    OffboardingState,
    OffboardingVerb,
    StepState,
    offboarding_after,
)
from partners.services.authority import require_operations
from partners.services.lifecycle import LifecycleRefused, locked_partner, move_partner
from partners.services.places import close_place
from partners.services.withdrawing import revoke_all

NEXT_STEP = "partners.next_offboarding_step"
CHECKLIST = declare_name(gettext_noop("The partner programme"))


@transaction.atomic
def start_offboarding(
    *,
    actor: Actor,
    partner_id: int,
    reason: str,
    begins_on: dt.date | None = None,
    todos_to_id: int | None = None,
    deals_to_id: int | None = None,
) -> Offboarding:
    """Begins to let a partner go, today or on a later day. Its open tasks go to `todos_to_id`,
    somebody of the vendor; None: they are dropped. Its open registrations go to `deals_to_id`,
    another active partner; None: they are withdrawn.

    Raises LifecycleRefused, PermissionDenied.
    """
    require_operations(actor)
    partner = locked_partner(partner_id)
    if not reason.strip():
        raise LifecycleRefused(_("Say why; the partner reads it."))
    if partner.status == PartnerStatus.OFFBOARDED:
        raise LifecycleRefused(_("%s is offboarded already.") % partner)
    if Offboarding.objects.filter(partner=partner, state__in=OPEN_OFFBOARDING).exists():
        raise LifecycleRefused(_("%s is being offboarded already.") % partner)
    _require_heir(partner_id, todos_to_id)
    _require_successor(partner, deals_to_id)
    today = timezone.localdate()
    row = Offboarding.objects.create(
        partner=partner,
        reason=reason.strip()[:1000],
        begins_on=max(begins_on or today, today),
        started_by_id=actor.user_id,
        todos_go_to_id=todos_to_id,
        deals_go_to_id=deals_to_id,
    )
    OffboardingStep.objects.bulk_create(
        OffboardingStep(offboarding=row, name=step.name, position=step.position)
        for step in all_steps()
    )
    fact = OffboardingStarted(row.reason, row.begins_on)
    record(fact, subject=row, actor=actor, partner_id=partner.pk)
    _go_on(row)
    return row


def _require_heir(partner_id: int, user_id: int | None) -> None:
    if user_id is None:
        return
    _region, path = partners.region_of(partner_id)
    there = partners.staff_for(path, StaffRole.CHANNEL_MANAGER, StaffRole.OPS)
    if user_id not in {user.pk for user in there}:
        raise LifecycleRefused(_("Give the tasks to somebody with a duty in the partner’s region."))


def _require_successor(partner: Partner, successor_id: int | None) -> None:
    if successor_id is None:
        return
    if successor_id == partner.pk:
        raise LifecycleRefused(_("Choose another partner to take over the registrations."))
    successor = Partner.objects.filter(pk=successor_id, status=PartnerStatus.ACTIVE).first()
    if successor is None or is_being_let_go(successor_id):
        raise LifecycleRefused(
            _("Choose an active partner to take over the registrations, one that is not let go.")
        )


def _go_on(row: Offboarding) -> None:
    now = timezone.now()
    day = timezone.make_aware(dt.datetime.combine(row.begins_on, dt.time()))
    make_appointment(NEXT_STEP, row, max(now, day))


@falls_due(NEXT_STEP)
def keep_next_step(due: DueAppointment) -> None:
    do_next_step(offboarding_id=due.subject_id)


@transaction.atomic
def do_next_step(*, offboarding_id: int) -> bool:
    """Does the first step that is left; False if nothing is to be done now."""
    row = _locked(offboarding_id)
    if row.state != OffboardingState.RUNNING:
        return False
    left = row.steps.filter(state=StepState.WAITING).order_by("position", "pk").first()
    if left is None:
        row.state = OffboardingState.READY
        row.save(update_fields=["state"])
        return False
    actor = system(CHECKLIST)
    step = step_named(left.name)
    if step is None or step.act is None:
        _end_step(left, StepState.NOT_APPLICABLE, "", actor)
    else:
        done = step.act(actor, row.partner_id, row.reason)
        left.undo = [*left.undo, *done.undo]
        left.note = done.note[:300]
        if done.whole:
            _end_step(left, StepState.DONE, left.note, actor)
            fact = OffboardingStepDone(left.name, left.note)
            record(fact, subject=row, actor=actor, partner_id=row.partner_id)
        else:
            left.save(update_fields=["undo", "note"])
    _go_on(row)
    return True


def _end_step(step: OffboardingStep, state: StepState, note: str, actor: Actor) -> None:
    step.state, step.note = state, note
    step.done_at, step.done_by = timezone.now(), actor.label
    step.save(update_fields=["state", "note", "done_at", "done_by", "undo"])


def _locked(offboarding_id: int) -> Offboarding:
    found = Offboarding.objects.only("partner_id").get(pk=offboarding_id)
    locked_partner(found.partner_id)
    return (
        Offboarding.objects.select_for_update(of=("self",))
        .select_related("partner")
        .get(pk=offboarding_id)
    )


def _move(actor: Actor, offboarding_id: int, verb: OffboardingVerb) -> Offboarding:
    """The offboarding in its new state. Raises LifecycleRefused, PermissionDenied."""
    require_operations(actor)
    row = _locked(offboarding_id)
    new = offboarding_after(row.state, verb)
    if new is None:
        raise LifecycleRefused(
            _("An offboarding that is “%(state)s” cannot be changed by “%(verb)s”.")
            % {"state": row.get_state_display(), "verb": verb.label}
        )
    row.state = new
    row.ended_at = None if new in OPEN_OFFBOARDING else timezone.now()
    row.save(update_fields=["state", "ended_at"])
    record(OffboardingMoved(new.value), subject=row, actor=actor, partner_id=row.partner_id)
    return row


@transaction.atomic
def halt_offboarding(*, actor: Actor, offboarding_id: int) -> None:
    """Nothing more is done until somebody has it go on."""
    cancel_appointments(_move(actor, offboarding_id, OffboardingVerb.HALT), NEXT_STEP)


@transaction.atomic
def resume_offboarding(*, actor: Actor, offboarding_id: int) -> None:
    _go_on(_move(actor, offboarding_id, OffboardingVerb.GO_ON))


@transaction.atomic
def take_back_offboarding(*, actor: Actor, offboarding_id: int) -> None:
    """The partner stays. Its people have their places again, except for those who work elsewhere
    by now; sessions, tokens and withdrawn registrations do not come back."""
    row = _move(actor, offboarding_id, OffboardingVerb.TAKE_BACK)
    cancel_appointments(row, NEXT_STEP)
    for done in row.steps.exclude(undo=[]).order_by("-position", "-pk"):
        step = step_named(done.name)
        if step is not None and step.take_back is not None:
            step.take_back(actor, done.undo)


@transaction.atomic
def finish_offboarding(*, actor: Actor, offboarding_id: int) -> None:
    """The last step: the partner is offboarded. Coming back is a new start from here on."""
    row = _move(actor, offboarding_id, OffboardingVerb.FINISH)
    move_partner(actor, row.partner, PartnerStatus.OFFBOARDED, row.reason)


# --- this app's steps -----------------------------------------------------------------------


def close_access(actor: Actor, partner_id: int, reason: str) -> Done:
    revoke_all(actor, Invitation.objects.filter(partner_id=partner_id))
    places = list(
        Membership.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(partner_id=partner_id, left_at__isnull=True)
        .order_by("pk")
    )
    for place in places:
        close_place(actor, place)
        _tell(place.user, reason)
    keys = tuple(place.pk for place in places)
    return Done(_("Lost their access and were told: %d") % len(keys), undo=keys)


def _tell(user: User, reason: str) -> None:
    portal = queries.branding().name
    with reading_as(user):
        title = _("Your access to %s has ended") % portal
        queue_mail(
            once=f"offboarded:{user.pk}:{timezone.now():%Y%m%d%H%M%S}",
            to_address=user.email,
            subject=title,
            template="core/mail/account",
            context={
                "title": title,
                "lines": [_("The partnership with your company ends: %s") % reason],
                "url": "",
                "button": "",
                "site_url": settings.SITE_URL,
            },
        )


def give_access_back(actor: Actor, undo: list[int]) -> None:
    for place in Membership.objects.filter(pk__in=undo).select_related("user").order_by("pk"):
        user = User.objects.select_for_update().get(pk=place.user_id)
        if Membership.objects.filter(user=user, left_at__isnull=True).exists():
            continue
        place.left_at = None
        place.save(update_fields=["left_at"])
        fact = PersonJoined(user.email, tuple(place.roles))
        record(fact, subject=user, actor=actor, partner_id=place.partner_id)


def count_history(_actor: Actor, partner_id: int, _reason: str) -> Done:
    kept = Event.objects.filter(partner_id=partner_id).count()
    return Done(_("Entries of the record that stay, with all they are about: %d") % kept)


declare_step(
    Step(
        "partners.close_access",
        gettext_lazy("Close access at once and tell the people"),
        10,
        close_access,
        give_access_back,
    )
)
declare_step(Step("partners.settle_funds", gettext_lazy("Settle funds"), 50))
declare_step(Step("partners.keep_history", gettext_lazy("Keep the history"), 90, count_history))
