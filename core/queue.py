"""Claiming, finishing and parking rows of work (QueuedRow).

A claim is one committed statement that counts the attempt before any work is done, so work
that kills its process is counted too. A new row may be claimed with others; a row that was
tried before is claimed alone, so that one bad row cannot wear out the attempts of its
neighbours. While a worker works it holds its rows' locks (`hold`); the lease only covers the
moment between the claim and those locks, and workers that hold none.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from django.db import connection, models, transaction
from django.db.models import F
from django.db.models.functions import Now

from core.models import QueuedRow, QueueState

Row = TypeVar("Row", bound=QueuedRow)
log = structlog.get_logger(__name__)

LONGEST_ERROR = 2000


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a claim holds, and the pauses after the first, second, … failed attempt.

    A row that failed once more than there are pauses is parked.
    """

    lease: dt.timedelta
    pauses: tuple[dt.timedelta, ...]

    @property
    def attempts(self) -> int:
        return len(self.pauses) + 1


def seconds(*numbers: float) -> tuple[dt.timedelta, ...]:
    return tuple(dt.timedelta(seconds=number) for number in numbers)


# `statement_timestamp` because PostgreSQL may search an index with it, and because unlike
# `now` it moves on inside a transaction.
CLAIM_NEW = """
WITH due AS MATERIALIZED (
    SELECT {key} FROM {table}
    WHERE state = 'waiting' AND attempts = 0 AND due_at <= statement_timestamp()
    ORDER BY due_at, {key} LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE {table} AS work
SET state = 'running', attempts = 1, leased_until = statement_timestamp() + %(lease)s
FROM due WHERE work.{key} = due.{key} RETURNING work.*
"""
CLAIM_AGAIN = """
WITH due AS MATERIALIZED (
    (SELECT {key}, due_at FROM {table}
     WHERE state = 'waiting' AND attempts > 0 AND due_at <= statement_timestamp()
     ORDER BY due_at, {key} LIMIT 1 FOR UPDATE SKIP LOCKED)
), abandoned AS MATERIALIZED (
    SELECT {key} FROM {table}
    WHERE state = 'running' AND leased_until <= statement_timestamp() AND attempts < %(attempts)s
      AND NOT EXISTS (SELECT 1 FROM due)
    ORDER BY leased_until, {key} LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE {table} AS work
SET state = 'running', attempts = attempts + 1,
    leased_until = statement_timestamp() + %(lease)s
FROM (SELECT {key} FROM due UNION ALL SELECT {key} FROM abandoned) AS one
WHERE work.{key} = one.{key} RETURNING work.*
"""
PARK_SPENT = """
WITH spent AS MATERIALIZED (
    SELECT {key} FROM {table}
    WHERE state = 'running' AND leased_until <= statement_timestamp() AND attempts >= %(attempts)s
    FOR UPDATE SKIP LOCKED
)
UPDATE {table} AS work SET state = 'parked', leased_until = NULL, last_error = %(error)s
FROM spent WHERE work.{key} = spent.{key} RETURNING work.{key}
"""
SPENT = "Every attempt ended with the end of its worker."


def claim_new(model: type[Row], limit: int, pace: Pace) -> list[Row]:
    """Up to `limit` rows that were never tried and are due, oldest first; now running."""
    return _claim(model, CLAIM_NEW, {"limit": limit, "lease": pace.lease})


def claim_again(model: type[Row], pace: Pace) -> Row | None:
    """One row whose earlier attempt failed or was cut short; now running once more."""
    rows = _claim(model, CLAIM_AGAIN, {"lease": pace.lease, "attempts": pace.attempts})
    return rows[0] if rows else None


def _claim(model: type[Row], sql: str, values: dict[str, Any]) -> list[Row]:
    # Durable: a claim that is still open when its work begins counts no attempt.
    with transaction.atomic(durable=True):
        rows = list(model._default_manager.raw(_for(model, sql), values))
    return sorted(rows, key=lambda row: (row.due_at, row.pk))


