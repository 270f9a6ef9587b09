"""What the protection of a deal announces."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.spoken import stored_day
from core.system_names import in_readers_words, label_of
from dealreg.rules.protection import EvidenceKind


@event_kind(
    "dealreg.evidence_added",
    sentence=_("%(actor)s added evidence: %(kind)s, %(dated_on)s"),
    public=["kind", "dated_on", "note"],
    spoken={"kind": label_of(EvidenceKind.choices), "dated_on": stored_day},
    tone="info",
)
@dataclass(frozen=True, slots=True)
class EvidenceAdded:
    kind: str
    dated_on: dt.date
    note: str


@event_kind(
    "dealreg.extension_asked",
    sentence=_("%(actor)s asked to protect %(customer)s longer"),
    public=["customer", "note"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class ExtensionAsked:
    customer: str
    note: str


@event_kind(
    "dealreg.protection_extended",
    sentence=_("%(decided_by)s extended the protection of %(customer)s until %(protected_until)s"),
    public=["customer", "note", "decided_by", "days", "protected_until"],
    spoken={"decided_by": in_readers_words, "protected_until": stored_day},
    tone="good",
)
@dataclass(frozen=True, slots=True)
class ProtectionExtended:
    """`protected_until` is the new end, `days` by how much later it is."""

    customer: str
    note: str
    decided_by: str
    days: int
    protected_until: dt.datetime


@event_kind(
    "dealreg.extension_declined",
    sentence=_("%(decided_by)s did not extend the protection of %(customer)s"),
    public=["customer", "note", "decided_by"],
    tone="bad",
)
@dataclass(frozen=True, slots=True)
class ExtensionDeclined:
    customer: str
    note: str
    decided_by: str


@event_kind(
    "dealreg.protection_ends_soon",
    sentence=_("The protection of %(customer)s ends on %(until)s"),
    public=["customer", "days", "until"],
    spoken={"until": stored_day},
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class ProtectionEndsSoon:
    """`days` are those that were left, begun ones counted."""

    customer: str
    days: int
    until: dt.datetime


@event_kind(
    "dealreg.deal_lapsed",
    sentence=_("The protection of %(customer)s lapsed"),
    public=["customer", "ended_at"],
    tone="bad",
)
@dataclass(frozen=True, slots=True)
class DealLapsed:
    """The protection ended at `ended_at` while the sale was open; the customer is free."""

    customer: str
    ended_at: dt.datetime


@event_kind(
    "dealreg.deal_registered_again",
    sentence=_("%(actor)s began to register the deal again as %(reference)s"),
    public=["reference"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class DealRegisteredAgain:
    """`reference` is that of the new registration."""

    reference: str


@event_kind(
    "dealreg.customer_asked",
    sentence=_("%(actor)s asked the customer at %(address)s to confirm"),
    public=["address"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class CustomerAsked:
    address: str


@event_kind(
    "dealreg.customer_confirmed",
    sentence=_("The customer confirmed its partner from %(address)s"),
    public=["address"],
    tone="good",
)
@dataclass(frozen=True, slots=True)
class CustomerConfirmed:
    address: str


@event_kind(
    "dealreg.customer_denied",
    sentence=_("The customer said from %(address)s that this is not its partner"),
    staff_only=True,
    tone="bad",
)
@dataclass(frozen=True, slots=True)
class CustomerDenied:
    """For the channel manager: the partner is not told."""

    address: str
    customer: str
