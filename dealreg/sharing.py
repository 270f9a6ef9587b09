"""Reads about shared deals: what one reader may know of a split, lists, and the policy.

A partner is told its own parts, the roles of the others, and what it wrote itself. Another's
name and percentage only when the policy says so or both agreed to it, and never before the other
has answered: an invitation that leads nowhere looks like one that waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce, Length
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.models import Event
from core.money import Money
from core.queries import timeline_entry
from core.ui import TimelineEntry
from dealreg import access, split_access
from dealreg.models import Deal, Split, SplitPart, SplitParty, SplitPolicy, SplitTerms
from dealreg.models.splits import SplitQuerySet
from dealreg.rules import splits as rules
from dealreg.rules.splits import (
    OPEN,
    DefaultShare,
    Position,
    Share,
    SplitRole,
    SplitStatus,
    SplitVerb,
)
from dealreg.rules.states import DealStage, DealStatus
from partners.queries import containing
from partners.queries.organisations import partner_names

MOST_COUNTED = 100
MOST_PAST = 20
MOST_NEWS = 50


# --- the policy -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Policy:
    """How long partners may take to agree, and what holds when they do not."""

    answer_days: int = 14
    default_share: str = DefaultShare.REGISTRANT.value
    weights: dict[str, int] = field(default_factory=dict)
    names_shown: bool = False


def policy_for(region_path: str) -> Policy:
    """The policy of the deepest region that has one. One query."""
    regions = containing(region_path)
    row = (
        SplitPolicy.objects.filter(Q(region__isnull=True) | Q(region__path__in=regions))
        .annotate(depth=Coalesce(Length("region__path"), 0))
        .order_by("-depth")
        .first()
    )
    if row is None:
        return Policy()
    return Policy(row.answer_days, row.default_share, row.weights, row.names_shown)


def default_in_words(kind: str) -> str:
    """What a default means, as a clause behind “without agreement”."""
    return {
        DefaultShare.REGISTRANT.value: _("the partner who registered the deal gets all of it"),
        DefaultShare.EQUAL.value: _("all who took part get equal shares"),
        DefaultShare.WEIGHTS.value: _("all who took part get a share by the weight of their role"),
    }[kind]


# --- one split as one reader may know it ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class PartSeen:
    """One part. `percent` and `money` are None where they are not the reader's to know."""

    party_id: int
    who: str
    mine: bool
    role: SplitRole
    percent: Decimal | None
    money: Money | None
    agreed: bool
    declined: bool


@dataclass(frozen=True, slots=True)
class SplitSeen:
    """A split for one reader. `whole` is the deal's amount (closed, else expected); `own_money`
    the reader's parts of it; `own_deal` whether the reader may open the deal itself."""

    split: Split
    deal: Deal
    whole: Money | None
    parts: tuple[PartSeen, ...]
    own: tuple[PartSeen, ...]
    own_percent: Decimal
    own_money: Money | None
    verbs: frozenset[SplitVerb]
    note: str
    note_by: str
    overdue: bool
    own_deal: bool
    agreed: bool

    @property
    def is_open(self) -> bool:
        return self.split.status in OPEN

    @property
    def without_agreement(self) -> str:
        return default_in_words(self.split.default_share)


def amount_of(deal: Deal) -> Money | None:
    """What there is to share: what the deal closed at, else what is expected."""
    closed = deal.closed_amount if deal.stage == DealStage.WON else None
    amount = deal.amount if closed is None else closed
    return None if amount is None or not deal.currency else Money(amount, deal.currency)


def split_page(actor: Actor, split_id: int) -> SplitSeen:
    """One split by right (Http404). Four queries."""
    return seen(actor, [split_access.split_for_reading(actor, split_id)])[0]


