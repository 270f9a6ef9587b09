"""What every act on a split has in common: writing terms down and telling who is concerned."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor, system
from core.appointments import cancel_appointments, make_appointment
from core.events import NewEvent, record_many
from dealreg.models import Deal, Split, SplitPart, SplitParty, SplitTerms
from dealreg.rules import splits as rules
from dealreg.rules.splits import OPEN, Share, SplitBasis, SplitRole, SplitStatus, SplitVerb
from dealreg.rules.states import DealStage, DealStatus
from dealreg.split_events import ANOTHER_PARTNER, SplitInForce, SplitRecorded, SplitReplaced

SPLIT_DEADLINE = "dealreg.split_deadline"
SPLIT_REMINDER = "dealreg.split_reminder"


def await_answers(split: Split, deadline: dt.datetime) -> None:
    """Makes the appointments of a proposal that partners are to answer."""
    make_appointment(SPLIT_DEADLINE, split, deadline)
    make_appointment(SPLIT_REMINDER, split, rules.reminder_at(timezone.now(), deadline))


def await_no_answers(split: Split) -> None:
    cancel_appointments(split, SPLIT_DEADLINE, SPLIT_REMINDER)


class SplitChanged(Exception):
    """The split has changed since it was read; `current` holds what is now."""

    def __init__(self, current: Split) -> None:
        super().__init__(f"{current.reference} is at version {current.version}")
        self.current = current


class NotShareable(Exception):
    """The deal cannot be shared as it stands; the message says why."""


class SplitIsOpen(Exception):
    """Partners are talking about a split already; one at a time."""

    def __init__(self, split: Split) -> None:
        super().__init__(f"{split.reference} is open")
        self.split = split


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What a partner asks for itself."""

    role: SplitRole
    percent: Decimal


def require_seen(split: Split, version: int) -> None:
    """Raises SplitChanged unless the writer saw the present version."""
    if split.version != version:
        raise SplitChanged(split)


def require_shareable(deal: Deal) -> None:
    """Raises NotShareable: only approved registrations whose sale is not lost are shared."""
    if deal.status != DealStatus.APPROVED or deal.stage == DealStage.LOST:
        raise NotShareable(_("Only an approved deal that is not lost can be shared."))


def require_none_open(deal: Deal) -> None:
    """Raises SplitIsOpen."""
    found = Split.objects.filter(deal=deal, status__in=sorted(OPEN)).first()
    if found is not None:
        raise SplitIsOpen(found)


def in_force(deal_id: int) -> Split | None:
    """The split of a deal that holds now."""
    return Split.objects.filter(deal_id=deal_id, status=SplitStatus.IN_FORCE).first()


def shares_of(split: Split, number: int | None = None) -> tuple[Share, ...]:
    """The terms on the table, or one version of them. One query."""
    parts = SplitPart.objects.filter(terms__split=split, terms__number=number or split.number)
    return tuple(
        Share(part.party_id, SplitRole(part.role), part.percent) for part in parts.order_by("pk")
    )


def write_terms(
    split: Split, shares: Sequence[Share], by: SplitParty | None, note: str = ""
) -> None:
    """Writes the next terms; whoever wrote them agrees to them."""
    rules.check_shares(shares)
    terms = SplitTerms.objects.create(split=split, number=split.number, by=by, note=note)
    SplitPart.objects.bulk_create(
        SplitPart(terms=terms, party_id=share.party, role=share.role, percent=share.percent)
        for share in shares
    )
    if by is not None:
        by.agreed_to, by.answered_at = split.number, timezone.now()
        by.save(update_fields=["agreed_to", "answered_at"])


def touch(split: Split, *fields: str) -> None:
    """Saves `fields` as a change that others will notice."""
    split.version += 1
    split.changed_at = timezone.now()
    split.save(update_fields=[*fields, "version", "changed_at"])


def settle(split: Split, status: SplitStatus, actor: Actor, reason: str = "") -> None:
    """Ends the talking, or the split itself."""
    split.status = status
    split.settled_at = timezone.now()
    split.settled_by, split.reason = actor.label[:200], reason
    touch(split, "status", "settled_at", "settled_by", "reason")


def put_in_force(actor: Actor, split: Split, shares: Sequence[Share], note: str = "") -> None:
    """The split holds from now on, in place of the one that held before."""
    before = in_force(split.deal_id)
    parties = parties_of(split)
    if before is not None:
        replace(actor, before, {party.partner_id for party in parties}, note)
    split.status, split.settled_at = SplitStatus.IN_FORCE, timezone.now()
    split.settled_by, split.reason = actor.label[:200], note
    touch(split, "status", "settled_at", "settled_by", "reason")
    await_no_answers(split)
    basis = SplitBasis(split.basis)
    tell(
        actor,
        split,
        parties,
        lambda party: SplitInForce(
            split.deal.customer_name, said(shares, party), basis.value, note
        ),
    )
    keep_record(actor, split, "in_force", shares)


def replace(actor: Actor, split: Split, staying: Iterable[int | None], note: str) -> None:
    """Ends a split for another one; those who are not part of that are told."""
    staying = set(staying)
    if split.status not in rules.TRANSITIONS[SplitVerb.REPLACE]:
        raise rules.SplitMovedOn(SplitVerb.REPLACE, split.status)
    settle(split, SplitStatus.SUPERSEDED, actor, note)
    await_no_answers(split)
    leaving = [party for party in parties_of(split) if party.partner_id not in staying]
    tell(actor, split, leaving, lambda _party: SplitReplaced(split.deal.customer_name, note))
    keep_record(actor, split, "replace", shares_of(split))


def overdue(split: Split) -> bool:
    """Whether nobody may answer any more; a worker draws the conclusion a moment later."""
    return split.deadline is not None and split.deadline <= timezone.now()


def parties_of(split: Split) -> list[SplitParty]:
    return list(split.parties.order_by("pk"))


# --- telling --------------------------------------------------------------------------------


def said(shares: Iterable[Share], party: SplitParty) -> str:
    """A party's own parts as an event keeps them."""
    mine = (share for share in shares if share.party == party.pk)
    return " ".join(f"{share.role.value}:{share.percent:f}" for share in mine)


def tell(
    actor: Actor,
    split: Split,
    parties: Iterable[SplitParty],
    fact: Callable[[SplitParty], object],
) -> None:
    """Records for each partner what concerns it. People of other partners stay unnamed."""
    neutral = system(ANOTHER_PARTNER)
    news = []
    for party in parties:
        if party.partner_id is None:
            continue
        foreign = actor.partner_id is not None and actor.partner_id != party.partner_id
        who = neutral if foreign else actor
        news.append(NewEvent(fact(party), split, party.partner_id, actor=who))
    record_many(news, actor=actor)


def keep_record(actor: Actor, split: Split, act: str, shares: Iterable[Share]) -> None:
    """The whole of an act, for staff, in the deal's record."""
    parties = {party.pk: party for party in parties_of(split)}
    parts = tuple(
        {
            "partner": parties[share.party].partner_id,
            "invited_as": parties[share.party].invited_as,
            "role": share.role.value,
            "percent": f"{share.percent:f}",
        }
        for share in shares
    )
    fact = SplitRecorded(split.reference, act, split.status, split.number, parts)
    news = NewEvent(fact, split.deal, split.deal.partner_id)
    record_many([news], actor=actor)
