"""Who is at work with a customer already: other partners, the vendor itself, the partner's own
earlier registrations. Whom and what, for staff only."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from core.prepared import Prepared
from dealreg.matching import Candidate
from dealreg.models import Protection
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.similarity import LEVEL_ORDER
from dealreg.rules.states import OPEN_STAGES, DealStage, DealStatus

MOST_DEALS = 50
MOST_OF_THE_VENDOR = 20


class ConflictKind(StrEnum):
    """What stands against a registration, or beside it (OWN)."""

    REGISTRATION = "registration"
    CUSTOMER = "customer"
    DIRECT = "direct"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is known of a customer like the one registered, and how sure it is that
    they are one (`candidate` says why). `row_id` is the deal's, the direct opportunity's, or,
    when `of_purchase`, the purchase's; `is_open` whether it still keeps others out."""

    kind: ConflictKind
    row_id: int
    candidate: Candidate
    is_open: bool
    since: dt.date
    of_purchase: bool = False

    @property
    def level(self) -> ConflictLevel:
        return self.candidate.level


@dataclass(frozen=True, slots=True)
class Conflict:
    """What stands against one registration.

    `level` is the surest match with somebody else's open registration, `customer_level` with
    somebody who has the product line already, `direct_level` with an open sale of the vendor's
    own, `own_level` with an earlier registration of the partner itself, `own_open` whether one
    of these is open for this very customer. `deal_ids` are everybody's open registrations, for
    staff; `own_deal_ids` the partner's own open ones for this or very likely this customer.
    """

    level: ConflictLevel = ConflictLevel.NONE
    customer_level: ConflictLevel = ConflictLevel.NONE
    direct_level: ConflictLevel = ConflictLevel.NONE
    own_level: ConflictLevel = ConflictLevel.NONE
    own_open: bool = False
    deal_ids: tuple[int, ...] = ()
    own_deal_ids: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def surest(self) -> ConflictLevel:
        """The surest match with anybody else's work, whosever it is."""
        return surest((self.level, self.customer_level, self.direct_level))


NO_CONFLICT = Conflict()


def surest(levels: Sequence[ConflictLevel]) -> ConflictLevel:
    return max(levels, key=LEVEL_ORDER.index, default=ConflictLevel.NONE)


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
    approved = Q(status=DealStatus.APPROVED, stage__in=sorted(OPEN_STAGES)) & ~Q(Exists(ended))
    return Q(status=DealStatus.IN_REVIEW) | approved


# One round trip; each part reads an index on the customer. A won deal makes a customer, unless
# the partner that asks has won it.
FIND = Prepared("""
(SELECT CASE WHEN deal.partner_id = %(partner)s::bigint THEN 'own' ELSE 'registration' END,
        deal.id, deal.account_id, true, coalesce(deal.submitted_at, deal.created_at)::date, false
 FROM dealreg_deal AS deal
 WHERE deal.account_id = ANY(%(accounts)s::bigint[]) AND deal.id <> %(this)s
   AND (%(line)s::bigint IS NULL OR deal.product_line_id = %(line)s)
   AND (deal.status = %(in_review)s
        OR deal.status = %(approved)s AND deal.stage = ANY(%(open)s::varchar[])
           AND NOT EXISTS (SELECT FROM dealreg_protection AS ended
                           WHERE ended.deal_id = deal.id
                             AND upper(ended.period) <= clock_timestamp())
        OR EXISTS (SELECT FROM dealreg_protection AS kept
                   WHERE kept.deal_id = deal.id AND kept.released_at IS NULL
                     AND kept.period @> clock_timestamp()))
 ORDER BY deal.id DESC LIMIT %(most_deals)s)
UNION ALL
(SELECT CASE WHEN deal.partner_id = %(partner)s::bigint THEN 'own' ELSE 'customer' END,
        deal.id, deal.account_id, false,
        coalesce(deal.closed_on, deal.submitted_at::date, deal.created_at::date), false
 FROM dealreg_deal AS deal
 WHERE deal.account_id = ANY(%(accounts)s::bigint[]) AND deal.id <> %(this)s
   AND (%(line)s::bigint IS NULL OR deal.product_line_id = %(line)s)
   AND deal.status <> %(draft)s
   AND (deal.partner_id = %(partner)s OR deal.stage = %(won)s)
 ORDER BY deal.id DESC LIMIT %(most)s)
UNION ALL
(SELECT CASE WHEN bought.sold_by_id = %(partner)s THEN 'own' ELSE 'customer' END,
        bought.id, bought.account_id, false, bought.bought_on, true
 FROM dealreg_purchase AS bought
 WHERE bought.account_id = ANY(%(accounts)s::bigint[])
   AND (%(line)s::bigint IS NULL OR bought.product_line_id = %(line)s)
   AND (bought.ends_on IS NULL OR bought.ends_on >= %(today)s)
 ORDER BY bought.bought_on DESC, bought.id DESC LIMIT %(most)s)
UNION ALL
(SELECT 'direct', direct.id, direct.account_id, true, direct.opened_on, false
 FROM dealreg_directopportunity AS direct
 WHERE direct.account_id = ANY(%(accounts)s::bigint[]) AND direct.closed_on IS NULL
   AND (%(line)s::bigint IS NULL OR direct.product_line_id IS NULL
        OR direct.product_line_id = %(line)s)
 ORDER BY direct.opened_on DESC, direct.id DESC LIMIT %(most)s)
""")


