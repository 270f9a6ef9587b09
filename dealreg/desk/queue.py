"""What waits for a person, oldest first, and what of it may be approved together."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from core.actor import Actor
from dealreg.conflicts import conflict_of
from dealreg.desk.searching import latest, listed
from dealreg.matching import Candidate, find_similar
from dealreg.models import Deal, DealRoute
from dealreg.models.deals import DealQuerySet
from dealreg.rules.desk import MOST_TOGETHER, Waiting, why_alone
from dealreg.rules.distribution import Endorsement
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.names import Customer
from dealreg.rules.states import DealStatus
from dealreg.running_cases import case_id_of
from dealreg.service_levels import due_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of the queue is shown; empty values show everything. `mine`: partners whose channel
    manager the reader is."""

    product_line_id: int | None = None
    region: str = ""
    conflict: bool = False
    mine: bool = False


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue, oldest first. `after` leads to the next page, None at the end."""

    deals: tuple[Deal, ...]
    after: tuple[dt.datetime, int] | None


def waiting(actor: Actor) -> DealQuerySet:
    """What waits for a person of the vendor; what a distributor endorses first comes later."""
    asked = DealRoute.objects.filter(deal=OuterRef("pk"), endorsement=Endorsement.WAITING)
    rows = Deal.objects.visible_to(actor).filter(status=DealStatus.IN_REVIEW)
    return rows.filter(~Exists(asked))


def review_queue(
    actor: Actor,
    wanted: QueueFilter = QueueFilter(),
    after: tuple[dt.datetime, int] | None = None,
    size: int = PAGE,
) -> QueuePage:
    """What waits for a person, oldest first. One query."""
    rows = (
        listed(waiting(actor))
        .annotate(rule=latest("rule"), due=due_of(), case=case_id_of())
        .order_by("submitted_at", "id")
    )
    if wanted.product_line_id is not None:
        rows = rows.filter(product_line_id=wanted.product_line_id)
    if wanted.region:
        inside = Q(partner__region__path=wanted.region)
        rows = rows.filter(inside | Q(partner__region__path__startswith=f"{wanted.region}."))
    if wanted.mine:
        rows = rows.filter(partner__manager_id=actor.user_id)
    if wanted.conflict:
        rows = rows.exclude(conflict=ConflictLevel.NONE)  # type: ignore[misc]
    if after is not None:
        moment, key = after
        rows = rows.filter(submitted_at__gte=moment).exclude(submitted_at=moment, id__lte=key)
    found = list(rows[: size + 1])
    shown = found[:size]
    last = shown[-1] if len(found) > size else None
    return QueuePage(
        tuple(shown),
        (last.submitted_at, last.pk) if last is not None and last.submitted_at else None,
    )


def next_waiting(actor: Actor, after: Deal) -> Deal | None:
    """The deal that has waited longest, after `after` if there is one behind it."""
    rows = waiting(actor).exclude(pk=after.pk).order_by("submitted_at", "id")
    later = rows.filter(submitted_at__gte=after.submitted_at) if after.submitted_at else rows
    return later.first() or rows.first()


def may_go_together(deal: Deal) -> bool:
    """Whether a deal of the queue may be chosen there, as far as its newest decision tells; it
    is looked at anew when it is approved."""
    level = ConflictLevel(getattr(deal, "conflict", None) or ConflictLevel.NONE)
    in_case = bool(getattr(deal, "case", None))
    return not in_case and not why_alone(
        Waiting(deal.status, deal.partner.status, level, deal.public_sector)
    )


def waiting_shown(deal: Deal) -> Waiting:
    """A registration as it is now, with its conflict looked at again. Three queries."""
    conflict = conflict_of(
        partner_id=deal.partner_id,
        product_line_id=deal.product_line_id or 0,
        candidates=candidates_of(deal),
        except_deal_id=deal.pk,
    )
    return Waiting(deal.status, deal.partner.status, conflict.level, deal.public_sector)


def chosen_deals(actor: Actor, keys: Sequence[int]) -> tuple[Deal, ...]:
    """Of the deals with these keys those that the actor may decide, oldest first."""
    rows = listed(waiting(actor)).filter(pk__in=list(keys)[:MOST_TOGETHER])
    return tuple(rows.order_by("submitted_at", "id"))


def candidates_of(deal: Deal) -> list[Candidate]:
    if not deal.customer_name:
        return []
    typed = Customer.typed(deal.customer_name, deal.customer_domain, deal.customer_country)
    return find_similar(typed)
