"""Which registrations a person may decide together, without opening each one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dealreg.rules.facts import ConflictLevel
from dealreg.rules.states import DealStatus
from partners.rules import PartnerStatus

MOST_TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of a registration decides whether it needs a closer look. `conflict` as it is now."""

    status: str
    partner_status: str
    conflict: ConflictLevel
    public_sector: bool


def why_alone(deal: Waiting) -> tuple[str | Promise, ...]:
    """The reasons for which a registration must be opened to be approved; none: it may be
    approved together with others. Declining is never done together: each partner is owed a
    reason of its own."""
    reasons: list[str | Promise] = []
    if deal.status != DealStatus.IN_REVIEW:
        reasons.append(_("It is not waiting for a decision any more."))
    if deal.conflict != ConflictLevel.NONE:
        reasons.append(_("Somebody may already be working with the customer."))
    if deal.partner_status != PartnerStatus.ACTIVE:
        reasons.append(_("The partner is not active."))
    if deal.public_sector:
        reasons.append(_("It is a public-sector tender."))
    return tuple(reasons)


def too_many(keys: Sequence[int]) -> bool:
    return len(keys) > MOST_TOGETHER
