"""Relations come to their end: nobody answered, the last day is over, a partner is let go."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor, system
from core.appointments import DueAppointment, falls_due
from partners.events.distribution import THE_LAST_DAY
from partners.models import DistributionLink
from partners.registries.offboarding import Done, Step, declare_step
from partners.rules.distribution import OPEN_LINK, LinkState, Side
from partners.services.distribution.relations import (
    END_LINK,
    EXPIRE_PROPOSAL,
    close,
    locked,
    settle,
)

MOST_AT_ONCE = 200


@falls_due(EXPIRE_PROPOSAL)
def expire_proposal(due: DueAppointment) -> None:
    """Nobody answered."""
    _at_its_end(due.subject_id, LinkState.PROPOSED, LinkState.EXPIRED, "")


@falls_due(END_LINK)
def end_on_last_day(due: DueAppointment) -> None:
    # Kept in the record, which has one language.
    _at_its_end(due.subject_id, LinkState.ACTIVE, LinkState.ENDED, "The agreed last day is over.")


def _at_its_end(link_id: int, old: LinkState, new: LinkState, reason: str) -> None:
    found = DistributionLink.objects.filter(pk=link_id, state=old).first()
    link = locked(found) if found else None
    if link is not None and link.state == old:
        close(system(THE_LAST_DAY), link, new, Side.VENDOR, reason)


@transaction.atomic
def end_all_distribution(actor: Actor, partner_id: int, reason: str) -> Done:
    """What is open with distributors or resellers ends when a partner is let go."""
    rows = DistributionLink.objects.filter(state__in=sorted(OPEN_LINK))
    both = rows.filter(distributor=partner_id) | rows.filter(reseller=partner_id)
    # Locked in one order, resellers first.
    found = list(both.order_by("reseller_id", "pk")[:MOST_AT_ONCE])
    for one in found:
        settle(actor, locked(one), reason)
    left = len(found) == MOST_AT_ONCE
    return Done(_("Relations ended: %d") % len(found), whole=not left)


declare_step(
    Step("partners.end_distribution", gettext_lazy("End distribution"), 25, end_all_distribution)
)
