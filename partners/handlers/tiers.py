"""What this app does when it hears of something: it looks at the partner again, and tells the
people concerned what happened to its tier."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import system
from core.appointments import DueAppointment, falls_due
from core.bidi import isolated_later
from core.events import RecordedEvent, hears, record
from core.notify import notify
from core.spoken import day_later
from partners import queries
from partners.events.tiers import GraceBegun, GraceEnding, GraceLeft, TierChanged, TierProposed
from partners.measures import all_measures, when_moved
from partners.models import Membership, Partner, TierSchedule, TierStanding
from partners.queries import programmes
from partners.runs import recalculation
from partners.services.assessing import assess_partner, lock_partner
from partners.services.schedules import ON_SCHEDULE, make_next
from partners.services.tier_decisions import END_EXCEPTION, end_exception
from partners.services.tier_moves import END_GRACE, PROGRAMME_NAME, WARN_IN_GRACE

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def measure_again(event: RecordedEvent[Any]) -> None:
    """Looks at the one partner, if a programme in force counts what has moved."""
    partner_id = event.partner_id or partner_of_user(event)
    if partner_id is None:
        return
    moved = {one.name for one in all_measures() if type(event.payload) in one.moved_by}
    counted = {
        name for one in programmes.in_force(timezone.now()) for name in one.ladder.measures()
    }
    if moved & counted:
        assess_partner(partner_id, cause=event.kind.name)


def partner_of_user(event: RecordedEvent[Any]) -> int | None:
    """Where the person works whom a fact without a partner is about."""
    if event.subject_type != "core.user":
        return None
    places = Membership.objects.filter(user_id=event.subject_id, left_at__isnull=True)
    return places.values_list("partner_id", flat=True).first()


when_moved(measure_again)


@falls_due(END_GRACE)
def end_grace(due: DueAppointment) -> None:
    assess_partner(due.subject_id, cause=END_GRACE)


@falls_due(WARN_IN_GRACE)
def warn_in_grace(due: DueAppointment) -> None:
    partner = lock_partner(due.subject_id)
    standing = (
        TierStanding.objects.filter(partner=partner, grace_until__isnull=False, warned_at=None)
        .select_related("reached", "programme")
        .first()
    )
    if standing is None or standing.grace_until is None:
        return
    standing.warned_at = timezone.now()
    standing.save(update_fields=["warned_at"])
    record(
        GraceEnding(partner.tier.name, standing.reached.name, standing.grace_until),
        subject=partner,
        actor=system(PROGRAMME_NAME % {"version": standing.programme.version}),
        partner_id=partner.pk,
    )


@falls_due(END_EXCEPTION)
def end_exception_on_its_day(due: DueAppointment) -> None:
    end_exception(actor=system("tier exceptions"), partner_id=due.subject_id)


@falls_due(ON_SCHEDULE)
def recalculate_on_schedule(due: DueAppointment) -> None:
    schedule = TierSchedule.objects.filter(pk=due.subject_id, active=True).first()
    if schedule is None:
        return
    recalculation.ask_recalculation(actor=system("schedule"), cause=str(schedule))
    make_next(schedule)


# --- telling people -------------------------------------------------------------------------


@hears(TierChanged, name="partners.tell_of_tier")
def tell_of_tier(event: RecordedEvent[TierChanged]) -> None:
    title = format_lazy(
        _("{partner} is now {tier}"),
        partner=name_of(event.subject_id),
        tier=isolated_later(event.payload.new),
    )
    tell(event, title, event.payload.note)


@hears(GraceBegun, name="partners.tell_of_grace")
def tell_of_grace(event: RecordedEvent[GraceBegun]) -> None:
    body = format_lazy(
        _(
            "The requirements of {tier} are no longer met. The tier is kept until {until}; without "
            "a change, {reached} follows. The tier page says what is missing."
        ),
        tier=isolated_later(event.payload.tier),
        until=day_later(event.payload.until),
        reached=isolated_later(event.payload.reached),
    )
    tell(event, format_lazy(_("{tier} is at risk"), tier=isolated_later(event.payload.tier)), body)


@hears(GraceEnding, name="partners.tell_of_grace_ending")
def tell_of_grace_ending(event: RecordedEvent[GraceEnding]) -> None:
    title = format_lazy(
        _("{tier} ends on {until}"),
        tier=isolated_later(event.payload.tier),
        until=day_later(event.payload.until),
    )
    body = format_lazy(
        _("Without a change, {reached} follows. The tier page says what is missing."),
        reached=isolated_later(event.payload.reached),
    )
    tell(event, title, body)


@hears(GraceLeft, name="partners.tell_of_recovery")
def tell_of_recovery(event: RecordedEvent[GraceLeft]) -> None:
    title = format_lazy(
        _("The requirements of {tier} are met again"), tier=isolated_later(event.payload.tier)
    )
    tell(event, title, "")


@hears(TierProposed, name="partners.tell_of_proposal")
def tell_of_proposal(event: RecordedEvent[TierProposed]) -> None:
    """Asks whoever looks after the partner to decide."""
    title = format_lazy(
        _("{partner} could become {tier}: please decide"),
        partner=name_of(event.subject_id),
        tier=isolated_later(event.payload.new),
    )
    address = reverse("admin:partners_tierproposal_changelist")
    notify(event, queries.managers_of(event.subject_id), title=title, url=address)


def tell(event: RecordedEvent[Any], title: "StrOrPromise", body: "StrOrPromise") -> None:
    """The partner's administrators, who read its tier page, and who looks after it."""
    partner_id = event.subject_id
    people = queries.administrators_of(partner_id)
    notify(event, people, title=title, body=body, url=reverse("tier"))
    address = reverse("admin:partners_partner_change", args=[partner_id])
    notify(event, queries.managers_of(partner_id), title=title, body=body, url=address)


def name_of(partner_id: int) -> Any:
    return isolated_later(Partner.objects.values_list("name", flat=True).get(pk=partner_id))