def seen(actor: Actor, splits: Sequence[Split]) -> list[SplitSeen]:
    """The splits as the actor may know them, all at once: two queries."""
    keys = [split.pk for split in splits]
    parties: dict[int, list[SplitParty]] = {key: [] for key in keys}
    for party in SplitParty.objects.filter(split__in=keys).select_related("partner").order_by("pk"):
        parties[party.split_id].append(party)
    parts: dict[int, list[SplitPart]] = {key: [] for key in keys}
    rows = SplitPart.objects.filter(terms__split__in=keys, terms__number=F("terms__split__number"))
    for part in rows.select_related("terms").order_by("pk"):
        parts[part.terms.split_id].append(part)
    return [_seen(actor, split, parties[split.pk], parts[split.pk]) for split in splits]


def _seen(
    actor: Actor, split: Split, parties: list[SplitParty], parts: list[SplitPart]
) -> SplitSeen:
    deal = split.deal
    me = next(
        (one for one in parties if actor.partner_id and one.partner_id == actor.partner_id), None
    )
    by_key = {one.pk: one for one in parties}
    terms = parts[0].terms
    position = Position(terms.by_id == me.pk, me.agreed_to == split.number) if me else None
    overdue = split.deadline is not None and split.deadline <= timezone.now()
    shares = [Share(one.party_id, SplitRole(one.role), one.percent) for one in parts]
    whole = amount_of(deal)
    money = rules.money_parts(whole, shares) if whole else (None,) * len(shares)
    shown = tuple(
        _part(actor, split, me, by_key[share.party], share, worth, wrote=terms.by_id)
        for share, worth in zip(shares, money, strict=True)
    )
    own = tuple(part for part in shown if part.mine)
    worth = [part.money for part in own if part.money is not None]
    verbs = rules.verbs_of(position, split.status, overdue=overdue)
    shareable = deal.status == DealStatus.APPROVED and deal.stage != DealStage.LOST
    if not shareable:
        verbs &= {SplitVerb.DECLINE, SplitVerb.WITHDRAW}
    author = by_key.get(terms.by_id or 0)
    return SplitSeen(
        split=split,
        deal=deal,
        whole=whole,
        parts=shown,
        own=own,
        own_percent=sum((part.percent or Decimal(0) for part in own), Decimal(0)),
        own_money=sum(worth[1:], worth[0]) if worth else None,
        verbs=verbs if split_access.may_answer(actor) else frozenset(),
        note=terms.note,
        note_by=name_of(actor, split, me, author) if author else _("The vendor"),
        overdue=overdue and split.status in OPEN,
        own_deal=actor.is_staff or deal.partner_id == actor.partner_id,
        agreed=position is not None and position.agreed,
    )


def _part(
    actor: Actor,
    split: Split,
    me: SplitParty | None,
    party: SplitParty,
    share: Share,
    money: Money | None,
    *,
    wrote: int | None,
) -> PartSeen:
    mine = me is not None and party.pk == me.pk
    known = (
        mine
        or actor.is_staff
        or (me is not None and wrote == me.pk)
        or knows_name(split, me, party)
    )
    return PartSeen(
        party_id=party.pk,
        who=name_of(actor, split, me, party),
        mine=mine,
        role=share.role,
        percent=share.percent if known else None,
        money=money if known else None,
        agreed=party.agreed_to == split.number or split.status == SplitStatus.IN_FORCE,
        declined=party.declined_at is not None,
    )


def knows_name(split: Split, me: SplitParty | None, party: SplitParty) -> bool:
    """Whether the partner `me` is shown who `party` is: both agreed, or the policy says so."""
    if me is None or party.partner_id is None:
        return False
    present = party.answered_at is not None or split.status == SplitStatus.IN_FORCE
    both = me.named and party.named
    return present and (split.names_shown or both)


def name_of(actor: Actor, split: Split, me: SplitParty | None, party: SplitParty) -> str:
    """What the reader calls a party."""
    if me is not None and party.pk == me.pk:
        return _("Your company")
    if actor.is_staff or actor.is_system:
        return party.partner.name if party.partner else party.invited_as
    if knows_name(split, me, party) and party.partner is not None:
        return party.partner.name
    if split.opened_by_partner_id == actor.partner_id and party.invited_as:
        return party.invited_as
    return _("Another partner")


