"""Whether somebody else is already working with a customer, and who (for staff only)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from dealreg.matching import Candidate
from dealreg.models import Deal, Protection
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.similarity import LEVEL_ORDER
from dealreg.rules.states import OPEN_STAGES, DealStatus

MOST_DEALS = 50


@dataclass(frozen=True, slots=True)
class Conflict:
    """`level` is the surest match with somebody else's open work, `own_open` whether the
    partner itself has an open registration; `own_deal_ids` are the partner's own open ones for
    this or very likely this customer, `deal_ids` everybody's, for staff."""

    level: ConflictLevel
    own_open: bool
    deal_ids: tuple[int, ...]
    own_deal_ids: tuple[int, ...] = ()


def in_force() -> Q:
    """The condition that a protection keeps others out at this moment, by the database's clock."""
    return Q(released_at__isnull=True, period__contains=Now())


def at_work() -> Q:
    """The condition on deals that somebody works on the customer: the registration waits for a
    decision, or is approved with an open sale and its protection has not ended. From the moment
    of the end on the customer is free, whether or not that has been noted yet."""
    ended = Protection.objects.filter(
        deal=OuterRef("pk"), released_at__isnull=True, period__endswith__lte=Now()
    )
    approved = Q(status=DealStatus.APPROVED, stage__in=sorted(OPEN_STAGES)) & ~Exists(ended)
    return Q(status=DealStatus.IN_REVIEW) | approved


def conflict_of(
    *,
    partner_id: int,
    product_line_id: int | None,
    candidates: Sequence[Candidate],
    except_deal_id: int | None = None,
) -> Conflict:
    """The conflict of one registration with others for the same product line, or for any when
    it is not known yet.

    A registration counts while somebody is `at_work` on it and while its protection runs. One
    query.
    """
    levels = {one.account_id: one.level for one in candidates if one.level != ConflictLevel.NONE}
    if not levels:
        return Conflict(ConflictLevel.NONE, False, ())
    protected = Exists(Protection.objects.filter(in_force(), deal=OuterRef("pk")))
    line = Q() if product_line_id is None else Q(product_line_id=product_line_id)
    deals = list(
        Deal.objects.filter(line, account_id__in=levels)
        .filter(at_work() | protected)
        .exclude(pk=except_deal_id or 0)
        .order_by("-id")
        .values_list("id", "account_id", "partner_id")[:MOST_DEALS]
    )
    foreign = [
        levels[account_id]
        for _deal, account_id, other in deals
        if account_id is not None and other != partner_id
    ]
    own = [
        (deal_id, levels[account_id])
        for deal_id, account_id, other in deals
        if other == partner_id and account_id is not None
    ]
    return Conflict(
        level=max(foreign, key=LEVEL_ORDER.index, default=ConflictLevel.NONE),
        own_open=any(level == ConflictLevel.SAME for _deal, level in own),
        deal_ids=tuple(deal_id for deal_id, _account, _partner in deals),
        own_deal_ids=tuple(deal for deal, level in own if level != ConflictLevel.POSSIBLE),
    )
