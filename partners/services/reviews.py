"""Quarterly reviews: planning, changing, holding and cancelling them, and asking for the pack."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.appointments import cancel_appointments, make_appointment
from core.bell import ring_on_commit
from core.clock import database_now
from core.events import record
from partners.events.reviews import (
    PackAsked,
    ReviewCancelled,
    ReviewChanged,
    ReviewHeld,
    ReviewNoted,
    ReviewPlanned,
)
from partners.models import QuarterlyReview, ReviewPack
from partners.models.reviews import WORKING
from partners.queries import figures, plans, reviews, todos
from partners.rules.periods import Period
from partners.rules.plans import Side, is_quarter
from partners.rules.reviews import (
    MOST_PARTICIPANTS,
    REMIND_BEFORE,
    ReviewStatus,
    ReviewVerb,
    agenda_items,
    may_move_review,
)

REMIND = "partners.remind_of_review"
MAKE_PACKS = "partners.tasks.make_packs"
FIELDS = ("title", "first", "last", "meets_at", "place", "agenda", "guests")


class ReviewRefused(ValueError):
    """The review cannot be so, or not any more; the message says why."""


class StaleReview(RuntimeError):
    """Somebody changed the review after it was read. `review` is how it is now."""

    def __init__(self, review: QuarterlyReview) -> None:
        super().__init__(
            _("Somebody changed the review after you opened it, so nothing was done. Look again.")
        )
        self.review = review


@dataclass(frozen=True, slots=True)
class ReviewDetails:
    """What is written about a meeting; the agenda has one item in each line."""

    title: str
    period: Period
    meets_at: dt.datetime
    place: str = ""
    agenda: str = ""
    guests: str = ""
    participant_ids: Collection[int] = field(default_factory=tuple)


@transaction.atomic
def plan_review(*, actor: Actor, partner_id: int, details: ReviewDetails) -> QuarterlyReview:
    """A meeting to come; its participants are told, and reminded the day before.

    Raises ReviewRefused, PermissionDenied, Http404.
    """
    plans.require_writer(actor, partner_id)
    _require_sound(actor, partner_id, details, set())
    review = QuarterlyReview(partner_id=partner_id, created_by_id=actor.user_id)
    _set(review, details)
    review.save(force_insert=True)
    review.participants.set(details.participant_ids)
    _make_reminder(review)
    fact = ReviewPlanned(review.title, review.meets_at)
    record(fact, subject=review, actor=actor, partner_id=partner_id)
    return review


@transaction.atomic
def change_review(*, actor: Actor, review_id: int, details: ReviewDetails, version: int) -> bool:
    """Sets what differs; False if nothing does.

    Raises StaleReview, ReviewRefused, PermissionDenied, Http404.
    """
    review = _review_to(actor, review_id, ReviewVerb.CHANGE, version)
    known = set(review.participants.values_list("pk", flat=True))
    _require_sound(actor, review.partner_id, details, known)
    before = _told(review)
    _set(review, details)
    review.participants.set(details.participant_ids)
    after = _told(review)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changes:
        return False
    review.version += 1
    review.save(update_fields=[*FIELDS, "version"])
    _make_reminder(review)
    fact = ReviewChanged(review.title, changes)
    record(fact, subject=review, actor=actor, partner_id=review.partner_id)
    return True


@transaction.atomic
def hold_review(*, actor: Actor, review_id: int, version: int) -> QuarterlyReview:
    """The meeting takes place: its numbers are kept as they are now.

    Raises StaleReview, ReviewRefused, PermissionDenied, Http404.
    """
    review = _review_to(actor, review_id, ReviewVerb.HOLD, version)
    review.figures = figures.counted(review, timezone.localdate())
    review.held_at = timezone.now()
    _move(review, ReviewStatus.HELD, "figures", "held_at")
    record(ReviewHeld(review.title), subject=review, actor=actor, partner_id=review.partner_id)
    return review


@transaction.atomic
def cancel_review(*, actor: Actor, review_id: int, note: str, version: int) -> QuarterlyReview:
    """The meeting does not take place. Raises StaleReview, ReviewRefused, PermissionDenied,
    Http404."""
    review = _review_to(actor, review_id, ReviewVerb.CANCEL, version)
    if not note.strip():
        raise ReviewRefused(_("Tell the others why."))
    call_off(actor=actor, review=review, note=note)
    return review


def call_off(*, actor: Actor, review: QuarterlyReview, note: str) -> None:
    """Cancels a locked, planned review for an act that may."""
    _move(review, ReviewStatus.CANCELLED)
    fact = ReviewCancelled(review.title, note.strip()[:1000])
    record(fact, subject=review, actor=actor, partner_id=review.partner_id)


@transaction.atomic
def write_notes(*, actor: Actor, review_id: int, notes: str, version: int) -> bool:
    """What was said and decided; False if it says so already.

    Raises StaleReview, ReviewRefused, PermissionDenied, Http404.
    """
    review = _review_to(actor, review_id, ReviewVerb.NOTE, version)
    old, review.notes = review.notes, notes.strip()[:8000]
    if old == review.notes:
        return False
    review.version += 1
    review.save(update_fields=["notes", "version"])
    fact = ReviewNoted(review.title, old, review.notes)
    record(fact, subject=review, actor=actor, partner_id=review.partner_id)
    return True


@transaction.atomic
def ask_pack(*, actor: Actor, review_id: int, language: str) -> ReviewPack:
    """Has a worker make the review's PDF; the one that is being made, if there is one.

    Whoever may read the review may ask. Raises ReviewRefused, Http404.
    """
    review = reviews.review_for_reading(actor, review_id)
    if language not in dict(settings.LANGUAGES):
        raise ReviewRefused(_("The portal does not speak this language."))
    if review.status == ReviewStatus.CANCELLED:
        raise ReviewRefused(_("The review is cancelled."))
    try:
        with transaction.atomic():
            pack = ReviewPack.objects.create(
                review=review, language=language, asked_by_id=actor.user_id
            )
    except IntegrityError:
        return ReviewPack.objects.get(review=review, language=language, state__in=WORKING)
    fact = PackAsked(review.title, language)
    record(fact, subject=review, actor=actor, partner_id=review.partner_id)
    ring_on_commit(MAKE_PACKS)
    return pack


def _review_to(actor: Actor, review_id: int, verb: ReviewVerb, version: int) -> QuarterlyReview:
    """The review, locked."""
    seen = reviews.review_for_reading(actor, review_id)
    side = plans.require_writer(actor, seen.partner_id)
    rows = QuarterlyReview.objects.select_for_update(of=("self",))
    review: QuarterlyReview = rows.get(pk=seen.pk)
    if review.version != version:
        raise StaleReview(review)
    if may_move_review(review.status, verb, side):
        return review
    if verb == ReviewVerb.HOLD and side == Side.PARTNER:
        raise PermissionDenied(_("The vendor holds reviews."))
    raise ReviewRefused(_("The review is not in a state for this."))


def _require_sound(
    actor: Actor, partner_id: int, details: ReviewDetails, known: Collection[int]
) -> None:
    if not details.title.strip():
        raise ReviewRefused(_("Give the review a title."))
    if not is_quarter(details.period):
        raise ReviewRefused(_("A review is about a calendar quarter."))
    if len(details.participant_ids) > MOST_PARTICIPANTS:
        raise ReviewRefused(_("That is too many participants."))
    people = {one.pk for one in todos.owners_for(actor, partner_id, shared=True)} | set(known)
    if set(details.participant_ids) - people:
        raise ReviewRefused(_("Participants are people at the partner or who look after it."))


def _set(review: QuarterlyReview, details: ReviewDetails) -> None:
    review.title, review.place = details.title.strip(), details.place
    review.first, review.last = details.period.first, details.period.last
    review.meets_at, review.guests = details.meets_at, details.guests
    review.agenda = "\n".join(agenda_items(details.agenda))


def _move(review: QuarterlyReview, status: ReviewStatus, *fields: str) -> None:
    review.status = status
    review.version += 1
    review.save(update_fields=["status", "version", *fields])
    cancel_appointments(review, REMIND)


def _make_reminder(review: QuarterlyReview) -> None:
    cancel_appointments(review, REMIND)
    at = review.meets_at - REMIND_BEFORE
    if at > database_now():
        make_appointment(REMIND, review, at)


def _told(review: QuarterlyReview) -> dict[str, Any]:
    told = {name: str(getattr(review, name)) for name in FIELDS}
    people = review.participants.order_by("pk")
    return {**told, "participants": ", ".join(str(one) for one in people)}
