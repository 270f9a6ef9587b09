"""Deals of the example that several partners share: one agreed, one that waits for an answer."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from core.models import Event, User
from dealreg.models import Deal, Split, SplitPolicy
from dealreg.rules.splits import SplitRole
from dealreg.services import PartAsked, accept_split, propose_split
from partners.queries import actor_for
from prm.demo.cast import COMPANIES, Company
from prm.demo.news import tell


@dataclass(frozen=True, slots=True)
class Together:
    """A deal by its partner and customer, who proposes, with whom, and who accepts at once."""

    company: str
    person: str
    customer: str
    other: str
    parts: tuple[tuple[SplitRole, int, bool], ...]
    note: str
    accepted_by: str = ""


TOGETHER = [
    Together(
        "nordlicht",
        "jonas",
        "Hansaport Logistik GmbH",
        "havnegade",
        ((SplitRole.SELL, 70, True), (SplitRole.IMPLEMENT, 30, False)),
        "As discussed in Hamburg: you move the archive, we sell and support.",
        accepted_by="mikkel",
    ),
    Together(
        "fjordpartner",
        "ingrid",
        "Fjordline Shipping A/S",
        "nordlicht",
        (
            (SplitRole.SOURCE, 10, True),
            (SplitRole.SELL, 65, True),
            (SplitRole.IMPLEMENT, 25, False),
        ),
        "Can your people in Bremerhaven fit the twelve German ships?",
    ),
]


def share_deals(users: Mapping[str, int]) -> list[int]:
    """Proposes and accepts what is not there yet; the deals that are shared now."""
    if not SplitPolicy.objects.exists():
        SplitPolicy.objects.create(answer_days=14, default_share="weights")
    shared = []
    for one in TOGETHER:
        deal = deal_of(one)
        if deal is None or Split.objects.filter(deal=deal).exists():
            continue
        other = company(one.other)
        split = propose_split(
            actor=actor_for(person(users, one.company, one.person)),
            deal_id=deal.pk,
            parts=[
                PartAsked(role, Decimal(percent), domain="" if own else other.domain)
                for role, percent, own in one.parts
            ],
            note=one.note,
        )
        if one.accepted_by:
            accept_split(
                actor=actor_for(person(users, one.other, one.accepted_by)),
                split_id=split.pk,
                version=split.version,
            )
        shared.append(deal.pk)
    return shared


def deal_of(one: Together) -> Deal | None:
    mine = Deal.objects.filter(
        customer_name=one.customer, partner__domains__domain=company(one.company).domain
    )
    return mine.filter(status="approved").exclude(stage="lost").order_by("-submitted_at").first()


def company(key: str) -> Company:
    return next(one for one in COMPANIES if one.key == key)


def person(users: Mapping[str, int], key: str, name: str) -> User:
    return User.objects.get(pk=users[f"{name}@{company(key).domain}"])


def tell_of_splits(deal_ids: Sequence[int], now: dt.datetime) -> None:
    """Has the partners hear of what was just agreed and proposed; no mail goes out."""
    splits = Split.objects.filter(deal__in=deal_ids)
    of_splits = Q(subject_type="dealreg.split", subject_id__in=splits.values("pk"))
    of_deals = Q(
        subject_type="dealreg.deal", subject_id__in=deal_ids, kind="dealreg.split_recorded"
    )
    tell(Event.objects.filter(of_splits | of_deals), now)