def news_of(actor: Actor, split: Split) -> tuple[TimelineEntry, ...]:
    """What happened around a split, as told to the actor's own company; for staff, what each
    partner was told."""
    rows = Event.objects.filter(subject_type=split._meta.label_lower, subject_id=split.pk)
    if not actor.is_staff:
        rows = rows.filter(partner_id=actor.partner_id)
    newest = list(rows.order_by("-occurred_at", "-id")[:MOST_NEWS])
    told = partner_names({event.partner_id or 0 for event in newest}) if actor.is_staff else {}
    return tuple(
        replace(entry, who=f"{entry.who} → {told[event.partner_id]}")
        if event.partner_id in told
        else entry
        for event in newest
        if (entry := timeline_entry(event, actor)) is not None
    )


# --- a deal's splits ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DealSharing:
    """How one deal is shared: what is talked about, what holds, what was before."""

    deal: Deal
    talking: SplitSeen | None
    holding: SplitSeen | None
    past: tuple[SplitSeen, ...]
    may_propose: bool
    policy: Policy


def deal_sharing(actor: Actor, deal_id: int) -> DealSharing:
    """By right on the deal (Http404). Five queries."""
    deal = access.deal_for_reading(actor, deal_id)
    return sharing_of(actor, deal)


def sharing_of(actor: Actor, deal: Deal) -> DealSharing:
    """The same for whoever was let through to `deal` already. Four queries."""
    rows = Split.objects.visible_to(actor).filter(deal=deal).order_by("-pk")[: MOST_PAST + 2]
    splits = list(rows)
    for split in splits:
        split.deal = deal
    shown = seen(actor, splits)
    talking = next((one for one in shown if one.is_open), None)
    holding = next((one for one in shown if one.split.status == SplitStatus.IN_FORCE), None)
    return DealSharing(
        deal=deal,
        talking=talking,
        holding=holding,
        past=tuple(one for one in shown if one not in (talking, holding))[:MOST_PAST],
        may_propose=(
            talking is None
            and deal.status == DealStatus.APPROVED
            and deal.stage != DealStage.LOST
            and split_access.may_answer(actor)
        ),
        policy=policy_for(deal.partner.region.path),
    )


# --- lists ----------------------------------------------------------------------------------


def splits(actor: Actor, *, waiting: bool = False) -> SplitQuerySet:
    """The splits that the actor may read, or those that wait for its answer, with what a list row
    shows."""
    own = SplitPart.objects.filter(party__partner_id=actor.partner_id or 0).order_by("pk")
    now = SplitTerms.objects.filter(number=F("split__number")).prefetch_related(
        Prefetch("parts", queryset=own, to_attr="own_parts")
    )
    rows = (
        Split.objects.visible_to(actor)
        .select_related("deal__product_line")
        .prefetch_related(Prefetch("terms", queryset=now, to_attr="on_table"))
        .annotate(waits=Exists(_unanswered(actor).filter(split=OuterRef("pk"))))
    )
    return rows.filter(waits=True) if waiting else rows


def _unanswered(actor: Actor) -> "QuerySet[SplitParty]":
    return SplitParty.objects.filter(
        partner_id=actor.partner_id or 0,
        split__status__in=sorted(OPEN),
        split__deadline__gt=timezone.now(),
    ).exclude(agreed_to=F("split__number"))


def waiting_count(actor: Actor) -> int:
    """How many proposals wait for the answer of the actor's company, counted up to 100."""
    if actor.partner_id is None:
        return 0
    return _unanswered(actor).order_by()[:MOST_COUNTED].count()


@dataclass(frozen=True, slots=True)
class RowSeen:
    """A row of the list: own roles, own percentage."""

    roles: tuple[SplitRole, ...]
    percent: Decimal


def row_of(split: Split) -> RowSeen:
    """The reader's own parts of a row of `splits`. No query."""
    parts = [part for terms in split.on_table for part in terms.own_parts]  # type: ignore[attr-defined]
    return RowSeen(
        tuple(SplitRole(part.role) for part in parts),
        sum((part.percent for part in parts), Decimal(0)),
    )
