"""The sale, the forecast and the sales stages in the back office."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from core.actor import StaffRole
from core.models import Event
from dealreg.models import CloseReason, Deal, SalesStage
from partners.models import Region, StaffDuty
from tests.cast import person

pytestmark = pytest.mark.django_db


def typed(deal, **changes):
    return {
        "stage": deal.stage,
        "amount": "12800",
        "expected_close": deal.expected_close.isoformat(),
        "version": deal.version,
        **changes,
    }


def address(deal):
    return reverse("admin:dealreg_deal_sale", args=[deal.pk])


def test_staff_enter_what_the_partner_cannot(mara, deal):
    page = mara.post(address(deal), typed(deal, amount="70000", note="Agreed"), follow=True)

    assert "€70,000.00" in page.content.decode()
    assert Deal.objects.get().amount == 70_000


def test_b6_a_stale_form_tells_the_newer_values(mara, deal):
    mara.post(address(deal), typed(deal, stage="negotiation"))
    page = mara.post(address(deal), typed(deal, next_step="Call"))

    text = page.content.decode()
    assert page.status_code == 409
    assert "Sales stage: Negotiation" in text
    assert 'value="Call"' in text
    assert Deal.objects.get().next_step == ""


def test_what_is_wrong_is_said(mara, deal):
    page = mara.post(address(deal), typed(deal, probability="101"))

    assert page.status_code == 422
    assert Deal.objects.get().probability is None


def test_the_forecast_sums_by_partner_and_region(mara, registered, cast):
    registered()
    registered(by=cast.bo, customer_name="Quince AG", customer_domain="quince.org")
    page = mara.get(reverse("admin:dealreg_deal_forecast"))
    tables = dict(page.context["tables"])

    assert (page.context["forecast"].total.deals, page.context["forecast"].total.weighted) == (
        2,
        Decimal("2560.00"),
    )
    by_partner = [(line.label, line.amount) for line, _href in tables["By partner, the 50 largest"]]
    assert sorted(by_partner) == [
        ("Alpha Systems", Decimal("12800.00")),
        ("Beta Networks", Decimal("12800.00")),
    ]


def test_every_number_opens_its_deals(mara, registered, cast):
    registered()
    late = registered(by=cast.bo, customer_name="Quince AG", customer_domain="quince.org")
    Deal.objects.filter(pk=late.pk).update(
        stage="proposal", expected_close=timezone.localdate() - dt.timedelta(days=3)
    )
    for title, lines in mara.get(reverse("admin:dealreg_deal_forecast")).context["tables"]:
        for line, href in lines:
            page = mara.get(href)
            assert page.status_code == 200, href
            assert page.context["cl"].result_count == line.deals, (title, href)


def test_the_forecast_is_of_the_own_regions(client, registered):
    registered()
    apac = Region.objects.create(code="APAC", name="APAC", path="APAC")
    rita = person("Rita", staff=True)
    StaffDuty.objects.create(user=rita, role=StaffRole.CHANNEL_MANAGER.value, region=apac)
    client.force_login(rita)

    page = client.get(reverse("admin:dealreg_deal_forecast"))
    assert page.context["forecast"].total.deals == 0
    text = client.get(reverse("admin:dealreg_deal_forecast_export")).getvalue().decode()
    assert "Alpha" not in text


def test_the_forecast_of_one_region_and_its_file(mara, registered):
    registered()
    url = reverse("admin:dealreg_deal_forecast")
    assert mara.get(url, {"region": "WORLD.EMEA"}).context["forecast"].total.deals == 1
    assert mara.get(url, {"region": "nonsense"}).context["forecast"].total.deals == 1

    text = mara.get(reverse("admin:dealreg_deal_forecast_export")).getvalue().decode()
    assert "Partner,Alpha Systems,1,12800.00,1280.00,EUR" in text


def test_stale_sales_are_listed(mara, registered):
    quiet = registered()
    registered(customer_name="Quince AG", customer_domain="quince.org")
    Deal.objects.filter(pk=quiet.pk).update(sale_updated_at=timezone.now() - dt.timedelta(days=31))
    page = mara.get(reverse("admin:dealreg_deal_changelist"), {"sale": "stale"})

    assert [row.pk for row in page.context["cl"].result_list] == [quiet.pk]


def test_operations_change_a_probability_and_it_is_recorded(client, cast, registered):
    registered()
    row = SalesStage.objects.get(stage="prospecting")
    client.force_login(cast.otto)
    url = reverse("admin:dealreg_salesstage_change", args=[row.pk])
    assert client.post(url, {"probability": "101", "stale_after_days": "30"}).status_code == 200
    client.post(url, {"probability": "20", "stale_after_days": "30"})

    row.refresh_from_db()
    assert row.probability == 20
    assert Event.objects.latest("id").payload["changes"] == {"probability": ["10", "20"]}
    page = client.get(reverse("admin:dealreg_deal_forecast"))
    assert page.context["forecast"].total.weighted == 2560


def test_operations_keep_the_reasons(client, cast):
    client.force_login(cast.otto)
    url = reverse("admin:dealreg_closereason_add")
    body = {"outcome": "lost", "label": "Merger", "code": "merger", "position": "5", "active": "on"}
    client.post(url, body)

    assert CloseReason.objects.get(code="merger").label == "Merger"
    assert Event.objects.latest("id").kind == "core.row_added"
