"""Partners answer a proposal, and what happens when they do not."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor, system
from core.appointments import DueAppointment, falls_due
from dealreg import split_access
from dealreg.models import Deal, Split, SplitParty, SplitTerms
from dealreg.rules import splits as rules
from dealreg.rules.splits import (
    OPEN,
    DefaultShare,
    InvalidSplit,
    Position,
    Share,
    SplitBasis,
    SplitStatus,
    SplitVerb,
)
from dealreg.services.split_terms import (
    SPLIT_DEADLINE,
    NotShareable,
    await_no_answers,
    in_force,
    keep_record,
    overdue,
    parties_of,
    put_in_force,
    require_seen,
    require_shareable,
    settle,
    shares_of,
    tell,
    touch,
    write_terms,
)
from dealreg.split_events import (
    THE_DEADLINE,
    SplitAccepted,
    SplitDeclined,
    SplitExpired,
    SplitWithdrawn,
)
from partners.queries import is_in_business


def position_in(actor: Actor, split: Split) -> tuple[SplitParty, Position]:
    """The actor's own place in a split. Raises PermissionDenied for staff, who have none."""
    me = split.parties.filter(partner_id=actor.partner_id or 0).first()
    if me is None:
        raise PermissionDenied(_("Only the partners in a split answer it."))
    author = author_of(split)
    agreed = me.agreed_to == split.number
    return me, Position(author is not None and author.pk == me.pk, agreed)


def author_of(split: Split) -> SplitParty | None:
    """Who wrote the terms on the table; None for the vendor and the default."""
    terms = SplitTerms.objects.select_related("by").get(split=split, number=split.number)
    return terms.by


@transaction.atomic
def accept_split(*, actor: Actor, split_id: int, version: int, named: bool = False) -> Split:
    """Agrees to the terms that were read. When all have agreed the split is in force.

    Raises SplitMovedOn, SplitChanged, NotShareable, PermissionDenied, Http404.
    """
    split = split_access.split_for_changing(actor, split_id)
    me, position = position_in(actor, split)
    rules.require(SplitVerb.ACCEPT, position, split.status, overdue=overdue(split))
    require_seen(split, version)
    require_shareable(split.deal)
    if not is_in_business(me.partner_id or 0):
        raise PermissionDenied(_("Your company is not active in the programme at the moment."))
    me.agreed_to, me.answered_at, me.named = split.number, timezone.now(), named
    me.save(update_fields=["agreed_to", "answered_at", "named"])
    shares, parties = shares_of(split), parties_of(split)
    if all(party.agreed_to == split.number for party in parties):
        put_in_force(actor, split, shares)
        return split
    touch(split)
    author = author_of(split)
    concerned = [one for one in parties if one.pk == me.pk or (author and one.pk == author.pk)]
    tell(actor, split, concerned, lambda _party: SplitAccepted(split.deal.customer_name))
    keep_record(actor, split, "accept", shares)
    return split


@transaction.atomic
def decline_split(*, actor: Actor, split_id: int, version: int, reason: str) -> Split:
    """Says no, with a reason that the other partners and the vendor read; this ends the
    proposal. What is not agreed by the deadline is then shared by default, without whoever
    declined unless it is their deal. Raises as accept_split, and InvalidSplit without a reason.
    """
    split = split_access.split_for_changing(actor, split_id)
    me, position = position_in(actor, split)
    rules.require(SplitVerb.DECLINE, position, split.status, overdue=overdue(split))
    require_seen(split, version)
    if not reason.strip():
        raise InvalidSplit(_("Say why, in a sentence."))
    me.declined_at = me.answered_at = timezone.now()
    me.reason = reason.strip()
    me.save(update_fields=["declined_at", "answered_at", "reason"])
    settle(split, SplitStatus.DECLINED, actor, reason.strip())
    tell(
        actor,
        split,
        parties_of(split),
        lambda _party: SplitDeclined(split.deal.customer_name, reason.strip()),
    )
    keep_record(actor, split, "decline", shares_of(split))
    return split


