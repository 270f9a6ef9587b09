"""Several partners on one opportunity: who may say what when, and how a whole is shared."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import Money, apportion

WHOLE = Decimal("100.00")
STEP = Decimal("0.01")
MOST_PARTS = 12
# Who cannot agree after so many versions needs a person, not another version.
MOST_VERSIONS = 30


class SplitRole(TextChoices):
    """What a partner does for an opportunity."""

    SOURCE = "source", gettext_lazy("Source")
    SELL = "sell", gettext_lazy("Sell")
    INFLUENCE = "influence", gettext_lazy("Influence")
    IMPLEMENT = "implement", gettext_lazy("Implement")
    FULFIL = "fulfil", gettext_lazy("Fulfil")


class SplitStatus(TextChoices):
    PROPOSED = "proposed", gettext_lazy("Proposed")
    COUNTERED = "countered", gettext_lazy("Countered")
    IN_FORCE = "in_force", gettext_lazy("In force")
    DECLINED = "declined", gettext_lazy("Declined")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")
    EXPIRED = "expired", gettext_lazy("Expired")
    SUPERSEDED = "superseded", gettext_lazy("Replaced")


class SplitBasis(TextChoices):
    """Why a split is in force."""

    AGREED = "agreed", gettext_lazy("Agreed by the partners")
    DEFAULT = "default", gettext_lazy("Default after the deadline")
    STAFF = "staff", gettext_lazy("Set by the vendor")


class SplitVerb(TextChoices):
    ACCEPT = "accept", gettext_lazy("Accept")
    COUNTER = "counter", gettext_lazy("Make another proposal")
    DECLINE = "decline", gettext_lazy("Decline")
    WITHDRAW = "withdraw", gettext_lazy("Withdraw")
    CHANGE = "change", gettext_lazy("Propose a change")
    EXPIRE = "expire", gettext_lazy("Expire")
    REPLACE = "replace", gettext_lazy("Replace")


class DefaultShare(TextChoices):
    """What holds when a deadline passes without agreement."""

    REGISTRANT = "registrant", gettext_lazy("The partner who registered the deal gets all")
    EQUAL = "equal", gettext_lazy("Equal shares")
    WEIGHTS = "weights", gettext_lazy("By the weights of the roles")


OPEN = frozenset({SplitStatus.PROPOSED, SplitStatus.COUNTERED})

# verb → the states it may start from. `verbs_of` says who may.
TRANSITIONS: dict[SplitVerb, frozenset[SplitStatus]] = {
    SplitVerb.ACCEPT: OPEN,
    SplitVerb.COUNTER: OPEN,
    SplitVerb.DECLINE: OPEN,
    SplitVerb.WITHDRAW: OPEN,
    SplitVerb.EXPIRE: OPEN,
    SplitVerb.CHANGE: frozenset({SplitStatus.IN_FORCE}),
    SplitVerb.REPLACE: OPEN | {SplitStatus.IN_FORCE},
}


class SplitMovedOn(Exception):
    """The verb is not possible any more in the state that the split is in now, or was never
    this partner's to say."""

    def __init__(self, verb: SplitVerb, status: str) -> None:
        super().__init__(verb, status)
        self.verb = verb
        self.status = SplitStatus(status)

    def __str__(self) -> str:
        return str(
            _("A split that is “%(status)s” cannot be changed by “%(verb)s” here.")
            % {"status": self.status.label, "verb": self.verb.label}
        )


class InvalidSplit(ValueError):
    """The parts make no split; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where one partner stands: `author` wrote the terms on the table, `agreed` has agreed to
    them."""

    author: bool
    agreed: bool


def verbs_of(position: Position | None, status: str, *, overdue: bool) -> frozenset[SplitVerb]:
    """What a partner may say to a split. `position` is None for whoever is not part of it;
    behind the deadline (`overdue`) nobody answers any more."""
    if position is None:
        return frozenset()
    wanted = {SplitVerb.CHANGE}
    if not overdue:
        wanted |= {SplitVerb.WITHDRAW} if position.author else {SplitVerb.COUNTER}
        wanted |= set() if position.author else {SplitVerb.DECLINE}
        wanted |= set() if position.agreed else {SplitVerb.ACCEPT}
    return frozenset(verb for verb in wanted if status in TRANSITIONS[verb])


def require(verb: SplitVerb, position: Position | None, status: str, *, overdue: bool) -> None:
    """Raises SplitMovedOn unless the partner may say `verb` now."""
    if verb not in verbs_of(position, status, overdue=overdue):
        raise SplitMovedOn(verb, status)


