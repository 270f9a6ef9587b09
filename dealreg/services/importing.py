"""History from elsewhere: customers and deals with what happened to them, many at once.

What was imported before (by its reference) is left as it is, so that an import can be run
again, also after it was cut short. Nothing is judged anew, and imported facts that have no
listeners tell nobody.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from core.actor import Actor, system
from core.appointments import make_appointments
from core.events import NewEvent, record_many
from core.own_fields.values import OwnValue
from dealreg.events import AccountCreated, DealLapsed, ProductLineAdded
from dealreg.models import Account, Deal, Decision, ProductLine, Protection, SaleChange
from dealreg.models.deals import DealSource
from dealreg.rules.names import name_key
from dealreg.rules.sale import SaleField
from dealreg.rules.states import (
    OPEN_STAGES,
    SELLING,
    DealStage,
    DealStatus,
    DecisionOrigin,
    Outcome,
)
from dealreg.services.indexing import copy_keys
from dealreg.services.own_values import write_past_answers
from dealreg.services.protecting import CLOCK, appointments_for, runs

BATCH = 2000
ONE_IMPORT_AT_A_TIME = 7002


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


@transaction.atomic
def import_product_lines(*, actor: Actor, lines: Mapping[str, str]) -> dict[str, int]:
    """Adds product lines (code → name) that are not there; answers code → id for all."""
    wait_for_other_imports()
    known = set(ProductLine.objects.filter(code__in=lines).values_list("code", flat=True))
    rows = ProductLine.objects.bulk_create(
        ProductLine(code=code, name=name) for code, name in lines.items() if code not in known
    )
    record_many([NewEvent(ProductLineAdded(row.code, row.name), row) for row in rows], actor=actor)
    return dict(ProductLine.objects.filter(code__in=lines).values_list("code", "id"))


@transaction.atomic
def import_accounts(*, actor: Actor, accounts: Sequence[PastAccount]) -> Imported:
    """Adds customers and joins them to their parents.

    A customer that the portal knows already, by name and country and without a reference, is
    taken over instead of being added a second time.
    """
    wait_for_other_imports()
    ids = {str(row.external_ref): row.merged_into_id or row.pk for row in _accounts(accounts)}
    missing = [one for one in accounts if one.ref not in ids]
    adopted = _adopt(missing)
    rows = Account.objects.bulk_create(
        [
            Account(
                name=one.name,
                name_key=name_key(one.name),
                domain=one.domain,
                country=one.country,
                sector=one.sector,
                employees=one.employees,
                external_ref=one.ref,
                created_at=one.created_at,
            )
            for one in missing
            if one.ref not in adopted
        ],
        batch_size=BATCH,
    )
    copy_keys(rows)
    record_many(
        [
            NewEvent(AccountCreated(row.name, row.domain, row.country), row, None, row.created_at)
            for row in rows
        ],
        actor=actor,
    )
    added = {str(row.external_ref): row.pk for row in rows}
    ids |= adopted | added
    _join_parents([one for one in missing if one.parent], ids)
    return Imported(ids, frozenset(added), frozenset(adopted))


def _adopt(missing: Sequence[PastAccount]) -> dict[str, int]:
    """Gives a reference to customers that partners brought in before the import."""
    wanted = {(name_key(one.name), one.country): one for one in missing}
    rows = Account.objects.filter(
        external_ref__isnull=True,
        merged_into__isnull=True,
        name_key__in={key for key, _country in wanted},
    ).order_by("id")
    adopted: dict[str, int] = {}
    for row in rows:
        one = wanted.pop((row.name_key, row.country), None)
        if one is None:
            continue
        row.external_ref = one.ref
        row.sector = row.sector or one.sector
        row.employees = row.employees if row.employees is not None else one.employees
        row.save(update_fields=["external_ref", "sector", "employees"])
        adopted[one.ref] = row.pk
    return adopted


def _join_parents(children: Sequence[PastAccount], ids: Mapping[str, int]) -> None:
    rows = {str(row.external_ref): row for row in _accounts(children) if not row.merged_into_id}
    changed = []
    for child in children:
        row, parent_id = rows.get(child.ref), ids.get(child.parent)
        if row is not None and row.parent_id is None and parent_id not in (None, row.pk):
            row.parent_id = parent_id
            changed.append(row)
    Account.objects.bulk_update(changed, ["parent"], batch_size=BATCH)


def _accounts(accounts: Sequence[PastAccount]) -> Iterable[Account]:
    return Account.objects.filter(external_ref__in=[one.ref for one in accounts])


@transaction.atomic
def import_deals(*, actor: Actor, deals: Sequence[PastDeal]) -> Imported:
    """Adds deals with their decisions, protections and events: all of them or none. Those whose
    protection has ended while their sale was open come in as lapsed.

    Deals whose reference is known are left as they are. Raises IntegrityError for a deal
    that the tables refuse.
    """
    wait_for_other_imports()
    there = Deal.objects.filter(external_ref__in=[one.ref for one in deals])
    known = {str(ref): pk for ref, pk in there.values_list("external_ref", "id")}
    now = timezone.now()
    missing = [_with_its_lapse(one, now) for one in deals if one.ref not in known]
    rows = Deal.objects.bulk_create([_deal(one) for one in missing], batch_size=BATCH)
    pairs = list(zip(rows, missing, strict=True))
    Decision.objects.bulk_create(
        [_decision(row, decision) for row, one in pairs for decision in one.decisions],
        batch_size=BATCH,
    )
    Protection.objects.bulk_create(
        [_protection(row, one.protection) for row, one in pairs if one.protection],
        batch_size=BATCH,
    )
    _follow(pairs)
    SaleChange.objects.bulk_create(
        [_change(row, change) for row, one in pairs for change in one.changes],
        batch_size=BATCH,
    )
    write_past_answers([(row, one.own_values) for row, one in pairs])
    _record(pairs, actor)
    added = {one.ref: row.pk for row, one in pairs}
    return Imported(known | added, frozenset(added))


def _deal(one: PastDeal) -> Deal:
    return Deal(
        external_ref=one.ref,
        partner_id=one.partner_id,
        status=one.status,
        stage=one.stage,
        account_id=one.account_id,
        product_line_id=one.product_line_id,
        customer_name=one.customer_name,
        customer_domain=one.customer_domain,
        customer_country=one.customer_country,
        amount=one.amount,
        currency=one.currency,
        expected_close=one.expected_close,
        description=one.description,
        public_sector=one.public_sector,
        customer_consent=one.customer_consent,
        closed_on=one.closed_on,
        closed_amount=one.closed_amount,
        submitted_at=one.submitted_at,
        decided_at=one.decided_at,
        decided_by=one.decided_by,
        created_by_id=one.created_by_id,
        created_at=one.created_at,
        updated_at=one.updated_at,
        source=one.source,
        probability=one.probability,
        next_step=one.next_step,
        next_step_on=one.next_step_on,
        sale_updated_at=one.updated_at if one.status in SELLING else None,
    )


def _change(deal: Deal, one: PastChange) -> SaleChange:
    return SaleChange(
        deal=deal,
        field=one.field,
        old=one.old,
        new=one.new,
        why=one.why,
        who=one.who,
        changed_by_id=one.changed_by_id,
        at=one.at,
    )


def _decision(deal: Deal, one: PastDecision) -> Decision:
    return Decision(
        deal=deal,
        origin=one.origin,
        outcome=one.outcome,
        book_id=one.book_id,
        rule=one.rule,
        reason=one.reason,
        message=one.message,
        conflict_level=one.conflict_level,
        facts=dict(one.facts),
        trace=list(one.trace),
        decided_by_id=one.decided_by_id,
        decided_at=one.at,
    )


def _protection(deal: Deal, one: PastProtection) -> Protection:
    return Protection(
        deal=deal,
        partner_id=deal.partner_id,
        account_id=deal.account_id or 0,
        product_line_id=deal.product_line_id or 0,
        period=DateTimeTZRange(one.since, one.until),
        released_at=one.released_at,
        book_id=one.book_id,
        margin=one.margin,
        extensions=one.extensions,
    )


def _follow(pairs: Sequence[tuple[Deal, PastDeal]]) -> None:
    """Has the protections that still run end and be reminded of like all others."""
    now = timezone.now()
    make_appointments(
        appointment
        for row, one in pairs
        if one.protection and one.protection.released_at is None and runs(row)
        for appointment in appointments_for(row, one.protection.until, now)
    )


def lapsed_by_now(one: PastDeal, now: dt.datetime) -> bool:
    """Whether its protection has ended while its sale was open: old news by now."""
    past = one.protection
    return (
        past is not None
        and past.released_at is None
        and past.until <= now
        and one.status == DealStatus.APPROVED
        and one.stage in OPEN_STAGES
    )


def _with_its_lapse(one: PastDeal, now: dt.datetime) -> PastDeal:
    if one.protection is None or not lapsed_by_now(one, now):
        return one
    until = one.protection.until
    lapsed = PastEvent(DealLapsed(one.customer_name, until), until, system(CLOCK))
    return replace(
        one,
        status=DealStatus.LAPSED,
        updated_at=max(one.updated_at, until),
        events=(*one.events, lapsed),
    )


def _record(pairs: Sequence[tuple[Deal, PastDeal]], importer: Actor) -> None:
    """Writes the events, each in its own actor's name, in the order in which they happened."""
    news = [
        NewEvent(event.payload, row, row.partner_id, event.at, event.actor)
        for row, one in pairs
        for event in sorted(one.events, key=lambda event: event.at)
    ]
    record_many(news, actor=importer)


def wait_for_other_imports() -> None:
    """Two imports at once would both find a reference missing; the second waits its turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_IMPORT_AT_A_TIME])