def park_spent(model: type[QueuedRow], pace: Pace) -> int:
    """Parks rows whose last allowed attempt killed its worker; returns how many."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_for(model, PARK_SPENT), {"attempts": pace.attempts, "error": SPENT})
        parked = [row[0] for row in cursor.fetchall()]
    if parked:
        log.error("work_parked", queue=model._meta.label, rows=[str(key) for key in parked[:20]])
    return len(parked)


def _for(model: type[QueuedRow], sql: str) -> str:
    """`sql` on the model's table. Nothing but names of our own models gets into it."""
    quote = connection.ops.quote_name
    meta = model._meta
    return sql.format(table=quote(meta.db_table), key=quote(str(meta.pk.column)))


def hold(model: type[Row], rows: Sequence[Row]) -> list[Row]:
    """Those of the claimed rows that are still this worker's, locked until the transaction ends.

    A row is lost to another worker when the lease ran out first. It waits for locks instead of
    skipping them: another worker's claim, looking at the same moment, holds rows that it finds
    taken until it has committed, and what is skipped here would lie until its lease ends. All
    take these locks in one order.
    """
    held = dict(
        model._default_manager.select_for_update()
        .filter(pk__in=[row.pk for row in rows], state=QueueState.RUNNING)
        .order_by("pk")
        .values_list("pk", "attempts")
    )
    return [row for row in rows if held.get(row.pk) == row.attempts]


def finish(rows: Sequence[QueuedRow], note: str = "", **last: Any) -> int:
    """Marks rows of one claim done, with the `last` values of other fields; returns how many
    were still this worker's."""
    return _claimed(rows).update(
        state=QueueState.DONE, finished_at=Now(), leased_until=None, last_error=note, **last
    )


def fail(row: QueuedRow, error: str, pace: Pace) -> None:
    """Puts a claimed row back for a later attempt, or parks it after the last."""
    if row.attempts >= pace.attempts:
        park(row, error)
        return
    _claimed([row]).update(
        state=QueueState.WAITING,
        due_at=Now() + pace.pauses[row.attempts - 1],
        leased_until=None,
        last_error=bounded(error),
    )


def park(row: QueuedRow, error: str) -> None:
    """Takes a claimed row out of the queue until somebody has it run again."""
    parked = _claimed([row]).update(
        state=QueueState.PARKED, leased_until=None, last_error=bounded(error)
    )
    if parked:
        log.error("work_parked", queue=row._meta.label, rows=[str(row.pk)], error=error[-300:])


def give_back(
    rows: Sequence[QueuedRow], *, after: dt.timedelta = dt.timedelta(0), error: str = ""
) -> int:
    """Puts claimed rows back untried: the attempt does not count."""
    return _claimed(rows).update(
        state=QueueState.WAITING,
        attempts=F("attempts") - 1,
        due_at=Now() + after,
        leased_until=None,
        last_error=bounded(error),
    )


def separate(rows: Sequence[QueuedRow], error: str) -> int:
    """Puts claimed rows back to be tried at once, each alone: together they failed."""
    return _claimed(rows).update(
        state=QueueState.WAITING, due_at=Now(), leased_until=None, last_error=bounded(error)
    )


def _claimed(rows: Sequence[QueuedRow]) -> models.QuerySet[Any]:
    """The rows of one claim as long as it holds; `attempts` tells it from a later claim."""
    first = rows[0]
    return type(first)._default_manager.filter(
        pk__in=[row.pk for row in rows], state=QueueState.RUNNING, attempts=first.attempts
    )


def rerun(model: type[QueuedRow], keys: Iterable[Any]) -> int:
    """Puts parked rows back with all their attempts; returns how many were parked.

    The caller rings the queue's bell on commit.
    """
    return model._default_manager.filter(pk__in=list(keys), state=QueueState.PARKED).update(
        state=QueueState.WAITING, attempts=0, due_at=Now(), last_error=""
    )


def bounded(error: str) -> str:
    """The end of an error's text, where the cause is; without NUL, which the database refuses."""
    return error.replace("\x00", "")[-LONGEST_ERROR:]
