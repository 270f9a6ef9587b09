"""A page that rings while Redis is away or silent goes on (F4); the next ones do not even wait."""

import socket
import time
from collections.abc import Iterator

import pytest
import redis
from celery import current_app
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from core import bell


def client(port: int) -> "redis.Redis":
    return redis.Redis(
        port=port,
        socket_connect_timeout=bell.PATIENCE_SECONDS,
        socket_timeout=bell.PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


@pytest.fixture
def sent(monkeypatch) -> Iterator[list[str]]:
    """The messages that rings would have published; the bell of a test is its own."""
    monkeypatch.setattr(bell._Quiet, "until", 0.0)
    messages: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda task, **_how: messages.append(task))
    bell.answer("trial")
    yield messages
    redis.Redis.from_url(settings.REDIS_URL).delete(bell.unanswered("trial"))


def timed_ring() -> tuple[bool, float]:
    began = time.monotonic()
    heard = bell.ring("trial")
    return heard, time.monotonic() - began


@pytest.fixture(params=["gone", "silent", "deaf"])
def away(request, monkeypatch) -> Iterator[None]:
    """No server, one that takes the connection and says nothing, one that takes none."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        callers = []
        if request.param != "gone":
            server.listen(0 if request.param == "deaf" else 8)
        if request.param == "deaf":
            callers = [fill(server.getsockname()) for _ in range(4)]
        monkeypatch.setattr(bell, "_redis", client(server.getsockname()[1]))
        yield
        for caller in callers:
            caller.close()


def fill(address: tuple[str, int]) -> socket.socket:
    caller = socket.socket()
    caller.setblocking(False)
    caller.connect_ex(address)
    return caller


def test_a_ring_publishes_one_message_until_it_is_answered(sent):
    assert [bell.ring("trial"), bell.ring("trial")] == [True, True]
    assert sent == ["trial"]

    bell.answer("trial")
    bell.ring("trial")
    assert sent == ["trial", "trial"]


def test_f4_a_ring_that_is_not_heard_is_short_and_the_next_ones_are_free(sent, away):
    heard, seconds = timed_ring()
    assert not heard
    assert seconds < bell.PATIENCE_SECONDS + 0.9

    heard, seconds = timed_ring()
    assert not heard
    assert seconds < 0.1
    assert sent == []


def test_an_answer_that_is_not_heard_does_not_stop_the_task(away, sent):
    bell.answer("trial")


def test_the_bell_tries_again_after_its_quiet_time(sent, monkeypatch):
    monkeypatch.setattr(bell._Quiet, "until", time.monotonic() + 100)
    assert not bell.ring("trial")
    monkeypatch.setattr(bell._Quiet, "until", time.monotonic() - 1)

    assert bell.ring("trial")
