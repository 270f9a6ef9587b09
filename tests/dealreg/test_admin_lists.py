"""What the vendor's lists show, find and cost."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.admin import base
from dealreg.models import Deal
from partners.models import Region

pytestmark = pytest.mark.django_db

LIST = "admin:dealreg_deal_changelist"


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.mara)
    return client


@pytest.fixture
def many(registered):
    def register(number, first=0):
        for place in range(first, first + number):
            registered(
                customer_name=f"Customer {place}",
                customer_domain=f"c{place}.example.com",
                amount=Decimal(80_000),
            )

    return register


def found(desk, **query):
    page = desk.get(reverse(LIST), query)
    return {deal.customer_name for deal in page.context["cl"].result_list}


@pytest.mark.parametrize("name", [LIST, "admin:dealreg_deal_queue", "admin:index"])
def test_the_number_of_queries_does_not_grow(desk, many, name):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(reverse(name)).status_code == 200
        return len(queries)

    many(10)
    desk.get(reverse(name))
    ten = cost()
    many(10, first=10)

    assert cost() == ten
    assert ten <= 15


@pytest.mark.parametrize(
    "text", ["nord", "logistics nord", "NORDWIND", "nordwind.example.com", "Alpha", "alpha.example"]
)
def test_search_finds_by_words_domain_and_partner(desk, registered, cast, text):
    registered()
    registered(by=cast.bo, customer_name="Halcyon Retail", customer_domain="")

    assert found(desk, q=text) == {"Nordwind Logistics GmbH"}


def test_search_finds_by_reference(desk, registered):
    deal = registered()
    registered(customer_name="Halcyon Retail", customer_domain="")

    assert found(desk, q=deal.reference.lower()) == {"Nordwind Logistics GmbH"}
    assert found(desk, q=str(deal.pk)) == {"Nordwind Logistics GmbH"}


@pytest.mark.parametrize("text", ["' | !(", "a:* & !b", "%", "\\", "😀", "DR-99999999999999999"])
def test_search_survives_any_text(desk, registered, text):
    registered()

    assert found(desk, q=text) == set()


def test_the_waiting_filter(desk, registered):
    registered(customer_name="Approved", customer_domain="")
    old = registered(customer_name="Old", customer_domain="", amount=Decimal(80_000))
    registered(customer_name="New", customer_domain="", amount=Decimal(80_000))
    then = timezone.now() - dt.timedelta(days=4)
    Deal.objects.filter(pk=old.pk).update(submitted_at=then)

    assert found(desk, waiting="yes") == {"Old", "New"}
    assert found(desk, waiting="3") == {"Old"}
    assert found(desk, waiting="7") == set()


def test_a_region_filters_with_what_is_below(desk, registered, cast):
    registered()
    Region.objects.create(code="ASIA", name="Asia", path="ASIA")

    assert found(desk, region="WORLD") == {"Nordwind Logistics GmbH"}
    assert found(desk, region="ASIA") == set()


def test_counting_stops(desk, many, monkeypatch):
    monkeypatch.setattr(base, "MOST_COUNTED", 3)
    many(4)

    assert "More than 3." in desk.get(reverse(LIST)).content.decode()


def test_the_queue_is_oldest_first_and_pages(desk, many, monkeypatch):
    many(52)
    first = desk.get(reverse("admin:dealreg_deal_queue"))
    rest = desk.get(reverse("admin:dealreg_deal_queue") + first.context["next_address"])

    names = [deal.customer_name for page in (first, rest) for deal in page.context["page"].deals]
    assert names == [f"Customer {place}" for place in range(52)]
    assert rest.context["next_address"] == ""


@pytest.mark.parametrize("query", ["after=x", "after=2026-01-01,1", "region=%27", "product_line=x"])
def test_the_queue_survives_any_address(desk, many, query):
    many(1)

    assert desk.get(reverse("admin:dealreg_deal_queue") + f"?{query}").status_code == 200


def test_the_queue_filters(desk, registered, cast):
    registered(customer_name="Big", customer_domain="", amount=Decimal(80_000))
    registered()
    registered(by=cast.bo)
    cast.beta.manager = cast.mara
    cast.beta.save()

    def names(**query):
        page = desk.get(reverse("admin:dealreg_deal_queue"), query).context["page"]
        return [deal.customer_name for deal in page.deals]

    assert names() == ["Big", "Nordwind Logistics GmbH"]
    assert names(conflict="on") == ["Nordwind Logistics GmbH"]
    assert names(mine="on") == ["Nordwind Logistics GmbH"]