@transaction.atomic
def withdraw_split(*, actor: Actor, split_id: int, version: int, note: str = "") -> Split:
    """Takes a proposal back: whoever wrote the terms on the table, or the vendor. Raises
    SplitMovedOn, SplitChanged, PermissionDenied, Http404."""
    split = split_access.split_for_changing(actor, split_id)
    if not actor.is_staff:
        _me, position = position_in(actor, split)
        rules.require(SplitVerb.WITHDRAW, position, split.status, overdue=overdue(split))
    elif split.status not in OPEN:
        raise rules.SplitMovedOn(SplitVerb.WITHDRAW, split.status)
    require_seen(split, version)
    _withdraw(actor, split, note.strip())
    return split


def _withdraw(actor: Actor, split: Split, note: str) -> None:
    settle(split, SplitStatus.WITHDRAWN, actor, note)
    await_no_answers(split)
    tell(
        actor,
        split,
        parties_of(split),
        lambda _party: SplitWithdrawn(split.deal.customer_name, note),
    )
    keep_record(actor, split, "withdraw", shares_of(split))


@transaction.atomic
def end_talks(*, actor: Actor, deal_id: int) -> int:
    """Ends what partners talk about when the deal itself has ended; how many talks."""
    deal = Deal.objects.select_for_update(of=("self",)).get(pk=deal_id)
    open_ones = Split.objects.select_for_update().filter(deal=deal, status__in=sorted(OPEN))
    found = list(open_ones)
    for split in found:
        split.deal = deal
        _withdraw(actor, split, "")
    return len(found)


# --- the deadline ---------------------------------------------------------------------------


@falls_due(SPLIT_DEADLINE)
def at_deadline(due: DueAppointment) -> None:
    apply_default_split(actor=system(THE_DEADLINE), split_id=due.subject_id)


@transaction.atomic
def apply_default_split(*, actor: Actor, split_id: int) -> Split | None:
    """Draws the conclusion when the deadline has passed: the proposal expires, and what it
    promised for this case holds, unless an older agreement does. The split that holds by
    default, None if there is none.

    In the default are the partner whose deal it is, whom the vendor named, and whoever accepted
    or made a proposal; who declined, or never answered an invitation, is not.
    """
    found = Split.objects.filter(pk=split_id).values_list("deal_id", flat=True).first()
    if found is None:
        return None
    split = split_access.locked(found, split_id)
    if split.deadline is None or not overdue(split):
        return None
    if split.status in OPEN:
        settle(split, SplitStatus.EXPIRED, actor)
        parties = parties_of(split)
        tell(actor, split, parties, lambda _party: SplitExpired(split.deal.customer_name))
        keep_record(actor, split, "expire", shares_of(split))
    elif split.status != SplitStatus.DECLINED:
        return None
    return _hold_default(actor, split)


def _hold_default(actor: Actor, split: Split) -> Split | None:
    deal = split.deal
    newer = Split.objects.filter(deal=deal).filter(Q(pk__gt=split.pk)).exists()
    if newer or in_force(deal.pk) is not None:
        return None
    try:
        require_shareable(deal)
    except NotShareable:
        return None
    old = {party.pk: party for party in parties_of(split)}
    own = next((key for key, one in old.items() if one.partner_id == deal.partner_id), 0)
    shares = rules.default_shares(
        DefaultShare(split.default_share),
        split.weights,
        shares_of(split),
        registrant=own,
        taking_part=[key for key, one in old.items() if _takes_part(split, one)],
    )
    held = Split.objects.create(
        deal=deal,
        status=SplitStatus.SUPERSEDED,
        basis=SplitBasis.DEFAULT,
        settled_at=timezone.now(),
        default_share=split.default_share,
        weights=split.weights,
        names_shown=split.names_shown,
    )
    keys = {}
    for key in dict.fromkeys(share.party for share in shares):
        party = old.get(key) or SplitParty(partner_id=deal.partner_id)
        keys[key] = SplitParty.objects.create(
            split=held, partner_id=party.partner_id, named=party.named, invited_as=party.invited_as
        ).pk
    stored = tuple(Share(keys[share.party], share.role, share.percent) for share in shares)
    write_terms(held, stored, None)
    put_in_force(actor, held, stored)
    return held


def _takes_part(split: Split, party: SplitParty) -> bool:
    if party.partner_id is None or party.declined_at is not None:
        return False
    named_by_vendor = split.opened_by_partner_id is None
    return named_by_vendor or party.answered_at is not None
