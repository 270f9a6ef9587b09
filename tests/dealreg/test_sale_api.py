"""A sale for programs: read with an ETag, changed under it."""

from decimal import Decimal

import pytest
from django.utils import timezone

from dealreg.models import Deal, SaleChange
from tests.cast import bearer

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client, cast):
    """Asks about a deal with a token of Jonas's (or of `by`)."""

    def send(method, deal, body=None, by=None, scopes=("deals:read", "deals:write"), **headers):
        return client.generic(
            method,
            f"/api/v1/deals/{deal.pk}/",
            client._encode_json(body or {}, "application/json"),
            content_type="application/json",
            headers={**bearer(by or cast.jonas, *scopes), **headers},
        )

    return send


@pytest.fixture
def patch(call):
    """Changes a deal as it was read just now."""

    def send(deal, body, **more):
        etag = call("GET", deal)["ETag"]
        return call("PATCH", deal, body, **{"If-Match": etag, **more})

    return send


def test_an_update_answers_with_the_new_state_and_its_etag(call, patch, deal):
    answer = patch(
        deal,
        {"stage": "proposal", "amount": "15000.50", "next_step": "Offer", "note": "Grew"},
    )

    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["stage"], shown["amount"], shown["next_step"]) == (
        "proposal",
        "15000.50",
        "Offer",
    )
    assert answer["ETag"] == f'"{deal.version + 1}"' == call("GET", deal)["ETag"]
    assert set(SaleChange.objects.values_list("why", flat=True)) == {"Grew"}


def test_who_does_not_say_what_was_read_changes_nothing(call, deal):
    for headers in ({}, {"If-Match": "*"}, {"If-Match": "7"}):
        answer = call("PATCH", deal, {"stage": "proposal"}, **headers)
        assert answer.status_code == 428
        assert answer.json()["type"] == "urn:prm:problem:precondition_required"
    assert Deal.objects.get().stage == "prospecting"


def test_b6_who_read_an_older_state_is_told_the_newer_values(call, patch, deal):
    old = call("GET", deal)["ETag"]
    patch(deal, {"stage": "engaging"})
    answer = call("PATCH", deal, {"stage": "proposal"}, **{"If-Match": old})

    assert answer.status_code == 412
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["current"]["stage"] == Deal.objects.get().stage == "engaging"
    again = call("PATCH", deal, {"stage": "proposal"}, **{"If-Match": answer["ETag"]})
    assert again.status_code == 200


@pytest.mark.parametrize("tag", ['"999999999999"', '"x"', '""', '"1", "2"', 'W/"1"'])
def test_tags_that_are_not_of_this_state_do_not_match(call, deal, tag):
    assert call("PATCH", deal, {"stage": "proposal"}, **{"If-Match": tag}).status_code == 412


def test_a_weak_tag_of_a_compressed_answer_matches(call, deal):
    answer = call("PATCH", deal, {"stage": "proposal"}, **{"If-Match": f'W/"{deal.version}"'})

    assert answer.status_code == 200


def test_a_new_stage_takes_its_own_probability(patch, deal):
    patch(deal, {"probability": 80})
    assert patch(deal, {"next_step": "Call"}).json()["probability"] == 80
    assert patch(deal, {"stage": "proposal"}).json()["probability"] is None
    assert patch(deal, {"stage": "engaging", "probability": 5}).json()["probability"] == 5


def test_a_sale_is_won_and_opened_again(patch, deal):
    won = patch(deal, {"stage": "won", "closed_amount": "12000", "reasons": ["price"]})
    assert won.json()["stage"] == "won"
    assert won.json()["closed_on"] == timezone.localdate().isoformat()
    assert won.json()["protection"]["until"] is None

    assert patch(deal, {"stage": "engaging"}).status_code == 400  # says no reason
    back = patch(deal, {"stage": "engaging", "note": "Order cancelled"})
    assert (back.json()["stage"], back.json()["closed_amount"]) == ("prospecting", None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"stage": "dreaming"}, "stage"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": None}, "amount"),
        ({"amount": "60000"}, "amount"),
        ({"expected_close": "2020-01-01"}, "expected_close"),
        ({"expected_close": None}, "expected_close"),
        ({"probability": 101}, "probability"),
        ({"probability": "many"}, "probability"),
        ({"next_step": "x" * 201}, "next_step"),
        ({"next_step_on": "2027-01-01"}, "next_step"),
        ({"stage": "won", "reasons": ["price"]}, "amount"),
        ({"stage": "won", "closed_amount": "5", "reasons": ["no such"]}, "reasons"),
        ({"stage": "lost", "reasons": ["no-budget"], "amount": "5"}, "amount"),
        ({"closed_amount": "5"}, "closed_amount"),
        ({"reasons": ["price"]}, "reasons"),
    ],
)
def test_what_cannot_be_kept_is_named(patch, deal, body, field):
    before = Deal.objects.values().get()
    answer = patch(deal, body)

    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert Deal.objects.values().get() == before


def test_what_is_not_offered_stays(patch, deal):
    before = Deal.objects.values("status", "currency", "partner_id", "customer_name").get()
    patch(deal, {"status": "declined", "currency": "USD", "partner": 1, "customer": {"name": "X"}})

    assert Deal.objects.values("status", "currency", "partner_id", "customer_name").get() == before


def test_who_may_not(call, patch, deal, cast):
    tag = {"If-Match": f'"{deal.version}"'}
    body = {"stage": "proposal"}
    assert call("PATCH", deal, body, by=cast.bo, **tag).status_code == 404
    assert call("PATCH", deal, body, by=cast.chiara, **tag).status_code == 403
    assert call("PATCH", deal, body, scopes=["deals:read"], **tag).status_code == 403
    assert Deal.objects.get().stage == "prospecting"


def test_a_registration_in_review_has_no_sale(call, registered):
    waiting = registered(amount=Decimal(90_000))
    tag = {"If-Match": f'"{waiting.version}"'}

    assert call("PATCH", waiting, {"stage": "proposal"}, **tag).status_code == 409


def test_the_list_is_filtered(client, registered, cast):
    registered()
    lost = registered(customer_name="Quince AG", customer_domain="quince.org")
    Deal.objects.filter(pk=lost.pk).update(
        stage="lost", closed_on=timezone.localdate(), closed_amount=0
    )
    client.force_login(cast.jonas)

    def references(query):
        answer = client.get(f"/api/v1/deals/?{query}")
        return [row["customer"]["name"] for row in answer.json()["results"]]

    assert references("sale=lost") == ["Quince AG"]
    assert references("sale=open") == ["Nordwind Logistics GmbH"]
    assert references("stage=negotiation") == []
    assert client.get("/api/v1/deals/?sale=nonsense").status_code == 400
