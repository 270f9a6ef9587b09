"""Partners, or the vendor, say how a deal is to be shared. Answers: split_answers.py."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.tokens import count_call
from dealreg import split_access
from dealreg.models import Deal, Split, SplitParty
from dealreg.rules import splits as rules
from dealreg.rules.splits import (
    OPEN,
    InvalidSplit,
    Share,
    SplitBasis,
    SplitStatus,
    SplitVerb,
)
from dealreg.services.split_answers import position_in
from dealreg.services.split_circle import Circle, PartAsked, require_in_business
from dealreg.services.split_terms import (
    OwnPart,
    await_answers,
    in_force,
    keep_record,
    overdue,
    parties_of,
    put_in_force,
    replace,
    require_none_open,
    require_seen,
    require_shareable,
    said,
    shares_of,
    tell,
    touch,
    write_terms,
)
from dealreg.sharing import Policy, policy_for
from dealreg.split_events import SplitCountered, SplitProposed
from partners.queries import registration_rights

DAY = dt.timedelta(days=1)


class TooManyInvitations(Exception):
    """The company has typed too many domains today."""

    def __init__(self, seconds_left: float) -> None:
        super().__init__(f"{seconds_left:.0f} seconds left")
        self.seconds_left = seconds_left


def propose_split(
    *,
    actor: Actor,
    deal_id: int,
    parts: Sequence[PartAsked],
    note: str = "",
    named: bool = False,
) -> Split:
    """Asks all partners named to share a deal on these terms, until the policy's deadline.

    A partner says it of its own deal and names others by domain; whether a domain leads to
    anybody, nobody learns. `named`: others may see the company's name. Raises InvalidSplit,
    NotShareable, SplitIsOpen, TooManyInvitations, PermissionDenied, Http404.
    """
    _count_invitations(actor, parts)
    return _propose(actor, deal_id, parts, note, named)


def _count_invitations(actor: Actor, parts: Sequence[PartAsked]) -> None:
    if actor.partner_id is None:
        return
    for _domain in {part.domain for part in parts if part.domain}:
        calls, left = count_call(f"split-invite:{actor.partner_id}", DAY)
        if calls > settings.INVITATIONS_A_DAY:
            raise TooManyInvitations(left)


@transaction.atomic
def _propose(
    actor: Actor, deal_id: int, parts: Sequence[PartAsked], note: str, named: bool
) -> Split:
    deal = split_access.deal_for_sharing(actor, deal_id)
    require_shareable(deal)
    require_none_open(deal)
    circle = Circle(actor, deal, in_force(deal.pk))
    shares = circle.shares(parts)
    rules.check_shares(shares)
    circle.require_whole()
    return _open(actor, deal, circle.parties, shares, note, named)


def ask_for_own_part(
    *,
    actor: Actor,
    split_id: int,
    version: int,
    own: Sequence[OwnPart],
    note: str = "",
    named: bool = False,
) -> Split:
    """A counter-proposal while partners talk, a proposed change of what is in force. Raises as
    these do."""
    split = split_access.split_for_reading(actor, split_id)
    if split.status == SplitStatus.IN_FORCE:
        return change_split(actor=actor, split_id=split_id, version=version, own=own, note=note)
    return counter_split(
        actor=actor, split_id=split_id, version=version, own=own, note=note, named=named
    )


@transaction.atomic
def change_split(
    *, actor: Actor, split_id: int, version: int, own: Sequence[OwnPart], note: str = ""
) -> Split:
    """Whoever is part of a split in force proposes another part for itself; the others keep
    their proportion and are asked. Raises SplitMovedOn, SplitChanged, SplitIsOpen, InvalidSplit,
    NotShareable, PermissionDenied, Http404."""
    before = split_access.split_for_changing(actor, split_id)
    me, position = position_in(actor, before)
    rules.require(SplitVerb.CHANGE, position, before.status, overdue=False)
    require_seen(before, version)
    require_shareable(before.deal)
    require_none_open(before.deal)
    require_in_business(actor)
    wanted = [Share(me.pk, part.role, part.percent) for part in own]
    _require_own(wanted)
    shares = rules.with_own(wanted, shares_of(before))
    old = parties_of(before)
    places = {party.pk: place for place, party in enumerate(old)}
    parties = [
        # Without `invited_as`: that is known to whoever typed it.
        SplitParty(partner_id=party.partner_id, named=party.named)
        for party in old
    ]
    moved = [Share(places[one.party], one.role, one.percent) for one in shares]
    return _open(actor, before.deal, parties, moved, note, me.named)


@transaction.atomic
def counter_split(
    *,
    actor: Actor,
    split_id: int,
    version: int,
    own: Sequence[OwnPart],
    note: str = "",
    named: bool = False,
) -> Split:
    """Answers a proposal with what the partner wants for itself; the others keep their
    proportion in what is left and have to agree anew. Raises as change_split."""
    split = split_access.split_for_changing(actor, split_id)
    me, position = position_in(actor, split)
    rules.require(SplitVerb.COUNTER, position, split.status, overdue=overdue(split))
    require_seen(split, version)
    require_shareable(split.deal)
    require_in_business(actor)
    if split.number >= rules.MOST_VERSIONS:
        raise InvalidSplit(_("There were enough proposals; ask the vendor to decide."))
    wanted = [Share(me.pk, part.role, part.percent) for part in own]
    _require_own(wanted)
    shares = rules.with_own(wanted, shares_of(split))
    me.named = named
    me.save(update_fields=["named"])
    split.number += 1
    split.status = SplitStatus.COUNTERED
    write_terms(split, shares, me, note.strip())
    touch(split, "number", "status")
    tell(
        actor,
        split,
        parties_of(split),
        lambda party: SplitCountered(split.deal.customer_name, said(shares, party), note.strip()),
    )
    keep_record(actor, split, "counter", shares)
    return split


@transaction.atomic
def decide_split(*, actor: Actor, deal_id: int, parts: Sequence[PartAsked], reason: str) -> Split:
    """The vendor sets how a deal is shared, with a reason that every partner concerned reads;
    what was open or in force is replaced. Raises InvalidSplit, NotShareable, PermissionDenied,
    Http404."""
    deal = split_access.deal_for_sharing(actor, deal_id)
    if not actor.is_staff:
        raise PermissionDenied(_("Only the vendor decides how a deal is shared."))
    if not reason.strip():
        raise InvalidSplit(_("Tell the partners why, in a sentence."))
    require_shareable(deal)
    circle = Circle(actor, deal, None)
    shares = circle.shares(parts)
    rules.check_shares(shares)
    circle.require_registrant()
    staying = {party.partner_id for party in circle.parties}
    for talking in Split.objects.select_for_update().filter(deal=deal, status__in=sorted(OPEN)):
        talking.deal = deal
        replace(actor, talking, staying, reason.strip())
    now = timezone.now()
    split = Split(
        deal=deal,
        status=SplitStatus.SUPERSEDED,
        basis=SplitBasis.STAFF,
        settled_at=now,
        opened_by_id=actor.user_id,
    )
    stored = _write(split, circle.parties, shares, None, reason.strip())
    put_in_force(actor, split, stored, reason.strip())
    return split


def _open(
    actor: Actor,
    deal: Deal,
    parties: list[SplitParty],
    shares: Sequence[Share],
    note: str,
    named: bool,
) -> Split:
    policy = policy_for(registration_rights(deal.partner_id).region_path)
    deadline = timezone.now() + dt.timedelta(days=policy.answer_days)
    split = Split(
        deal=deal,
        opened_by_id=actor.user_id,
        opened_by_partner_id=actor.partner_id,
        deadline=deadline,
        **_promised(policy),
    )
    author = None
    if actor.partner_id is not None:
        author = next(one for one in parties if one.partner_id == actor.partner_id)
        author.named = named
    stored = _write(split, parties, shares, author, note.strip())
    await_answers(split, deadline)
    tell(
        actor,
        split,
        parties,
        lambda party: SplitProposed(
            deal.customer_name, said(stored, party), note.strip(), deadline
        ),
    )
    keep_record(actor, split, "propose", stored)
    return split


def _promised(policy: Policy) -> dict[str, object]:
    """What holds without agreement, as it is at the beginning."""
    return {
        "default_share": policy.default_share,
        "weights": policy.weights,
        "names_shown": policy.names_shown,
    }


def _write(
    split: Split,
    parties: list[SplitParty],
    shares: Sequence[Share],
    author: SplitParty | None,
    note: str,
) -> tuple[Share, ...]:
    """Stores a new split; `shares` name the parties by their place. The shares as stored."""
    split.save(force_insert=True)
    for party in parties:
        party.split = split
        party.save(force_insert=True)
    stored = tuple(Share(parties[one.party].pk, one.role, one.percent) for one in shares)
    write_terms(split, stored, author, note)
    return stored


def _require_own(wanted: Sequence[Share]) -> None:
    if not wanted:
        raise InvalidSplit(_("Say what your own part is."))
