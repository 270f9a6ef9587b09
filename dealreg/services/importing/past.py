"""Customers and deals as they come from elsewhere, with their story."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.actor import Actor
from core.own_fields.values import OwnValue
from dealreg.models.deals import DealSource
from dealreg.rules.sale import SaleField
from dealreg.rules.states import DealStage, DealStatus, DecisionOrigin, Outcome


@dataclass(frozen=True, slots=True)
class PastAccount:
    """A customer as another system knows it. `ref` is its reference there, unique; `parent`
    the reference of the company that owns it."""

    ref: str
    name: str
    domain: str = ""
    country: str = ""
    sector: str = ""
    employees: int | None = None
    parent: str = ""
    created_at: dt.datetime = field(default_factory=timezone.now)


@dataclass(frozen=True, slots=True)
class PastDecision:
    outcome: Outcome
    message: str
    at: dt.datetime
    origin: DecisionOrigin = DecisionOrigin.IMPORT
    book_id: int | None = None
    rule: str = ""
    reason: str = ""
    conflict_level: str = "none"
    facts: Mapping[str, Any] = field(default_factory=dict)
    trace: Sequence[Mapping[str, Any]] = ()
    decided_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class PastProtection:
    since: dt.datetime
    until: dt.datetime
    released_at: dt.datetime | None = None
    book_id: int | None = None
    margin: Decimal | None = None
    extensions: int = 0


@dataclass(frozen=True, slots=True)
class PastChange:
    """One field of a sale as it changed; values as rules.sale.Change has them."""

    field: SaleField
    old: str
    new: str
    at: dt.datetime
    who: str
    why: str = ""
    changed_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class PastEvent:
    """`actor` None is whoever imports."""

    payload: object
    at: dt.datetime
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class PastDeal:
    """A deal as it stands, and its story. `ref` is unique; `account_id` is known unless it
    is a draft."""

    ref: str
    partner_id: int
    status: DealStatus
    created_at: dt.datetime
    updated_at: dt.datetime
    stage: DealStage = DealStage.PROSPECTING
    account_id: int | None = None
    product_line_id: int | None = None
    customer_name: str = ""
    customer_domain: str = ""
    customer_country: str = ""
    amount: Decimal | None = None
    currency: str = ""
    expected_close: dt.date | None = None
    description: str = ""
    public_sector: bool = False
    customer_consent: bool = False
    closed_on: dt.date | None = None
    closed_amount: Decimal | None = None
    submitted_at: dt.datetime | None = None
    decided_at: dt.datetime | None = None
    decided_by: str = ""
    created_by_id: int | None = None
    source: DealSource = DealSource.IMPORT
    decisions: tuple[PastDecision, ...] = ()
    protection: PastProtection | None = None
    events: tuple[PastEvent, ...] = ()
    changes: tuple[PastChange, ...] = ()
    probability: int | None = None
    next_step: str = ""
    next_step_on: dt.date | None = None
    own_values: Mapping[str, OwnValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """Ids by reference: of all that was given, and which of these are new. `adopted` are
    customers that the portal knew already and that now carry the reference."""

    ids: Mapping[str, int]
    new: frozenset[str]
    adopted: frozenset[str] = frozenset()
