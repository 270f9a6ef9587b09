"""Leads: customers who ask, and which partner answers them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LeadSource(TextChoices):
    """Where a lead came from. More sources follow with campaigns and imports."""

    DIRECTORY = "directory", _("Partner directory")


class LeadState(TextChoices):
    """Declined and expired leads are back with the vendor."""

    NEW = "new", _("New")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Not answered")
    CLOSED = "closed", _("Closed")


class LeadVerb(TextChoices):
    ACCEPT = "accept", _("Accept")
    DECLINE = "decline", _("Decline")
    CLOSE = "close", _("Close")
    OFFER = "offer", _("Offer to a partner")


class LeadOutcome(TextChoices):
    """What became of it."""

    REGISTERED = "registered", _("Became a registration")
    NO_NEED = "no_need", _("No need")
    NOT_REACHED = "not_reached", _("Nobody reached")
    NOT_SERIOUS = "not_serious", _("Not meant seriously")
    OTHER = "other", _("Something else")


# With a partner, which it was offered to or which took it.
WITH_A_PARTNER = frozenset({LeadState.NEW, LeadState.ACCEPTED})
BACK_AT_VENDOR = frozenset({LeadState.DECLINED, LeadState.EXPIRED})

# (verb, whether a person of the vendor says it) → the states it starts from
FROM: dict[tuple[LeadVerb, bool], frozenset[LeadState]] = {
    (LeadVerb.ACCEPT, False): frozenset({LeadState.NEW}),
    (LeadVerb.DECLINE, False): frozenset({LeadState.NEW}),
    (LeadVerb.CLOSE, False): frozenset({LeadState.ACCEPTED}),
    (LeadVerb.CLOSE, True): frozenset(LeadState) - {LeadState.CLOSED},
    (LeadVerb.OFFER, True): BACK_AT_VENDOR | {LeadState.NEW},
}


def possible(verb: LeadVerb, state: str, *, vendor: bool) -> bool:
    return state in FROM.get((verb, vendor), frozenset())
