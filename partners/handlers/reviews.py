"""What happens because of quarterly reviews: participants are told and reminded."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import system
from core.appointments import DueAppointment, falls_due
from core.bidi import isolated_later
from core.events import RecordedEvent, hears, record
from core.models import User
from core.notify import notify
from core.record import rung_by
from partners.events.reviews import PackMade, ReviewCancelled, ReviewDue, ReviewHeld, ReviewPlanned
from partners.models import QuarterlyReview, ReviewPack
from partners.rules.reviews import ReviewStatus
from partners.runs.packs import asker
from partners.services.reviews import MAKE_PACKS, REMIND

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

rung_by(ReviewPack, MAKE_PACKS)


@falls_due(REMIND)
def remind_of_review(due: DueAppointment) -> None:
    review = QuarterlyReview.objects.select_for_update(of=("self",)).filter(pk=due.subject_id)
    found = review.filter(status=ReviewStatus.PLANNED).first()
    if found is not None:
        fact = ReviewDue(found.title, found.meets_at)
        actor = system("reminders")
        record(fact, subject=found, actor=actor, partner_id=found.partner_id)


@hears(ReviewPlanned, name="partners.invite_to_review")
def invite(event: RecordedEvent[ReviewPlanned]) -> None:
    tell_participants(event, _("You are invited: {title}"))


@hears(ReviewDue, name="partners.remind_of_review")
def remind(event: RecordedEvent[ReviewDue]) -> None:
    tell_participants(event, _("Tomorrow: {title}"))


@hears(ReviewCancelled, name="partners.tell_of_cancelled_review")
def tell_of_cancelling(event: RecordedEvent[ReviewCancelled]) -> None:
    tell_participants(event, _("Cancelled: {title}"), event.payload.note)


@hears(ReviewHeld, name="partners.tell_of_held_review")
def tell_of_meeting(event: RecordedEvent[ReviewHeld]) -> None:
    tell_participants(event, _("Held: {title}. Its numbers and notes are there"))


@hears(PackMade, name="partners.tell_of_pack")
def tell_of_pack(event: RecordedEvent[PackMade]) -> None:
    user = asker(event.payload.asked_by_id)
    if user is not None:
        tell(event, user, _("The pack is ready: {title}"))


def tell_participants(event: RecordedEvent[Any], words: "StrOrPromise", body: str = "") -> None:
    review = QuarterlyReview.objects.filter(pk=event.subject_id).first()
    people = review.participants.order_by("pk") if review is not None else []
    for user in people:
        if user.pk != event.actor_user_id:
            tell(event, user, words, body)


def tell(event: RecordedEvent[Any], user: User, words: "StrOrPromise", body: str = "") -> None:
    name = "admin:partners_quarterlyreview_change" if user.is_staff else "review"
    title = format_lazy(words, title=isolated_later(event.payload.title))
    url = reverse(name, args=[event.subject_id])
    notify(event, [user], title=title, body=body, url=url)
