"""Measuring how long registrations wait for a person."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.actor import Actor
from dealreg.models import Deal, Decision, ReviewClock
from dealreg.rules.states import DealStatus, DecisionOrigin, Outcome
from dealreg.service_levels import level_of
from partners.queries import calendar_of, region_of
from partners.rules import Calendar, add_business_days, business_hours_between


@dataclass(frozen=True, slots=True)
class Promise:
    """What counts for a partner: its region, its working time, and the days in which a decision
    is due."""

    region_id: int
    calendar: Calendar
    decision_days: int


def promise_to(partner_id: int) -> Promise:
    region_id, path = region_of(partner_id)
    return Promise(region_id, calendar_of(path), level_of(path).decision_days)


@transaction.atomic
def keep_clocks(*, actor: Actor, deal_id: int, promise: Promise | None = None) -> None:
    """Brings the clocks of one deal in step with its decisions: each that sent it to review
    starts one, the next one stops it. Safe to run any number of times, in any order.

    `actor` is the portal itself: nobody sets a clock by hand.
    """
    if not actor.is_system:
        raise PermissionDenied("Clocks follow from decisions.")
    deal = Deal.objects.select_for_update(no_key=True).get(pk=deal_id)
    decisions = list(deal.decisions.order_by("id"))
    waits = [
        (one, after)
        for one, after in zip(decisions, [*decisions[1:], None], strict=True)
        if one.outcome == Outcome.REVIEW
    ]
    known = {clock.pk: clock for clock in deal.clocks.all()}
    for decision, answer in waits:
        clock = known.get(decision.pk)
        if clock is not None and clock.stopped_at is not None:
            continue
        promise = promise or promise_to(deal.partner_id)
        _keep(deal, decision, answer, promise)


def _keep(deal: Deal, decision: Decision, answer: Decision | None, promise: Promise) -> None:
    began = decision.decided_at
    due = add_business_days(began, promise.decision_days, promise.calendar)
    stopped, minutes = None, None
    if answer is not None:
        stopped = max(answer.decided_at, began)
        if answer.origin == DecisionOrigin.PERSON:
            minutes = int(
                business_hours_between(began, stopped, promise.calendar) / dt.timedelta(minutes=1)
            )
    elif deal.status != DealStatus.IN_REVIEW:
        stopped = max(deal.updated_at, began)
    ReviewClock.objects.update_or_create(
        pk=decision.pk,
        defaults={
            "deal": deal,
            "region_id": promise.region_id,
            "started_at": began,
            "due_at": due,
            "stopped_at": stopped,
            "minutes": minutes,
            "in_time": None if minutes is None or stopped is None else stopped <= due,
        },
    )


def catch_up_clocks(*, actor: Actor) -> int:
    """Starts, and stops, the clocks of all registrations that were brought in without events;
    returns how many. For imports and the example, not for while somebody waits."""
    waited = Decision.objects.filter(outcome=Outcome.REVIEW, clock__isnull=True)
    promises: dict[int, Promise] = {}
    number = 0
    rows = waited.order_by("deal_id").values_list("deal_id", "deal__partner_id").distinct()
    for deal_id, partner_id in rows.iterator(chunk_size=2000):
        if partner_id not in promises:
            promises[partner_id] = promise_to(partner_id)
        keep_clocks(actor=actor, deal_id=deal_id, promise=promises[partner_id])
        number += 1
    return number
