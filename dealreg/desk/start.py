"""What the vendor's start page says about deals."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from core.actor import Actor
from core.models import Event
from dealreg.desk.queue import review_queue, waiting
from dealreg.models import Deal, RuleBook
from dealreg.models.rulebooks import BookStatus
from partners.queries.organisations import visible_partner_ids


@dataclass(frozen=True, slots=True)
class Desk:
    """What the vendor's start page says about deals, as of now. `approved` and `declined` count
    the last seven days, each up to 1,000."""

    oldest: tuple[Deal, ...]
    approved: int
    declined: int
    drafts: tuple[RuleBook, ...]


MOST_EVENTS = 1000
WEEK = dt.timedelta(days=7)


def desk(actor: Actor) -> Desk:
    """Four queries, each on an index."""
    return Desk(
        oldest=review_queue(actor, size=10).deals,
        approved=_lately(actor, "dealreg.deal_approved"),
        declined=_lately(actor, "dealreg.deal_declined"),
        drafts=tuple(RuleBook.objects.filter(status=BookStatus.DRAFT).order_by("-version")[:5]),
    )


def _lately(actor: Actor, kind: str) -> int:
    """How many of the newest events of one kind are of the last seven days."""
    newest = Event.objects.filter(kind=kind).order_by("-id")
    if actor.region_paths:
        newest = newest.filter(partner_id__in=visible_partner_ids(actor))
    recent = Event.objects.filter(pk__in=newest.values("pk")[:MOST_EVENTS])
    return recent.filter(occurred_at__gte=timezone.now() - WEEK).count()


def waiting_count(actor: Actor) -> int:
    """The length of the actor's queue, counted up to 1,000."""
    return waiting(actor).order_by()[:MOST_EVENTS].count()