# --- shares ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """What one party gets for one role, in per cent with two decimals. `party` is any number
    that tells parties apart."""

    party: int
    role: SplitRole
    percent: Decimal


def check_shares(shares: Sequence[Share]) -> None:
    """Raises InvalidSplit unless the parts are positive, each role of a party is named once, and
    they add up to exactly 100 per cent."""
    if not shares:
        raise InvalidSplit(_("Name at least one part."))
    if len(shares) > MOST_PARTS:
        raise InvalidSplit(_("A deal is shared in at most %(most)s parts.") % {"most": MOST_PARTS})
    if any(not is_percent(share.percent) for share in shares):
        raise InvalidSplit(_("Each part is between 0.01 and 100 %, with two decimals at most."))
    if len({(share.party, share.role) for share in shares}) < len(shares):
        raise InvalidSplit(_("A partner is named twice with the same role."))
    total = sum(share.percent for share in shares)
    if total != WHOLE:
        raise InvalidSplit(
            _("The parts add up to %(total)s %%; they have to make exactly 100 %%.")
            % {"total": f"{total:f}"}
        )


def is_percent(value: Decimal) -> bool:
    return value.is_finite() and 0 < value <= WHOLE and value == value.quantize(STEP)


def rank(share: Share) -> tuple[Decimal, str, int]:
    """The one order in which what does not divide is given out, whatever order the parts stand
    in: larger parts first. credits.py orders by the same in SQL."""
    return (-share.percent, share.role.value, share.party)


def money_parts(amount: Money, shares: Sequence[Share]) -> tuple[Money, ...]:
    """What each share is of `amount`, in the order of `shares`; together exactly `amount`.

    Whole smallest units by the largest remainder; what an amount has below its currency's
    smallest unit goes to the largest part.
    """
    order = sorted(range(len(shares)), key=lambda place: rank(shares[place]))
    whole = amount.quantize(ROUND_DOWN)
    parts = whole.split([shares[place].percent for place in order])
    parts[0] = parts[0] + (amount - whole)
    by_place = dict(zip(order, parts, strict=True))
    return tuple(by_place[place] for place in range(len(shares)))


def scaled(shares: Sequence[Share], percent: Decimal) -> tuple[Share, ...]:
    """The shares in their proportion, adding up to `percent`. Raises InvalidSplit when that
    leaves nothing for one of them."""
    if not shares:
        return ()
    order = sorted(range(len(shares)), key=lambda place: rank(shares[place]))
    steps = max(int(percent / STEP), 0)
    counts = apportion(steps, [shares[place].percent for place in order])
    if min(counts) == 0:
        raise InvalidSplit(_("This leaves nothing for another partner."))
    by_place = {place: count * STEP for place, count in zip(order, counts, strict=True)}
    return tuple(replace(share, percent=by_place[n]) for n, share in enumerate(shares))


def with_own(own: Sequence[Share], before: Sequence[Share]) -> tuple[Share, ...]:
    """The terms `before` with a party's own parts as it wants them; the others keep their
    proportion in what is left. Raises InvalidSplit."""
    party = own[0].party if own else 0
    others = [share for share in before if share.party != party]
    left = WHOLE - sum((share.percent for share in own), Decimal(0))
    rest = scaled(others, left)
    # In the place where they stood, so that who reads on finds everything again.
    before_own = next((n for n, share in enumerate(before) if share.party == party), 0)
    shares = (*rest[:before_own], *own, *rest[before_own:])
    check_shares(shares)
    return shares


def default_shares(
    kind: DefaultShare,
    weights: Mapping[str, int],
    shares: Sequence[Share],
    *,
    registrant: int,
    taking_part: Collection[int],
) -> tuple[Share, ...]:
    """What holds without agreement, made of the last terms: `registrant` is the party whose deal
    it is, `taking_part` the parties that count besides it. Parts that get nothing are left out.
    """
    staying = [share for share in shares if share.party in {registrant, *taking_part}]
    if kind == DefaultShare.REGISTRANT or not any(share.party == registrant for share in staying):
        staying = [share for share in staying if share.party == registrant]
    if not staying:
        return (Share(registrant, SplitRole.SOURCE, WHOLE),)
    if kind == DefaultShare.EQUAL:
        roles = {one.party: sum(share.party == one.party for share in staying) for one in staying}
        common = 1
        for number in roles.values():
            common *= number
        parts = [common // roles[share.party] for share in staying]
    elif kind == DefaultShare.WEIGHTS:
        parts = [weights.get(share.role.value, 0) for share in staying]
    else:
        parts = [int(share.percent / STEP) for share in staying]
    weighed = [
        replace(share, percent=Decimal(part))
        for share, part in zip(staying, parts, strict=True)
        if part
    ]
    if not weighed:
        return (Share(registrant, SplitRole.SOURCE, WHOLE),)
    return scaled(weighed, WHOLE)


REMINDED_BEFORE = dt.timedelta(days=3)


def reminder_at(now: dt.datetime, deadline: dt.datetime) -> dt.datetime:
    """When those who have not answered are reminded: three days before the deadline, halfway
    when there are fewer than six."""
    return deadline - min(REMINDED_BEFORE, (deadline - now) / 2)
