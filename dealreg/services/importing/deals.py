"""Deals from elsewhere, with their decisions, protections and events."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from core.actor import Actor, system
from core.appointments import make_appointments
from core.events import NewEvent, record_many
from dealreg.events import DealLapsed
from dealreg.models import Deal, Decision, Protection, SaleChange
from dealreg.rules.states import OPEN_STAGES, SELLING, DealStatus
from dealreg.services.importing.past import (
    Imported,
    PastChange,
    PastDeal,
    PastDecision,
    PastEvent,
    PastProtection,
)
from dealreg.services.importing.turns import BATCH, wait_for_other_imports
from dealreg.services.own_values import write_past_answers
from dealreg.services.protecting import CLOCK, appointments_for, runs


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
