"""Reads about quarterly reviews."""

from dataclasses import dataclass

from django.http import Http404

from core.actor import Actor
from core.models import QueueState, User
from core.queries import timeline
from core.sql import LARGEST_ID
from core.ui import TimelineEntry, Tone
from partners.models import Partner, QuarterlyReview, ReviewPack, ReviewTemplate
from partners.models.plans import OfPartnersQuerySet
from partners.queries import plans, todos
from partners.queries.figures import Figures, figures_of
from partners.rules.reviews import ReviewStatus, ReviewVerb, agenda_items, may_move_review

MOST_PACKS = 10
STATUS_TONES = {
    ReviewStatus.PLANNED: Tone.INFO,
    ReviewStatus.HELD: Tone.GOOD,
    ReviewStatus.CANCELLED: Tone.NEUTRAL,
}


@dataclass(frozen=True, slots=True)
class ReviewPage:
    review: QuarterlyReview
    period: str
    tone: Tone
    agenda: list[str]
    participants: list[User]
    figures: Figures
    todos: list[todos.ShownTodo]
    packs: list[ReviewPack]
    making: bool
    verbs: frozenset[str]
    timeline: list[TimelineEntry]


def reviews(actor: Actor) -> OfPartnersQuerySet:
    rows: OfPartnersQuerySet = QuarterlyReview.objects.visible_to(actor)
    return rows


def review_for_reading(actor: Actor, review_id: int) -> QuarterlyReview:
    """Http404 for what the actor may not know of."""
    found: QuarterlyReview | None = None
    if 0 < review_id <= LARGEST_ID:
        found = reviews(actor).select_related("partner").filter(pk=review_id).first()
    if found is None:
        raise Http404
    return found


def may_download(actor: Actor, review_id: int) -> None:
    """For core.files: raises Http404 for who may not read the review."""
    review_for_reading(actor, review_id)


def find_for_todo(actor: Actor, key: int) -> todos.Subject:
    review = review_for_reading(actor, key)
    return todos.Subject(review, review.title, review.partner_id)


def verbs_for(actor: Actor, review: QuarterlyReview) -> frozenset[str]:
    side = plans.side_of(actor)
    if side is None or actor.partner_id not in {None, review.partner_id}:
        return frozenset()
    return frozenset(
        verb.value for verb in ReviewVerb if may_move_review(review.status, verb, side)
    )


def review_page(actor: Actor, review: QuarterlyReview) -> ReviewPage:
    """A review that the actor may read, with its numbers: kept, or counted now."""
    packs = list(review.packs.select_related("file").order_by("-pk")[:MOST_PACKS])
    return ReviewPage(
        review=review,
        period=plans.period_label(review.period),
        tone=STATUS_TONES[ReviewStatus(review.status)],
        agenda=agenda_items(review.agenda),
        participants=list(review.participants.order_by("name", "email")),
        figures=figures_of(review, history=False),
        todos=todos.shown_about(actor, review),
        packs=packs,
        making=any(one.state in {QueueState.WAITING, QueueState.RUNNING} for one in packs),
        verbs=verbs_for(actor, review),
        timeline=timeline(review, actor),
    )


def agenda_for(partner: Partner) -> str:
    """The agenda to begin with: that for the partner's type, else one for every type."""
    rows = ReviewTemplate.objects.filter(active=True, partner_type__in=[partner.type, ""])
    found = rows.order_by("-partner_type", "name").first()
    return found.agenda if found else ""
