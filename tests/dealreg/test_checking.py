"""While typing, a partner learns whether a person would look, and nothing about anybody else."""

import pytest
from django.urls import reverse

from core.models import ApiCallWindow, Event
from dealreg.models import Account, Deal
from tests.dealreg.test_api import call as call

pytestmark = pytest.mark.django_db
TYPED = {"customer_name": "Nordwnid Logistics", "customer_country": "DE", "customer_domain": "nord"}
BODY = {"customer": {"name": "Nordwnid Logistics", "country": "DE"}}


@pytest.fixture
def bo(client, cast, rules):
    client.force_login(cast.bo)
    return client


def check(client, **changes) -> str:
    answer = client.get(reverse("deal_check"), {**TYPED, **changes})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_customer_nobody_works_with(bo):
    assert "No conflict found" in check(bo)


def test_a_customer_that_is_taken_gives_away_neither_partner_nor_deal(bo, registered):
    deal = registered()
    text = check(bo)

    assert "We may already be working with this customer" in text
    assert not any(word in text for word in (deal.reference, "Alpha", "Nordwind", f"/{deal.pk}/"))


def test_the_own_open_registration_is_named(bo, registered, cast):
    deal = registered(by=cast.bo)

    assert deal.reference in check(bo)


def test_half_a_name_is_not_asked_about(bo, registered):
    registered()

    assert "conflict" not in check(bo, customer_name="No")
    assert not ApiCallWindow.objects.exists()


@pytest.mark.parametrize("changes", [{"product_line": "x"}, {"customer_name": "x" * 300}])
def test_nonsense_is_not_asked_about(bo, changes):
    assert "No conflict" not in check(bo, **changes)


def test_asking_changes_nothing(bo):
    check(bo)

    assert not Account.objects.exists()
    assert not Deal.objects.exists()
    assert not Event.objects.filter(subject_type__startswith="dealreg").exists()


def test_a_person_asks_a_few_times_a_minute(bo, registered, settings):
    settings.CHECKS_A_MINUTE = 1
    registered()
    check(bo)

    assert "No more checks" in (text := check(bo))
    assert "working with" not in text


def test_a_company_asks_so_often_a_day_by_portal_and_api_together(bo, call, cast, settings):
    settings.CHECKS_A_DAY = 1
    check(bo)
    answer = call("POST", "/deals/check/", BODY, by=cast.bo)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 3600


def test_who_may_not_register_may_not_ask(client, cast):
    client.force_login(cast.chiara)

    assert client.get(reverse("deal_check"), TYPED).status_code == 403


def test_programs_are_told_the_same(call, registered, cast):
    deal = registered()
    other = call("POST", "/deals/check/", BODY, by=cast.bo).json()
    own = call("POST", "/deals/check/", {**BODY, "product_line": "cloud"}).json()

    assert other == {"conflict": True, "own_open": []}
    assert own == {"conflict": False, "own_open": [deal.reference]}


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "customer"), ({"customer": {"name": "x", "country": "DE", "domain": "?"}}, "domain")],
)
def test_bad_bodies_are_refused_by_field(call, rules, body, field):
    answer = call("POST", "/deals/check/", body)

    assert answer.status_code == 400
    assert field in answer.content.decode()


def test_a_token_needs_the_scope(call, rules):
    assert call("POST", "/deals/check/", BODY, scopes=("deals:read",)).status_code == 403


def test_the_form_asks_while_typing(bo):
    assert f'hx-get="{reverse("deal_check")}"' in bo.get(reverse("deal_new")).content.decode()
