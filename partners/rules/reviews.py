"""What is true of quarterly reviews: their states, who moves them, and the agenda."""

import datetime as dt

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from partners.rules.plans import BOTH, Side

MOST_ITEMS = 30
LONGEST_ITEM = 200
MOST_PARTICIPANTS = 40
QUARTERS_SHOWN = 5
REMIND_BEFORE = dt.timedelta(days=1)


class ReviewStatus(TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class ReviewVerb(TextChoices):
    CHANGE = "change", _("Change")
    HOLD = "hold", _("Hold")
    CANCEL = "cancel", _("Cancel")
    NOTE = "note", _("Write notes")


# status, verb → status and which side may. What is not here is refused.
REVIEW_TRANSITIONS: dict[tuple[ReviewStatus, ReviewVerb], tuple[ReviewStatus, frozenset[Side]]] = {
    (ReviewStatus.PLANNED, ReviewVerb.CHANGE): (ReviewStatus.PLANNED, BOTH),
    (ReviewStatus.PLANNED, ReviewVerb.HOLD): (ReviewStatus.HELD, frozenset({Side.VENDOR})),
    (ReviewStatus.PLANNED, ReviewVerb.CANCEL): (ReviewStatus.CANCELLED, BOTH),
    (ReviewStatus.HELD, ReviewVerb.NOTE): (ReviewStatus.HELD, BOTH),
}


def review_after(status: str, verb: ReviewVerb) -> ReviewStatus | None:
    """Where `verb` leads a review from `status`; None where it leads nowhere."""
    found = REVIEW_TRANSITIONS.get((ReviewStatus(status), verb))
    return found[0] if found else None


def may_move_review(status: str, verb: ReviewVerb, side: Side) -> bool:
    found = REVIEW_TRANSITIONS.get((ReviewStatus(status), verb))
    return found is not None and side in found[1]


def agenda_items(text: str) -> list[str]:
    """The lines of an agenda that say something, each once it is short enough (at most 30)."""
    lines = (" ".join(line.split())[:LONGEST_ITEM] for line in text.splitlines())
    return [line for line in lines if line][:MOST_ITEMS]
