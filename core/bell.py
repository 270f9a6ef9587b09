"""Ringing a worker once the transaction is through.

A bell that is not heard costs time, never work: what is due stands in PostgreSQL, and beat
looks for it every few seconds.
"""

import time

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

# After a failed ring the process stops trying for a while, so that a page does not wait for
# a Redis that is away.
QUIET_SECONDS = 5.0


class _Quiet:
    until = 0.0


def ring_on_commit(task: str) -> None:
    """Rings `task` once after the current transaction commits, however often it is asked."""
    connection = transaction.get_connection()
    pending = {
        getattr(function, "rings", None) for _sids, function, _robust in connection.run_on_commit
    }
    if task in pending:
        return

    def bell() -> None:
        ring(task)

    bell.rings = task  # type: ignore[attr-defined]
    transaction.on_commit(bell)


def ring(task: str) -> bool:
    """Asks any worker to run `task` now; False when the queue could not be reached."""
    if time.monotonic() < _Quiet.until:
        return False
    try:
        current_app.send_task(task, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        _Quiet.until = time.monotonic() + QUIET_SECONDS
        log.warning("bell_not_heard", task=task, error=str(error))
        return False
    return True
