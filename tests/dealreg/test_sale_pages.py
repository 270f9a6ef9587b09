"""The sale in the portal: update, win, lose, reopen, forecast, saved filters."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Event, ExchangeRate, SavedFilter
from dealreg import forecast
from dealreg.models import Deal, SaleChange

pytestmark = pytest.mark.django_db


def typed(deal, **changes):
    """What the form sends when nothing is touched, and what is."""
    return {
        "stage": deal.stage,
        "amount": "12800",
        "expected_close": deal.expected_close.isoformat(),
        "probability": "",
        "next_step": "",
        "next_step_on": "",
        "note": "",
        "version": deal.version,
        **changes,
    }


def test_an_update_shows_in_the_history_with_its_reason(jonas, deal):
    url = reverse("deal_sale", args=[deal.pk])
    page = jonas.post(
        url, typed(deal, amount="9500", stage="proposal", note="Fewer seats"), follow=True
    )

    text = page.content.decode()
    assert page.redirect_chain[-1][0] == url
    assert "€12,800.00" in text
    assert "€9,500.00" in text
    assert "Fewer seats" in text
    assert Deal.objects.get().stage == "proposal"


def test_an_untouched_form_confirms_the_sale(jonas, deal):
    jonas.post(reverse("deal_sale", args=[deal.pk]), typed(deal))

    assert Event.objects.latest("id").kind == "dealreg.sale_confirmed"
    assert not SaleChange.objects.exists()


def test_what_is_wrong_is_said_beside_the_field(jonas, deal):
    page = jonas.post(
        reverse("deal_sale", args=[deal.pk]), typed(deal, amount="99999", next_step="Call")
    )

    text = page.content.decode()
    assert page.status_code == 422
    assert text.count("Ask your channel manager to enter it.") == 2
    assert 'value="Call"' in text
    assert Deal.objects.get().amount == 12_800


def test_b6_a_stale_form_shows_the_newer_values_and_keeps_what_was_typed(jonas, deal):
    url = reverse("deal_sale", args=[deal.pk])
    jonas.post(url, typed(deal, stage="negotiation"))
    page = jonas.post(url, typed(deal, next_step="Call again"))

    text = page.content.decode()
    assert page.status_code == 409
    assert "Somebody changed this sale" in text
    assert "Negotiation" in text
    assert 'value="Call again"' in text
    assert f'name="version" value="{deal.version + 1}"' in text
    assert Deal.objects.get().next_step == ""


@pytest.mark.parametrize(
    ("outcome", "sent", "shown"),
    [
        ("won", {"amount": "12000", "reasons": ["price"]}, "€12,000.00"),
        ("lost", {"reasons": ["competitor"], "competitor": "Rival Inc"}, "Rival Inc"),
    ],
)
def test_a_sale_is_closed_with_reasons_and_opened_again(jonas, deal, outcome, sent, shown):
    url = reverse(f"deal_{outcome}", args=[deal.pk])
    today = timezone.localdate().isoformat()
    assert jonas.get(url).status_code == 200
    body = {"closed_on": today, "version": deal.version, "note": "Signed", **sent}
    text = jonas.post(url, body, follow=True).content.decode()
    assert shown in text
    assert "Open it again" in text

    version = Deal.objects.get().version
    reopen = {"why": "Wrong button", "version": version}
    page = jonas.post(reverse("deal_reopen", args=[deal.pk]), reopen, follow=True)
    assert "Update the sale" in page.content.decode()
    assert Deal.objects.get().stage == "prospecting"


def test_a_closing_without_a_reason_comes_back(jonas, deal):
    today = timezone.localdate().isoformat()
    page = jonas.post(
        reverse("deal_won", args=[deal.pk]),
        {"closed_on": today, "amount": "", "version": deal.version},
    )

    text = page.content.decode()
    assert page.status_code == 422
    assert "Choose at least one reason." in text
    assert "Enter an amount above 0." in text
    assert Deal.objects.get().stage == "prospecting"


def test_a_deal_in_review_has_no_sale_yet(jonas, registered):
    waiting = registered(amount=Decimal(90_000))
    detail = jonas.get(reverse("deal_detail", args=[waiting.pk])).content.decode()
    assert reverse("deal_sale", args=[waiting.pk]) not in detail

    jonas.post(reverse("deal_sale", args=[waiting.pk]), typed(waiting, stage="proposal"))
    assert jonas.get(reverse("deal_won", args=[waiting.pk])).status_code == 302
    assert Deal.objects.get().stage == "prospecting"


@pytest.mark.parametrize("name", ["deal_sale", "deal_forecast", "deal_filters", "deal_list"])
def test_query_counts_do_not_grow(jonas, registered, name, django_assert_max_num_queries):
    deals = [
        registered(customer_name=f"Customer {n}", customer_domain=f"customer{n}.org")
        for n in range(12)
    ]
    args = [deals[0].pk] if name == "deal_sale" else []
    with django_assert_max_num_queries(15):
        assert jonas.get(reverse(name, args=args)).status_code == 200


# --- forecast -------------------------------------------------------------------------------


@pytest.fixture
def three_sales(registered):
    """12,800 EUR prospecting this month or the next, 1,000 USD in negotiation, 500 EUR overdue
    at 40 percent."""
    today = timezone.localdate()
    ExchangeRate.objects.create(currency="USD", valid_from=today, rate=Decimal("0.5"))
    first = registered()
    dollars = registered(
        customer_name="Sakura Foods",
        customer_domain="sakura.org",
        amount=Decimal(1000),
        currency="USD",
    )
    late = registered(customer_name="Quince AG", customer_domain="quince.org", amount=Decimal(500))
    Deal.objects.filter(pk=dollars.pk).update(stage="negotiation")
    Deal.objects.filter(pk=late.pk).update(
        stage="engaging", probability=40, expected_close=today - dt.timedelta(days=1)
    )
    return first, dollars, late


def test_the_forecast_adds_up_by_stage_and_by_month(jonas, three_sales):
    shown = jonas.get(reverse("deal_forecast")).context["forecast"]

    by_stage = [(line.key, line.deals, line.amount, line.weighted) for line in shown.by_stage]
    assert by_stage == [
        ("prospecting", 1, Decimal("12800.00"), Decimal("1280.00")),
        ("engaging", 1, Decimal("500.00"), Decimal("200.00")),
        ("proposal", 0, Decimal("0.00"), Decimal("0.00")),
        ("negotiation", 1, Decimal("500.00"), Decimal("375.00")),
    ]
    overdue = shown.by_month[0]
    assert (overdue.key, overdue.deals, overdue.weighted) == ("overdue", 1, Decimal("200.00"))
    assert sum(line.weighted for line in shown.by_month) == shown.total.weighted == 1855
    assert (shown.total.deals, shown.total.amount) == (3, 13_800)


def test_every_number_opens_the_deals_it_is_made_of(jonas, three_sales):
    context = jonas.get(reverse("deal_forecast")).context
    for line, address in [*context["stages"], *context["months"]]:
        rows = jonas.get(address).context["table"].rows
        assert len(rows) == line.deals, address


def test_what_the_sums_leave_out_is_said(jonas, three_sales):
    ExchangeRate.objects.all().delete()
    Deal.objects.filter(pk=three_sales[0].pk).update(amount=None)
    text = jonas.get(reverse("deal_forecast")).content.decode()

    assert "There is no exchange rate for USD" in text
    assert "1 deal has no amount" in text


def test_the_forecast_of_a_partner_is_its_own(jonas, registered, cast):
    registered(by=cast.bo)

    assert jonas.get(reverse("deal_forecast")).context["forecast"].total.deals == 0


def test_the_forecast_is_exported_with_its_currency(jonas, three_sales):
    answer = jonas.get(reverse("deal_forecast_export"))
    lines = answer.getvalue().decode().splitlines()

    assert lines[0] == "\ufeffBy,What,Deals,Amount,Weighted amount,Currency"
    assert lines[1] == "Sales stage,Prospecting,1,12800.00,1280.00,EUR"
    assert lines[-1] == "Total,All open sales,3,13800.00,1855.00,EUR"


@pytest.mark.parametrize(
    ("today", "last"), [(dt.date(2026, 1, 31), (2026, 12)), (dt.date(2026, 12, 1), (2027, 11))]
)
def test_twelve_months_begin_with_this_one(today, last):
    starts = forecast.month_starts(today)

    assert len(starts) == 12
    assert (starts[0].year, starts[0].month) == (today.year, today.month)
    assert (starts[-1].year, starts[-1].month) == last
    assert forecast.horizon(today) > starts[-1]


def test_months_cover_every_day_once(registered):
    today = timezone.localdate()
    deal = registered()
    for days in (-400, -1, 0, 1, 20, 40, 200, 364, 366, 500):
        close = today + dt.timedelta(days=days)
        Deal.objects.update(expected_close=close)
        found = [
            key
            for key, _label in forecast.close_choices()
            if Deal.objects.filter(forecast.closing_in(key), pk=deal.pk).exists()
        ]
        assert len(found) == 1, close


# --- filters ----------------------------------------------------------------------------------


def names(client, query):
    page = client.get(f"{reverse('deal_list')}?{query}")
    return sorted(row.customer_name for row in page.context["table"].rows)


def test_the_list_filters_by_sale_and_protection(jonas, three_sales):
    _first, dollars, _late = three_sales
    long_ago = timezone.now() - dt.timedelta(days=200)
    Deal.objects.filter(pk=dollars.pk).update(sale_updated_at=long_ago)

    assert names(jonas, "sale=open") == [
        "Nordwind Logistics GmbH",
        "Quince AG",
        "Sakura Foods",
    ]
    assert names(jonas, "sale=stale") == ["Sakura Foods"]
    assert names(jonas, "closes=overdue") == ["Quince AG"]
    assert names(jonas, "protection=ending") == []
    assert names(jonas, "protection=running&stage=negotiation") == ["Sakura Foods"]
    assert names(jonas, "protection=none") == []


def test_a_filter_is_saved_applied_renamed_shown_first_and_deleted(jonas, three_sales):
    query = "closes=overdue&sale=open"
    jonas.post(
        f"{reverse('deal_filters')}?sale=open&closes=overdue&after=x", {"name": " Late  ones "}
    )
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.query) == ("Late ones", query)

    jonas.post(reverse("deal_filter_rename", args=[saved.pk]), {"name": "Too late"})
    jonas.post(reverse("deal_filter_default", args=[saved.pk]))
    page = jonas.get(reverse("deal_list"), follow=True)
    assert page.redirect_chain == [(f"/deals/?{query}", 302)]
    text = page.content.decode()
    assert 'aria-current="page"><bdi>Too late</bdi>' in text
    assert 'value="closes=overdue' not in text
    assert len(names(jonas, "all=1")) == 3

    jonas.post(reverse("deal_filter_delete", args=[saved.pk]))
    assert not SavedFilter.objects.exists()
    assert jonas.get(reverse("deal_list")).status_code == 200


def test_one_filter_is_shown_first(jonas, cast):
    for name in ("one", "two"):
        jonas.post(f"{reverse('deal_filters')}?stage=won", {"name": name})
    one, two = SavedFilter.objects.order_by("name")
    for chosen in (one, two):
        jonas.post(reverse("deal_filter_default", args=[chosen.pk]))

    assert SavedFilter.objects.get(is_default=True) == two
    jonas.post(reverse("deal_filter_default", args=[two.pk]), {"chosen": "no"})
    assert not SavedFilter.objects.filter(is_default=True).exists()


def test_the_number_of_saved_filters_is_bounded(jonas, cast):
    SavedFilter.objects.bulk_create(
        SavedFilter(user=cast.jonas, list_name="deals", name=f"f{n}", query="stage=won")
        for n in range(20)
    )
    page = jonas.post(f"{reverse('deal_filters')}?stage=won", {"name": "one more"})
    assert page.status_code == 422
    assert SavedFilter.objects.count() == 20

    jonas.post(f"{reverse('deal_filters')}?stage=lost", {"name": "f1"})
    assert SavedFilter.objects.get(name="f1").query == "stage=lost"


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x07b"])
def test_a_name_that_is_none_is_refused(jonas, name):
    jonas.post(f"{reverse('deal_filters')}?stage=won", {"name": name})

    assert not SavedFilter.objects.exists()


def test_somebody_elses_filter_is_not_there(jonas, cast):
    theirs = SavedFilter.objects.create(
        user=cast.ada, list_name="deals", name="Ada's", query="stage=won"
    )
    for name in ("deal_filter_rename", "deal_filter_default", "deal_filter_delete"):
        assert jonas.post(reverse(name, args=[theirs.pk]), {"name": "x"}).status_code == 404

    theirs.refresh_from_db()
    assert (theirs.name, theirs.is_default) == ("Ada's", False)
    assert "Ada" not in jonas.get(reverse("deal_filters")).content.decode()
