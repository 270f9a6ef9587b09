"""The same call of a program, sent again, is done once."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from core.api import idempotency
from core.models import Event, IdempotentCall
from dealreg.models import Deal
from tests.cast import bearer

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(rules, cast):
    def make(**changes):
        close = timezone.localdate() + dt.timedelta(days=30)
        return {
            "customer": {"name": "Nordwind GmbH", "domain": "nordwind.de", "country": "DE"},
            "product_line": "cloud",
            "amount": "12800.00",
            "currency": "EUR",
            "expected_close": close.isoformat(),
            **changes,
        }

    return make


@pytest.fixture
def post(client, cast):
    """Registers with a token of Jonas's (or of `by`) under `key`."""

    def send(body, key, by=None):
        headers = bearer(by or cast.jonas, "deals:read", "deals:write") | {"Idempotency-Key": key}
        return client.post("/api/v1/deals/", body, content_type="application/json", headers=headers)

    return send


def test_the_same_call_gets_the_same_answer_and_happens_once(post, body):
    key = str(uuid.uuid4())
    first, again = post(body(), key), post(dict(reversed(body().items())), key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert Deal.objects.count() == 1
    assert Event.objects.filter(kind="dealreg.deal_registered").count() == 1


def test_another_body_with_the_same_key_is_refused(post, body):
    post(body(), "first-of-november")
    refused = post(body(amount="12800.01"), "first-of-november")

    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:prm:problem:idempotency_key_reused"
    assert Deal.objects.count() == 1


def test_while_the_first_call_works_the_second_is_told_to_wait(post, body, monkeypatch):
    monkeypatch.setattr(idempotency, "hold_key", lambda _caller, _key: False)
    refused = post(body(), "busy")

    assert (refused.status_code, refused["Retry-After"]) == (409, "1")
    assert refused.json()["type"] == "urn:prm:problem:idempotency_key_in_use"
    assert not Deal.objects.exists()


def test_the_key_of_a_refused_call_may_be_used_again(post, body):
    assert post(body(amount="-1"), "mended").status_code == 400
    assert not IdempotentCall.objects.exists()
    assert post(body(), "mended").status_code == 201


def test_two_callers_may_use_one_key(post, body, cast):
    answers = [post(body(), "same", by=user) for user in (cast.jonas, cast.ada, cast.bo)]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.json()["id"] for answer in answers}) == 3


def test_who_has_left_gets_no_kept_answer(post, body, cast):
    post(body(), "left")
    cast.jonas.is_active = False
    cast.jonas.save(update_fields=["is_active"])

    assert post(body(), "left").status_code == 401


@pytest.mark.parametrize("key", ["two words", "ü", "x" * 256, '"' + "x" * 256 + '"'])
def test_what_is_no_key_is_refused(post, body, key):
    assert post(body(), key.encode().decode("latin-1")).status_code == 400
    assert not Deal.objects.exists()


def test_quotes_around_a_key_do_not_count(post, body):
    assert post(body(), '"abc"').content == post(body(), "abc").content
    assert Deal.objects.count() == 1


def test_a_key_counts_for_a_day(post, body):
    post(body(), "old")
    IdempotentCall.objects.update(created_at=timezone.now() - dt.timedelta(hours=24, seconds=1))

    assert idempotency.forget_old() == 1
    assert post(body(amount="1.00"), "old").status_code == 201
    assert Deal.objects.count() == 2
