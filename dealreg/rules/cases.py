"""The life of a conflict case: who of several partners works with a customer."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dealreg.rules.states import OPEN_STAGES, DealStatus


class CaseStatus(TextChoices):
    OPEN = "open", gettext_lazy("Open")
    WAITING = "waiting", gettext_lazy("Waiting for evidence")
    DECIDED = "decided", gettext_lazy("Decided, appeal possible")
    APPEALED = "appealed", gettext_lazy("Appealed")
    CLOSED = "closed", gettext_lazy("Closed")
    WITHDRAWN = "withdrawn", gettext_lazy("Taken back")


class CaseVerb(TextChoices):
    STATE = "state", gettext_lazy("Add a statement")
    WITHDRAW = "withdraw", gettext_lazy("Take back")
    APPEAL = "appeal", gettext_lazy("Appeal")
    ASSIGN = "assign", gettext_lazy("Assign")
    ASK = "ask", gettext_lazy("Ask for evidence")
    ESCALATE = "escalate", gettext_lazy("Escalate")
    DECIDE = "decide", gettext_lazy("Decide")
    DECIDE_APPEAL = "decide_appeal", gettext_lazy("Decide the appeal")
    CLOSE = "close", gettext_lazy("Close")


PARTNER_VERBS = frozenset({CaseVerb.STATE, CaseVerb.WITHDRAW, CaseVerb.APPEAL})
STAFF_VERBS = frozenset(
    {
        CaseVerb.ASSIGN,
        CaseVerb.ASK,
        CaseVerb.ESCALATE,
        CaseVerb.DECIDE,
        CaseVerb.DECIDE_APPEAL,
    }
)
UNDECIDED = frozenset({CaseStatus.OPEN, CaseStatus.WAITING})
# What somebody still works on: its clock runs.
RUNNING = UNDECIDED | {CaseStatus.APPEALED}
# While one of these lasts, no other case about the same customer and product line is opened.
LIVE = RUNNING | {CaseStatus.DECIDED}
OVER = frozenset({CaseStatus.CLOSED, CaseStatus.WITHDRAWN})

# verb → the states it may start from. Who may say it is in access.py.
TRANSITIONS: dict[CaseVerb, frozenset[CaseStatus]] = {
    CaseVerb.STATE: RUNNING,
    CaseVerb.WITHDRAW: UNDECIDED,
    CaseVerb.APPEAL: frozenset({CaseStatus.DECIDED}),
    CaseVerb.ASSIGN: RUNNING,
    CaseVerb.ASK: UNDECIDED,
    CaseVerb.ESCALATE: RUNNING,
    CaseVerb.DECIDE: UNDECIDED,
    CaseVerb.DECIDE_APPEAL: frozenset({CaseStatus.APPEALED}),
    CaseVerb.CLOSE: frozenset({CaseStatus.DECIDED}),
}


class NotInThisCaseState(Exception):
    """The verb is not possible in the state that the case is in now."""

    def __init__(self, verb: CaseVerb, status: CaseStatus) -> None:
        super().__init__(verb, status)
        self.verb = verb
        self.status = status

    def __str__(self) -> str:
        return str(
            _("A case that is “%(status)s” does not allow “%(verb)s”.")
            % {"status": self.status.label, "verb": self.verb.label}
        )


def require(verb: CaseVerb, status: str) -> None:
    """Raises NotInThisCaseState unless `verb` is possible from `status`."""
    if status not in TRANSITIONS[verb]:
        raise NotInThisCaseState(verb, CaseStatus(status))


def possible(verb: CaseVerb, status: str) -> bool:
    return status in TRANSITIONS[verb]


class CaseOrigin(TextChoices):
    """Who opened it."""

    RULE = "rule", gettext_lazy("Rules of engagement")
    STAFF = "staff", gettext_lazy("A channel manager")
    PARTNER = "partner", gettext_lazy("A partner")


class SideOutcome(TextChoices):
    """What a side is told of the customer. The partner reads the label."""

    KEEPS = "keeps", gettext_lazy("keeps the customer")
    GETS = "gets", gettext_lazy("gets the customer")
    SHARES = "shares", gettext_lazy("shares the customer")
    LOSES = "loses", gettext_lazy("does not get the customer")


class CaseReason(TextChoices):
    """Why a case is decided as it is."""

    CUSTOMERS_CHOICE = "customers_choice", gettext_lazy("The customer chose")
    FIRST = "first", gettext_lazy("Registered first")
    PROGRESS = "progress", gettext_lazy("Further with the customer")
    EVIDENCE = "evidence", gettext_lazy("Better evidence")
    DIFFERENT = "different", gettext_lazy("Different customers or opportunities")
    TERRITORY = "territory", gettext_lazy("Agreed territory")
    TOGETHER = "together", gettext_lazy("Better done together")
    NONE_QUALIFIED = "none_qualified", gettext_lazy("Nobody shows an opportunity")
    OTHER = "other", gettext_lazy("Another reason")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a side's registration is when the case is decided. `ground` is what it would protect:
    customer and product line."""

    side_id: int
    status: DealStatus
    stage: str
    protected: bool
    ground: tuple[int, int]


