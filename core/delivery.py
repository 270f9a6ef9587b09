"""Letting handlers hear events: from due delivery rows to their effects.

The effect of a handler and the "done" of its row are one transaction, so a worker killed at
any moment leaves either both or neither. New rows share a transaction, each in a savepoint;
a row that was tried before runs alone (see core/queue.py).
"""

import datetime as dt
import time
import traceback
from collections.abc import Iterable

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction

from core import queue
from core.bell import ring, ring_on_commit
from core.events import DELIVER_EVENTS, UnknownEventKind, recorded, subscription
from core.models import Event, EventDelivery

log = structlog.get_logger(__name__)

PACE = queue.Pace(lease=dt.timedelta(seconds=10), pauses=queue.seconds(2, 5, 15, 30))
BATCH = 200
# A batch ends early, so that the rows its handlers touch are not locked for long.
BATCH_SECONDS = 0.5
# A handler works on our own tables only. One that waits this long waits in vain.
HANDLER_LIMITS = "SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '30s'"


def deliver_due(*, seconds: float = 20.0) -> int:
    """Runs the handlers of due deliveries until none is due or the time is up.

    Returns how many were done. Safe to run anywhere, any number of times at once.
    """
    stop = time.monotonic() + seconds
    done, size, invited = 0, BATCH, False
    queue.park_spent(EventDelivery, PACE)
    while time.monotonic() < stop:
        new = queue.claim_new(EventDelivery, size, PACE)
        if len(new) == BATCH and not invited:
            # There is more than one worker's share: another may help.
            invited = ring(DELIVER_EVENTS)
        if new:
            handled = deliver_together(new)
            done += handled
            size = min(BATCH, max(10, 2 * handled))
        again = queue.claim_again(EventDelivery, PACE)
        if again:
            done += deliver_alone(again)
        if not new and not again:
            break
    return done


def deliver_together(deliveries: list[EventDelivery]) -> int:
    """One transaction for all; returns how many were done.

    What one handler spoils for all (a deferred constraint, the connection) makes all run
    alone; what it spoils for itself is undone to its savepoint.
    """
    try:
        with transaction.atomic(durable=True):
            limit_handlers()
            return _deliver_held(deliveries)
    except Exception as error:
        # After a commit that did get through, all are done and this changes nothing.
        queue.separate(deliveries, told(error))
        log.warning("deliveries_separated", count=len(deliveries), error=str(error))
        return 0


def _deliver_held(deliveries: list[EventDelivery]) -> int:
    stop = time.monotonic() + BATCH_SECONDS
    held = queue.hold(EventDelivery, deliveries)
    events = Event.objects.in_bulk({delivery.event_id for delivery in held})
    done: list[EventDelivery] = []
    for place, delivery in enumerate(held):
        if time.monotonic() > stop:
            queue.give_back(held[place:])
            break
        try:
            with transaction.atomic():
                hear(delivery, events[delivery.event_id])
        except Exception as error:
            set_aside(delivery, error)
        else:
            done.append(delivery)
    if done:
        queue.finish(done)
    return len(done)


def deliver_alone(delivery: EventDelivery) -> int:
    """One delivery in a transaction of its own; 1 when it was done."""
    try:
        with transaction.atomic(durable=True):
            limit_handlers()
            if not queue.hold(EventDelivery, [delivery]):
                return 0
            hear(delivery, delivery.event)
            queue.finish([delivery])
    except Exception as error:
        set_aside(delivery, error)
        return 0
    return 1


def limit_handlers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(HANDLER_LIMITS)


class UnknownHandler(LookupError):
    """No installed app has a handler of that name."""


def hear(delivery: EventDelivery, event: Event) -> None:
    heard = subscription(delivery.handler)
    if heard is None:
        raise UnknownHandler(f"No installed app has the handler {delivery.handler}.")
    heard.handler(recorded(event))


def set_aside(delivery: EventDelivery, error: Exception) -> None:
    """For a later attempt, or for somebody to look at when no attempt can help."""
    if isinstance(error, UnknownHandler | UnknownEventKind):
        queue.park(delivery, str(error))
        return
    queue.fail(delivery, told(error), PACE)
    log.warning(
        "delivery_failed",
        delivery=delivery.pk,
        handler=delivery.handler,
        attempt=delivery.attempts,
        timed_out=isinstance(error, SoftTimeLimitExceeded),
        exc_info=error,
    )


def told(error: Exception) -> str:
    return "".join(traceback.format_exception(error))


def rerun(keys: Iterable[int]) -> int:
    """Has parked deliveries tried again, with all their attempts; returns how many were parked."""
    with transaction.atomic():
        waiting = queue.rerun(EventDelivery, keys)
        ring_on_commit(DELIVER_EVENTS)
    return waiting
