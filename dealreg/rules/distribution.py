"""Which way a registration goes: through a distributor, kept from it, or directly."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# What the form and the API send instead of a distributor.
KEEP = "keep"


class Endorsement(TextChoices):
    """What the distributor has said of a registration that it is asked about first."""

    NONE = "none", _("Not asked")
    WAITING = "waiting", _("Waits for the distributor")
    ENDORSED = "endorsed", _("Endorsed")
    REFUSED = "refused", _("Not endorsed")
    UNANSWERED = "unanswered", _("Not answered in time")
    PASSED_OVER = "passed_over", _("The vendor went on without it")


# The distributor has had its say, or its time.
HEARD = frozenset(Endorsement) - {Endorsement.NONE, Endorsement.WAITING}


@dataclass(frozen=True, slots=True)
class Way:
    """The way that was chosen: through a distributor (by the id of the relation), or `kept` from
    all of them; neither is direct."""

    link_id: int | None = None
    kept: bool = False


class NotAWay(ValueError):
    """That way is not open; the message says which are."""


def way_of(choice: str, links: Mapping[int, object], *, may_keep: bool) -> Way:
    """The way that a choice means: the id of a relation in force, "keep", or "" for the usual
    one, which is the oldest relation (`links` are in that order). Raises NotAWay.
    """
    if choice == KEEP:
        if links and not may_keep:
            raise NotAWay(_("In your region registrations run through the distributor."))
        return Way(kept=bool(links))
    if not choice:
        return Way(next(iter(links), None))
    if choice.isascii() and choice.isdigit() and len(choice) < 19 and int(choice) in links:
        return Way(int(choice))
    raise NotAWay(_("Choose one of your distributors."))