def conflict_of(
    *,
    partner_id: int,
    product_line_id: int | None,
    candidates: Sequence[Candidate],
    except_deal_id: int | None = None,
) -> Conflict:
    """The conflict of one registration with what is known for the same product line, or for any
    when it is not known yet.

    A registration counts while somebody is `at_work` on it and while its protection runs; a
    purchase until it runs out. One query, none without candidates.
    """
    alike = {one.account_id: one for one in candidates if one.level != ConflictLevel.NONE}
    if not alike:
        return NO_CONFLICT
    with connection.cursor() as cursor:
        FIND.run(
            cursor,
            {
                "partner": partner_id,
                "accounts": [*alike],
                "this": except_deal_id or 0,
                "line": product_line_id,
                "in_review": DealStatus.IN_REVIEW.value,
                "approved": DealStatus.APPROVED.value,
                "draft": DealStatus.DRAFT.value,
                "won": DealStage.WON.value,
                "open": [stage.value for stage in OPEN_STAGES],
                "today": timezone.localdate(),
                "most_deals": MOST_DEALS,
                "most": MOST_OF_THE_VENDOR,
            },
        )
        rows = cursor.fetchall()
    found: dict[tuple[str, int, bool], Finding] = {}
    for kind, row_id, account_id, is_open, since, of_purchase in rows:
        # An open registration of the partner's own is among its earlier ones, too.
        finding = Finding(
            ConflictKind(kind), row_id, alike[account_id], is_open, since, of_purchase
        )
        found.setdefault((kind, row_id, of_purchase), finding)
    return _conflict(tuple(found.values()))


def _conflict(found: tuple[Finding, ...]) -> Conflict:
    if not found:
        return NO_CONFLICT
    by_kind = {kind: [one for one in found if one.kind == kind] for kind in ConflictKind}
    levels = {kind: surest([one.level for one in some]) for kind, some in by_kind.items()}
    own_open = [one for one in by_kind[ConflictKind.OWN] if one.is_open]
    is_deal = {ConflictKind.REGISTRATION, ConflictKind.OWN}
    return Conflict(
        level=levels[ConflictKind.REGISTRATION],
        customer_level=levels[ConflictKind.CUSTOMER],
        direct_level=levels[ConflictKind.DIRECT],
        own_level=levels[ConflictKind.OWN],
        own_open=any(one.level == ConflictLevel.SAME for one in own_open),
        deal_ids=tuple(one.row_id for one in found if one.is_open and one.kind in is_deal),
        own_deal_ids=tuple(one.row_id for one in own_open if one.level != ConflictLevel.POSSIBLE),
        findings=found,
    )