class ImpossibleDecision(ValueError):
    """The outcomes do not fit each other or the registrations; the message says why."""


def possible_outcomes(claim: Claim) -> list[SideOutcome]:
    """What can be decided about one side."""
    if claim.status == DealStatus.APPROVED and claim.protected:
        return [SideOutcome.KEEPS, SideOutcome.SHARES, SideOutcome.LOSES]
    if claim.status in {DealStatus.IN_REVIEW, DealStatus.DECLINED, DealStatus.APPROVED}:
        return [SideOutcome.GETS, SideOutcome.SHARES, SideOutcome.LOSES]
    return [SideOutcome.LOSES]


def require_possible(claims: Sequence[Claim], outcomes: Mapping[int, SideOutcome]) -> None:
    """Raises ImpossibleDecision unless every side gets an outcome that its registration allows,
    a customer is kept for one side only, and nobody shares alone."""
    for claim in claims:
        outcome = outcomes.get(claim.side_id)
        if outcome is None:
            raise ImpossibleDecision(_("Say for every side what it gets."))
        if outcome not in possible_outcomes(claim):
            raise ImpossibleDecision(
                _("A registration that is “%(status)s” cannot be decided as “%(outcome)s”.")
                % {"status": claim.status.label, "outcome": outcome.label}
            )
        closed = claim.status == DealStatus.APPROVED and claim.stage not in OPEN_STAGES
        if closed and outcome == SideOutcome.LOSES:
            raise ImpossibleDecision(_("A deal that is won or lost already cannot be taken away."))
    alone = Counter(
        claim.ground
        for claim in claims
        if outcomes[claim.side_id] in {SideOutcome.KEEPS, SideOutcome.GETS}
    )
    sharing = Counter(
        claim.ground for claim in claims if outcomes[claim.side_id] == SideOutcome.SHARES
    )
    if max(alone.values(), default=0) > 1 or alone.keys() & sharing.keys():
        raise ImpossibleDecision(_("The customer can be kept for one side only."))
    if sum(sharing.values()) == 1:
        raise ImpossibleDecision(_("Nobody can share the customer alone: name two sides or more."))


def first_sharing(claims: Sequence[Claim], outcomes: Mapping[int, SideOutcome]) -> Collection[int]:
    """The sides that hold the protection for those who share: who holds it already, else who
    registered first (the order of `claims`)."""
    holders: dict[tuple[int, int], Claim] = {}
    for claim in claims:
        if outcomes[claim.side_id] != SideOutcome.SHARES:
            continue
        known = holders.get(claim.ground)
        if known is None or (claim.protected and not known.protected):
            holders[claim.ground] = claim
    return [claim.side_id for claim in holders.values()]


# Bounds on what a partner can ask of the vendor's people.
MOST_OPEN_CONTESTS = 5
CONTEST_WITHIN_DAYS = 60
MOST_SIDES = 20
LONGEST_STATEMENT = 4000
MOST_STATEMENTS = 30
MOST_FILES = 20
