"""The life of a registration and of the sale behind it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DealStatus(TextChoices):
    """Where the registration stands; the vendor decides."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    NEEDS_INFO = "needs_info", _("More needed")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")


class DealStage(TextChoices):
    """Where the sale stands; the partner knows. Open ones in their order, then how it ended."""

    PROSPECTING = "prospecting", _("Prospecting")
    ENGAGING = "engaging", _("Engaging")
    PROPOSAL = "proposal", _("Proposal")
    NEGOTIATION = "negotiation", _("Negotiation")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class Outcome(TextChoices):
    """What rules of engagement, or a person, decide about a registration."""

    APPROVE = "approve", _("Approve")
    REVIEW = "review", _("Review")
    DECLINE = "decline", _("Decline")
    ASK = "ask", _("Ask for more")


class DecisionOrigin(TextChoices):
    RULE = "rule", _("Rules of engagement")
    PERSON = "person", _("A person")
    IMPORT = "import", _("Imported history")


class DeclineReason(TextChoices):
    """Why a channel manager declines; the partner reads the label."""

    PROTECTED = "protected", _("The customer is protected for another registration")
    EXISTING_CUSTOMER = "existing_customer", _("Already a customer of ours for this product")
    DIRECT = "direct", _("We are already working with the customer directly")
    NOT_QUALIFIED = "not_qualified", _("Not enough evidence of an opportunity")
    OUTSIDE_TERRITORY = "outside_territory", _("Outside the agreed territory")
    OTHER = "other", _("Another reason")


class Verb(TextChoices):
    REGISTER = "register", _("Register")
    APPROVE = "approve", _("Approve")
    DECLINE = "decline", _("Decline")
    WITHDRAW = "withdraw", _("Withdraw")
    SEND_BACK = "send_back", _("Send back")
    EDIT = "edit", _("Edit")
    DISCARD = "discard", _("Discard")
    ADD_EVIDENCE = "add_evidence", _("Add evidence")
    EXTEND = "extend", _("Ask for an extension")
    CONFIRM = "confirm", _("Ask the customer")
    REGISTER_AGAIN = "register_again", _("Register again")
    UPDATE_SALE = "update_sale", _("Update the sale")
    CLOSE = "close", _("Close the sale")
    REOPEN = "reopen", _("Reopen the sale")


CLOSED_STAGES = frozenset({DealStage.WON, DealStage.LOST})
STAGES_IN_ORDER = tuple(stage for stage in DealStage if stage not in CLOSED_STAGES)
OPEN_STAGES = frozenset(STAGES_IN_ORDER)
DECIDED = frozenset({DealStatus.APPROVED, DealStatus.DECLINED})
# A lapsed registration was approved once.
EVER_DECIDED = DECIDED | {DealStatus.LAPSED}

# The registrations whose sale goes on: only they are in the pipeline and may be won or lost.
SELLING = frozenset({DealStatus.APPROVED})

# status → the stages in which a deal of that status may be.
STAGES_OF: dict[DealStatus, frozenset[DealStage]] = {
    status: OPEN_STAGES | CLOSED_STAGES if status in SELLING else OPEN_STAGES
    for status in DealStatus
}

# verb → the states it may start from. Who may say it is in access.py.
TRANSITIONS: dict[Verb, frozenset[DealStatus]] = {
    Verb.EDIT: frozenset({DealStatus.DRAFT}),
    Verb.DISCARD: frozenset({DealStatus.DRAFT}),
    Verb.REGISTER: frozenset({DealStatus.DRAFT, DealStatus.NEEDS_INFO}),
    Verb.APPROVE: frozenset({DealStatus.IN_REVIEW}),
    Verb.DECLINE: frozenset({DealStatus.IN_REVIEW}),
    Verb.SEND_BACK: frozenset({DealStatus.IN_REVIEW}),
    Verb.WITHDRAW: frozenset({DealStatus.IN_REVIEW, DealStatus.NEEDS_INFO, DealStatus.APPROVED}),
    Verb.ADD_EVIDENCE: frozenset(
        {DealStatus.IN_REVIEW, DealStatus.NEEDS_INFO, DealStatus.APPROVED}
    ),
    Verb.EXTEND: frozenset({DealStatus.APPROVED}),
    Verb.CONFIRM: frozenset({DealStatus.IN_REVIEW, DealStatus.APPROVED}),
    Verb.REGISTER_AGAIN: frozenset({DealStatus.LAPSED, DealStatus.DECLINED, DealStatus.WITHDRAWN}),
    Verb.UPDATE_SALE: SELLING,
    Verb.CLOSE: SELLING,
    Verb.REOPEN: SELLING,
}

# verb → the stages it may start from; verbs that are not here start from any.
STAGES: dict[Verb, frozenset[DealStage]] = {
    Verb.WITHDRAW: OPEN_STAGES,
    Verb.UPDATE_SALE: OPEN_STAGES,
    Verb.CLOSE: OPEN_STAGES,
    Verb.REOPEN: CLOSED_STAGES,
    Verb.EXTEND: OPEN_STAGES,
}

STATUS_AFTER: dict[Outcome, DealStatus] = {
    Outcome.APPROVE: DealStatus.APPROVED,
    Outcome.DECLINE: DealStatus.DECLINED,
    Outcome.REVIEW: DealStatus.IN_REVIEW,
    Outcome.ASK: DealStatus.NEEDS_INFO,
}


class NotInThisState(Exception):
    """The verb is not possible in the state, or in the sales stage, that the deal is in now."""

    def __init__(self, verb: Verb, status: DealStatus, stage: DealStage | None = None) -> None:
        super().__init__(verb, status, stage)
        self.verb = verb
        self.status = status
        self.stage = stage

    def __str__(self) -> str:
        if self.stage is not None:
            words = _("A sale that is “%(stage)s” cannot be changed by “%(verb)s”.")
            return str(words % {"stage": self.stage.label, "verb": self.verb.label})
        return str(
            _("A registration that is “%(status)s” cannot be changed by “%(verb)s”.")
            % {"status": self.status.label, "verb": self.verb.label}
        )


def require(verb: Verb, status: str, stage: str = "") -> None:
    """Raises NotInThisState unless `verb` is possible from `status` (and `stage`, if given)."""
    if status not in TRANSITIONS[verb]:
        raise NotInThisState(verb, DealStatus(status))
    if stage and not _from_stage(verb, stage):
        raise NotInThisState(verb, DealStatus(status), DealStage(stage))


def possible(verb: Verb, status: str, stage: str = "") -> bool:
    return status in TRANSITIONS[verb] and (not stage or _from_stage(verb, stage))


def _from_stage(verb: Verb, stage: str) -> bool:
    return verb not in STAGES or stage in STAGES[verb]
