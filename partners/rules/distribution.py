"""Two-tier distribution: who may say what about the work of a distributor with a reseller."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Side(TextChoices):
    DISTRIBUTOR = "distributor", _("Distributor")
    RESELLER = "reseller", _("Reseller")
    VENDOR = "vendor", _("Vendor")

    @property
    def other(self) -> "Side":
        return Side.RESELLER if self == Side.DISTRIBUTOR else Side.DISTRIBUTOR


class LinkState(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    ACTIVE = "active", _("Active")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
    ENDED = "ended", _("Ended")


class LinkVerb(TextChoices):
    ACCEPT = "accept", _("Accept")
    DECLINE = "decline", _("Decline")
    WITHDRAW = "withdraw", _("Withdraw")
    END = "end", _("End")


OPEN_LINK = frozenset({LinkState.PROPOSED, LinkState.ACTIVE})

# verb → from, to. Who may say it: see `may_say`.
LINK_TRANSITIONS: dict[LinkVerb, tuple[LinkState, LinkState]] = {
    LinkVerb.ACCEPT: (LinkState.PROPOSED, LinkState.ACTIVE),
    LinkVerb.DECLINE: (LinkState.PROPOSED, LinkState.DECLINED),
    LinkVerb.WITHDRAW: (LinkState.PROPOSED, LinkState.WITHDRAWN),
    LinkVerb.END: (LinkState.ACTIVE, LinkState.ENDED),
}


def may_say(verb: LinkVerb, state: str, side: Side, proposed_by: str) -> bool:
    """Whether one side may say `verb` in a state: whoever was asked answers, whoever asked takes
    it back, either side ends it. The vendor ends, and decides nothing for a side."""
    if state != LINK_TRANSITIONS[verb][0]:
        return False
    if verb in {LinkVerb.ACCEPT, LinkVerb.DECLINE}:
        return side != Side.VENDOR and side != proposed_by
    if verb == LinkVerb.WITHDRAW:
        return side in {proposed_by, Side.VENDOR}
    return True


@dataclass(frozen=True, slots=True)
class DistributionTerms:
    """What a region lays down for its resellers. Days are business days, except those for an
    answer to a proposal."""

    partners_propose: bool = True
    several: bool = True
    answer_days: int = 14
    customers_shown: bool = True
    amounts_shown: bool = False
    may_keep: bool = False
    endorses_first: bool = False
    endorse_days: int = 3


@dataclass(frozen=True, slots=True)
class TermsOfRegion:
    """The terms that one region lays down; "" is the vendor's word for all."""

    region: str
    terms: DistributionTerms


def terms_in_force(rows: Collection[TermsOfRegion]) -> DistributionTerms:
    """The terms of the deepest of some regions that contain each other; where none lays down
    any, the cautious ones."""
    return max(rows, key=lambda row: len(row.region)).terms if rows else DistributionTerms()


def counts_on(day: dt.date, starts_on: dt.date | None, ends_on: dt.date | None) -> bool:
    """Whether a day lies within the dates of a relation; both ends are in it."""
    return starts_on is not None and starts_on <= day and (ends_on is None or day <= ends_on)
