"""What the worker of S7 loads: a trivial handler, and a task that does nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import redis
from celery import shared_task
from django.conf import settings
from django.db import connection, transaction

from core.actor import system
from core.events import NewEvent, RecordedEvent, event_kind, hears, record_many
from core.models import User

LOST_AFTER = 120.0
QUEUE = "bench"

broker = redis.Redis.from_url(settings.REDIS_URL)


@event_kind("bench.happened", sentence="bench")
@dataclass(frozen=True, slots=True)
class Happened:
    number: int


@hears(Happened, name="bench.write_one_row")
def write_one_row(event: RecordedEvent[Happened]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_effect VALUES (%s)", [event.payload.number])


@shared_task(name="bench.empty")
def empty() -> None:
    pass


def make_table() -> None:
    execute("CREATE TABLE IF NOT EXISTS bench_effect (number int NOT NULL)")


def drop_table() -> None:
    execute("DROP TABLE bench_effect")


def run_events(count: int) -> float:
    """Events heard per second, from the commit to the last effect."""
    execute("TRUNCATE bench_effect")
    news = [NewEvent(Happened(number), User(pk=1)) for number in range(count)]
    with transaction.atomic():
        record_many(news, actor=system("bench"))
        began = time.perf_counter()
    wait_until(lambda: rows() >= count)
    return count / (time.perf_counter() - began)


def run_empty_tasks(count: int) -> float:
    """Empty tasks run per second, all in their queue before the worker is told of it."""
    with empty.app.connection_for_write() as connected:
        for _ in range(count):
            empty.apply_async(connection=connected, ignore_result=True, queue=QUEUE)
    began = time.perf_counter()
    empty.app.control.add_consumer(QUEUE)
    wait_until(lambda: waiting_messages() == 0)
    rate = count / (time.perf_counter() - began)
    empty.app.control.cancel_consumer(QUEUE)
    return rate


def waiting_messages() -> int:
    """Messages that are queued, or run and not yet acknowledged."""
    return int(broker.llen(QUEUE)) + int(broker.hlen("unacked"))


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LOST_AFTER
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("The worker does not get through.")
        time.sleep(0.02)


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_effect")
        return int(cursor.fetchone()[0])


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
