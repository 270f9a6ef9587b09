"""What a registration announces on its way to a decision."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.system_names import in_readers_words


@event_kind(
    "dealreg.deal_registered",
    sentence=_("%(actor)s registered the deal for %(customer)s"),
    public=["customer", "product_line", "amount", "currency"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class DealRegistered:
    customer: str
    product_line: str
    amount: str
    currency: str
    account_id: int


@event_kind(
    "dealreg.deal_sent_to_review",
    sentence=_("%(actor)s sent the registration of %(customer)s to review"),
    public=["customer", "note"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class DealSentToReview:
    customer: str
    note: str
    rule: str
    conflict_level: str


@event_kind(
    "dealreg.deal_approved",
    sentence=_("%(decided_by)s approved the registration of %(customer)s"),
    public=["customer", "note", "decided_by", "protected_until"],
    spoken={"decided_by": in_readers_words},
    tone="good",
)
@dataclass(frozen=True, slots=True)
class DealApproved:
    """`protected_until` is the moment at which the protection ends."""

    customer: str
    note: str
    decided_by: str
    rule: str
    protected_until: dt.datetime


@event_kind(
    "dealreg.deal_declined",
    sentence=_("%(decided_by)s declined the registration of %(customer)s"),
    public=["customer", "note", "decided_by"],
    spoken={"decided_by": in_readers_words},
    tone="bad",
)
@dataclass(frozen=True, slots=True)
class DealDeclined:
    customer: str
    note: str
    decided_by: str
    rule: str
    reason: str


@event_kind(
    "dealreg.deal_sent_back",
    sentence=_("%(decided_by)s asked for more about %(customer)s"),
    public=["customer", "note", "decided_by", "asked_for"],
    spoken={"decided_by": in_readers_words},
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class DealSentBack:
    """`asked_for` names the fields that the partner is asked to complete."""

    customer: str
    note: str
    decided_by: str
    rule: str
    asked_for: list[str]


@event_kind(
    "dealreg.answer_reminded",
    sentence=_("%(customer)s waits for what was asked for"),
    public=["customer", "note", "until"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class AnswerReminded:
    """`until` is the moment at which the registration is withdrawn without an answer."""

    customer: str
    note: str
    until: dt.datetime


@event_kind(
    "dealreg.answer_missed",
    sentence=_("Nobody completed the registration of %(customer)s in %(days)s days"),
    public=["customer", "days"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class AnswerMissed:
    customer: str
    days: int


@event_kind(
    "dealreg.deal_withdrawn",
    sentence=_("%(actor)s withdrew the registration of %(customer)s"),
    public=["customer", "note"],
)
@dataclass(frozen=True, slots=True)
class DealWithdrawn:
    customer: str
    note: str
    old_status: str


@event_kind(
    "dealreg.file_attached",
    sentence=_("%(actor)s attached %(name)s"),
    public=["name"],
)
@dataclass(frozen=True, slots=True)
class FileAttached:
    name: str
    file_id: str
