"""Ringing a worker once the transaction is through.

A bell that is not heard costs time, never work: what is due stands in PostgreSQL, and beat
looks for it every few seconds. So a ring neither waits long nor repeats itself: while one is
unanswered, others add nothing.
"""

import time

import redis
import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

# After a failed ring the process stops trying for a while, so that no page waits for a Redis
# that is away.
QUIET_SECONDS = 10.0
# How long a page waits for a Redis that does not answer.
PATIENCE_SECONDS = 1.0
# A ring whose message got lost stops others for this long.
UNANSWERED_SECONDS = 5


class _Quiet:
    until = 0.0


_redis = redis.Redis.from_url(
    settings.REDIS_URL,
    socket_connect_timeout=PATIENCE_SECONDS,
    socket_timeout=PATIENCE_SECONDS,
    retry=Retry(NoBackoff(), 0),
)


def ring_on_commit(task: str) -> None:
    """Rings `task` once after the current transaction commits, however often it is asked."""
    pending = transaction.get_connection().run_on_commit
    if any(getattr(function, "rings", None) == task for _sids, function, _robust in pending):
        return

    def bell() -> None:
        ring(task)

    bell.rings = task  # type: ignore[attr-defined]
    transaction.on_commit(bell, robust=True)


def ring(task: str) -> bool:
    """Has some worker run `task` soon; False when the queue could not be reached."""
    if time.monotonic() < _Quiet.until:
        return False
    try:
        if _redis.set(unanswered(task), 1, nx=True, ex=UNANSWERED_SECONDS):
            current_app.send_task(task, retry=False, ignore_result=True)
    except (redis.RedisError, OperationalError, OSError) as error:
        _Quiet.until = time.monotonic() + QUIET_SECONDS
        log.warning("bell_not_heard", task=task, error=str(error))
        return False
    return True


def answer(task: str) -> None:
    """Called by the task before it looks for work: whoever rings from now on is heard anew."""
    try:
        _redis.delete(unanswered(task))
    except (redis.RedisError, OSError) as error:
        log.warning("bell_not_answered", task=task, error=str(error))


def unanswered(task: str) -> str:
    return f"prm:bell:{task}"
