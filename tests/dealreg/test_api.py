"""Deals for programs."""

import base64
import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from core.models import ExchangeRate
from core.own_fields.fields import FieldType
from dealreg.models import Deal, ProductLine
from dealreg.services import FieldDraft, add_field
from tests.cast import bearer

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client, cast):
    """Calls the API with a token of Jonas's (or of `by`)."""

    def send(method, path, body=None, by=None, scopes=("deals:read", "deals:write"), **headers):
        return client.generic(
            method,
            f"/api/v1{path}",
            body if isinstance(body, str) else client._encode_json(body or {}, "application/json"),
            content_type="application/json",
            headers={**bearer(by or cast.jonas, *scopes), **headers},
        )

    return send


@pytest.fixture
def body(rules, cast):
    def make(**changes):
        return {
            "customer": {"name": "Nordwind GmbH", "domain": "nordwind.de", "country": "DE"},
            "product_line": "cloud",
            "amount": "12800.00",
            "currency": "EUR",
            "expected_close": (timezone.localdate() + dt.timedelta(days=30)).isoformat(),
            "description": "New warehouse",
            **changes,
        }

    return make


def test_registering_answers_with_decision_conflict_and_protection(call, body):
    answer = call("POST", "/deals/", body())

    deal = Deal.objects.get()
    shown = answer.json()
    assert answer.status_code == 201
    assert (shown["id"], shown["status"]) == (deal.pk, "approved")
    assert (shown["decision"]["outcome"], shown["decision"]["rule"]) == ("approve", "approve")
    assert shown["conflict"] == {"level": "none"}
    until = dt.datetime.fromisoformat(shown["protection"]["until"])
    assert until == deal.protection.period.upper
    assert call("GET", f"/deals/{deal.pk}/").json() == shown


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [("12800.5", "EUR", "12800.50"), ("900", "JPY", "900"), ("1.25", "KWD", "1.250")],
)
def test_amounts_have_the_decimals_of_their_currency(call, body, amount, currency, shown):
    ExchangeRate.objects.create(currency="JPY", rate=Decimal("0.006"), valid_from="2020-01-01")
    ExchangeRate.objects.create(currency="KWD", rate=Decimal(3), valid_from="2020-01-01")
    answer = call("POST", "/deals/", body(amount=amount, currency=currency)).json()

    assert (answer["amount"], answer["currency"]) == (shown, currency)


def test_an_unknown_product_line_is_named(call, body):
    answer = call("POST", "/deals/", body(product_line="nope"))

    said = "There is no product line “nope” that is open for registration."
    assert answer.json()["errors"] == {"product_line": [said]}


def test_the_same_key_registers_once(call, body):
    key = str(uuid.uuid4())
    ids = {call("POST", "/deals/", body(), **{"Idempotency-Key": key}).json()["id"] for _ in "ab"}

    assert len(ids) == 1
    assert Deal.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": "-1"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": [1]}, "amount"),
        ({"currency": "XXX"}, "currency"),
        ({"currency": None}, "currency"),
        ({"product_line": "nothing"}, "product_line"),
        ({"product_line": {"a": 1}}, "product_line"),
        ({"expected_close": "2020-01-01"}, "expected_close"),
        ({"expected_close": "soon"}, "expected_close"),
        ({"customer": "Nordwind"}, "customer"),
        ({"customer": {"name": "x", "country": "XX"}}, "customer"),
        ({"customer": {"name": "a\u0000b", "country": "DE"}}, ""),
        ({"description": "x" * 4001}, "description"),
    ],
)
def test_bad_bodies_are_refused_by_field(call, body, changes, field):
    answer = call("POST", "/deals/", body(**changes))

    assert answer.status_code == 400
    assert field in answer.content.decode()
    assert not Deal.objects.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "\ufeff{}", '{"amount": 1e999}'])
def test_broken_json_is_a_bad_request(call, rules, text):
    assert call("POST", "/deals/", text).status_code == 400
    assert not Deal.objects.exists()


def test_foreign_and_missing_deals_look_the_same(call, registered, cast):
    foreign = registered(by=cast.bo)
    answers = [call("GET", f"/deals/{number}/") for number in (foreign.pk, 10**6, 10**30)]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({answer.content for answer in answers}) == 1


def test_the_list_is_paged_and_holds_own_deals(call, registered, cast):
    mine = registered()
    registered(by=cast.bo)
    shown = call("GET", "/deals/?page_size=1").json()

    assert [deal["id"] for deal in shown["results"]] == [mine.pk]
    assert shown["next"] is None


def test_a_token_without_the_scope_is_refused(call, body):
    assert call("POST", "/deals/", body(), scopes=("deals:read",)).status_code == 403
    assert not Deal.objects.exists()


def test_without_a_token_there_is_no_answer(client):
    answer = client.get("/api/v1/deals/")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.fixture
def own(cast):
    """Three own fields; one is of another product line."""
    otto = cast.actor(cast.otto)
    other = ProductLine.objects.create(code="data", name="Data")
    drafts = [
        FieldDraft("seats", FieldType.NUMBER, {"en": "Seats"}, least=Decimal(1)),
        FieldDraft("paper", FieldType.FILE, {"en": "Paper"}, position=20),
        FieldDraft("other", FieldType.TEXT, {"en": "Other"}, product_line_id=other.pk),
    ]
    for draft in drafts:
        add_field(actor=otto, draft=draft)


def test_own_fields_are_sent_answered_and_described(call, body, own):
    content = base64.b64encode(b"a;b\n").decode()
    sent = {"seats": 12, "paper": {"name": "x.csv", "content": content}}
    shown = call("POST", "/deals/", body(own_fields=sent)).json()

    assert shown["own_fields"]["seats"] == "12"
    assert (shown["own_fields"]["paper"]["name"], shown["own_fields"]["paper"]["size"]) == (
        "x.csv",
        4,
    )
    assert call("GET", f"/deals/{shown['id']}/").json()["own_fields"] == shown["own_fields"]
    listed = call("GET", "/deals/").json()["results"][0]
    assert listed["own_fields"] == shown["own_fields"]
    described = call("GET", "/deals/fields/?product_line=cloud").json()
    assert [field["code"] for field in described] == ["seats", "paper"]
    assert (described[0]["type"], described[0]["least"]) == ("number", "1.000000")


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("seats", 0),
        ("seats", "1.5"),
        ("seats", True),
        ("seats", [1]),
        ("seats", "9" * 50),
        ("seats", 1e300),
        ("paper", "x"),
        ("paper", {"name": "x.csv", "content": "!!"}),
        ("paper", {"name": "x.exe", "content": "TVqQAAMAAAA="}),
        ("other", "of another line"),
        ("invented", None),
        ("own.seats", 1),
    ],
)
def test_wrong_own_fields_are_refused_by_name(call, body, own, code, value):
    answer = call("POST", "/deals/", body(own_fields={code: value}))

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [f"own_fields.{code}"]
    assert not Deal.objects.exists()


@pytest.mark.parametrize("value", ["x", 5, [], [{"seats": 1}]])
def test_own_fields_are_an_object(call, body, own, value):
    assert call("POST", "/deals/", body(own_fields=value)).status_code == 400
    assert not Deal.objects.exists()


def test_an_unknown_product_line_has_no_fields(call, own):
    assert call("GET", "/deals/fields/?product_line=nothing").status_code == 400
