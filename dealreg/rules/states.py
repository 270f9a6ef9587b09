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


class DealStage(TextChoices):
    """Where the sale stands; the partner knows."""

    PROSPECTING = "prospecting", _("Prospecting")
    ENGAGING = "engaging", _("Engaging")
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


OPEN_STAGES = frozenset({DealStage.PROSPECTING, DealStage.ENGAGING})
DECIDED = frozenset({DealStatus.APPROVED, DealStatus.DECLINED})

# verb → the states it may start from. Who may say it is in access.py.
TRANSITIONS: dict[Verb, frozenset[DealStatus]] = {
    Verb.EDIT: frozenset({DealStatus.DRAFT}),
    Verb.DISCARD: frozenset({DealStatus.DRAFT}),
    Verb.REGISTER: frozenset({DealStatus.DRAFT, DealStatus.NEEDS_INFO}),
    Verb.APPROVE: frozenset({DealStatus.IN_REVIEW}),
    Verb.DECLINE: frozenset({DealStatus.IN_REVIEW}),
    Verb.SEND_BACK: frozenset({DealStatus.IN_REVIEW}),
    Verb.WITHDRAW: frozenset({DealStatus.IN_REVIEW, DealStatus.NEEDS_INFO, DealStatus.APPROVED}),
}

STATUS_AFTER: dict[Outcome, DealStatus] = {
    Outcome.APPROVE: DealStatus.APPROVED,
    Outcome.DECLINE: DealStatus.DECLINED,
    Outcome.REVIEW: DealStatus.IN_REVIEW,
    Outcome.ASK: DealStatus.NEEDS_INFO,
}

PROTECTION_DAYS = 90


class NotInThisState(Exception):
    """The verb is not possible in the state that the deal is in now."""

    def __init__(self, verb: Verb, status: DealStatus) -> None:
        super().__init__(verb, status)
        self.verb = verb
        self.status = status

    def __str__(self) -> str:
        return str(
            _("A registration that is “%(status)s” cannot be changed by “%(verb)s”.")
            % {"status": self.status.label, "verb": self.verb.label}
        )


def require(verb: Verb, status: str) -> None:
    """Raises NotInThisState unless `verb` is possible from `status`."""
    if status not in TRANSITIONS[verb]:
        raise NotInThisState(verb, DealStatus(status))


def possible(verb: Verb, status: str) -> bool:
    return status in TRANSITIONS[verb]
