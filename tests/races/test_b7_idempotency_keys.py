"""B7: programs that send their calls again and again; each key does its work once."""

import datetime as dt
import random
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from core import fsck
from core.api import idempotency
from core.models import Event, IdempotentCall, User
from dealreg.models import Deal, ProductLine
from tests.cast import token_of
from tests.races.rig import sellers

pytestmark = pytest.mark.django_db(transaction=True)

ABREAST = 8


@pytest.fixture(autouse=True)
def _calls_without_end(settings):
    settings.API_CALLS_A_MINUTE = 1_000_000


@pytest.fixture
def tokens(rules) -> list[str]:
    ProductLine.objects.create(code="cloud", name="Cloud")
    sellers(4)
    return [token_of(user, "deals:write").secret for user in User.objects.order_by("pk")]


def body(number: int, amount: str = "12800.00") -> dict[str, object]:
    return {
        "customer": {"name": f"Customer {number} Works", "country": "DE"},
        "product_line": "cloud",
        "amount": amount,
        "currency": "EUR",
        "expected_close": (timezone.localdate() + dt.timedelta(days=30)).isoformat(),
    }


def post(token: str, number: int, **changes: str) -> tuple[int, int, bytes]:
    """(key's number, status, answer) of a registration under the key of that number."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"key-{number}"}
    answer = Client().post(
        "/api/v1/deals/", body(number, **changes), content_type="application/json", headers=headers
    )
    return number, answer.status_code, answer.content


def post_all(tokens: Sequence[str], posts: int, keys: int) -> list[tuple[int, int, bytes]]:
    """So many posts under so many keys, each key by one caller, in a shuffled order."""
    numbers = [n % keys for n in range(posts)]
    random.Random(7).shuffle(numbers)
    callers = [tokens[number % len(tokens)] for number in numbers]
    return at_once(list(zip(callers, numbers, strict=True)))


def at_once(calls: Sequence[tuple[str, int]]) -> list[tuple[int, int, bytes]]:
    with ThreadPoolExecutor(ABREAST) as pool:
        answers = list(pool.map(lambda call: post(*call), calls))
        everybody = threading.Barrier(len(pool._threads))
        list(pool.map(lambda _n: leave(everybody), range(everybody.parties)))
    return answers


def leave(everybody: threading.Barrier) -> None:
    """Closes each thread's own connection, so that the database can be emptied."""
    everybody.wait(30)
    connection.close()


def assert_once_each(answers: list[tuple[int, int, bytes]], keys: int) -> None:
    assert Counter(status for _n, status, _body in answers).keys() <= {201, 409}
    told = {(number, content) for number, status, content in answers if status == 201}
    assert len(told) == keys
    assert Deal.objects.count() == IdempotentCall.objects.count() == keys
    assert Event.objects.filter(kind="dealreg.deal_registered").count() == keys
    assert list(fsck.findings(only=["dealreg.protections", "dealreg.decisions"])) == []


def test_b7_eighty_posts_with_ten_keys(tokens):
    assert_once_each(post_all(tokens, posts=80, keys=10), keys=10)


@pytest.mark.slow
def test_b7_ten_thousand_posts_with_a_thousand_keys(tokens):
    assert_once_each(post_all(tokens, posts=10_000, keys=1_000), keys=1_000)
    refused = [post(tokens[n % len(tokens)], n, amount="1.00")[1] for n in range(50)]

    assert refused == [422] * 50
    assert Deal.objects.count() == 1_000


def test_b7_without_the_guard_each_post_registers(tokens, monkeypatch):
    """The control: the header is not looked at."""
    monkeypatch.setattr(idempotency, "key_of", lambda _request: None)
    answers = post_all(tokens, posts=40, keys=10)

    assert {status for _n, status, _body in answers} == {201}
    assert Deal.objects.count() == 40


def test_b7_the_constraint_alone_holds_where_the_lock_does_not(tokens, monkeypatch):
    """Both have looked and found nothing; the second to write is sent away with its work."""
    everybody_looked = threading.Barrier(2)

    def look_together(_caller, _key):
        everybody_looked.wait(20)
        return True

    monkeypatch.setattr(idempotency, "hold_key", look_together)
    answers = at_once([(tokens[0], 1)] * 2)

    assert Deal.objects.count() == 1
    assert {status for _n, status, _body in answers} <= {201, 409}
