"""Deals in the portal, as a partner's people use them."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Event
from dealreg.models import Deal
from dealreg.services import save_draft, withdraw_deal

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(cast, rules):
    """What Jonas types into the form."""

    def form(**changes):
        return {
            "customer_name": "Nordwind Logistics GmbH",
            "customer_country": "DE",
            "customer_domain": "nordwind.de",
            "product_line": cast.product.pk,
            "amount": "12800",
            "currency": "EUR",
            "expected_close": (timezone.localdate() + dt.timedelta(days=30)).isoformat(),
            "description": "New warehouse",
            "act": "register",
            **changes,
        }

    return form


def test_registering_shows_the_outcome_the_rule_and_the_end_of_protection(jonas, typed):
    page = jonas.post(reverse("deal_new"), typed(), follow=True)

    deal = Deal.objects.get()
    assert page.redirect_chain[-1][0] == f"/deals/{deal.pk}/"
    text = page.content.decode()
    assert "Approved" in text
    assert "protected for your company for 90 days" in text
    assert "rule “approve”" in text
    until = timezone.localdate() + dt.timedelta(days=90)
    assert f"protected until {until:%-d %b %Y}" in text


def test_a_new_form_suggests_the_partners_country_and_currency(jonas, cast, typed):
    initial = jonas.get("/deals/new/").context["form"].initial

    assert (initial["customer_country"], initial["currency"]) == (cast.alpha.country, "EUR")


def test_a_draft_keeps_whatever_there_is(jonas, typed):
    jonas.post(reverse("deal_new"), {"customer_name": "Halcyon", "currency": "EUR", "act": "draft"})

    deal = Deal.objects.get()
    assert (deal.status, deal.customer_name, deal.amount) == ("draft", "Halcyon", None)
    page = jonas.get(reverse("deal_edit", args=[deal.pk]))
    assert 'value="Halcyon"' in page.content.decode()


def test_wrong_fields_are_named_and_what_was_typed_is_kept(jonas, typed):
    page = jonas.post(reverse("deal_new"), typed(amount="-5", customer_name="Halcyon Retail"))

    text = page.content.decode()
    assert page.status_code == 422
    assert text.count("Enter an amount above 0.") == 2  # beside the field and on top
    assert 'value="Halcyon Retail"' in text
    assert not Deal.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "many"},
        {"amount": "9" * 400},
        {"amount": "1e999999"},
        {"amount": "Infinity"},
        {"currency": "XXX"},
        {"product_line": "999999999999999999999"},
        {"product_line": "x"},
        {"expected_close": "31.31.2026"},
        {"expected_close": "0001-01-01"},
        {"expected_close": "9999-12-31"},
        {"customer_name": "A" * 5000},
        {"customer_country": "Germany"},
        {"customer_domain": "javascript:alert(1)"},
        {"description": "x" * 100_000},
        {"submission_key": "not-a-uuid"},
        {"version": "-1"},
    ],
)
def test_bad_input_is_refused_with_the_form(jonas, typed, changes):
    page = jonas.post(reverse("deal_new"), typed(**changes))

    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert not Deal.objects.exists()


def test_a_nul_byte_is_a_bad_request(jonas, typed):
    assert jonas.post(reverse("deal_new"), typed(description="a\x00b")).status_code == 400
    assert not Deal.objects.exists()


@pytest.mark.parametrize("name", ["شركة النور للتجارة", "Sakura 🌸 Foods", "O'Brien & <b>Sons</b>"])
def test_names_of_any_script_are_kept_and_shown_inert(jonas, typed, name):
    page = jonas.post(reverse("deal_new"), typed(customer_name=name), follow=True)

    assert Deal.objects.get().customer_name == name
    assert "<b>Sons" not in page.content.decode()


def test_a_double_submit_is_one_deal(jonas, typed):
    once = typed(submission_key=str(uuid.uuid4()))
    first, second = (jonas.post(reverse("deal_new"), once) for _ in range(2))

    assert first.url == second.url
    assert Deal.objects.count() == 1


def test_going_back_to_a_sent_form_leads_to_its_result(jonas, typed, registered):
    deal = registered()

    assert jonas.get(reverse("deal_edit", args=[deal.pk])).url == f"/deals/{deal.pk}/"


def test_a_stale_draft_shows_the_newer_values(jonas, typed, cast, asking):
    draft = save_draft(actor=cast.actor(cast.ada), request=asking(customer_name="Nordwind AG"))
    stale = typed(version=str(draft.version - 1))
    page = jonas.post(reverse("deal_edit", args=[draft.pk]), stale)

    assert page.status_code == 409
    assert "Nordwind AG" in page.content.decode()
    assert 'value="Nordwind Logistics GmbH"' in page.content.decode()
    assert Deal.objects.get().status == "draft"


def test_foreign_and_missing_deals_look_the_same(jonas, registered, cast):
    foreign = registered(by=cast.bo)
    for name in ("deal_detail", "deal_edit", "deal_withdraw"):
        found = jonas.get(reverse(name, args=[foreign.pk]))
        missing = jonas.get(reverse(name, args=[foreign.pk + 1000]))
        assert (found.status_code, missing.status_code) == (404, 404)


def test_withdrawing_asks_first_and_frees_the_customer(jonas, registered):
    deal = registered()
    url = reverse("deal_withdraw", args=[deal.pk])

    assert "Withdraw the registration of Nordwind" in jonas.get(url).content.decode()
    page = jonas.post(url, {"version": deal.version, "note": "Lost"}, follow=True)
    assert "the customer is free again" in page.content.decode()
    assert Deal.objects.get().status == "withdrawn"


def test_a_colleague_without_the_role_reads_but_does_not_write(client, cast, registered, typed):
    deal = registered()
    client.force_login(cast.chiara)
    events = Event.objects.count()

    assert client.get(reverse("deal_detail", args=[deal.pk])).status_code == 200
    assert client.get(reverse("deal_new")).status_code == 403
    assert client.post(reverse("deal_new"), typed()).status_code == 403
    assert client.post(reverse("deal_withdraw", args=[deal.pk]), {"version": 2}).status_code == 403
    assert (Deal.objects.count(), Event.objects.count()) == (1, events)


def test_the_list_searches_filters_and_says_what_to_do_when_empty(jonas, registered):
    deal = registered()
    registered(customer_name="Sakura Foods", customer_domain="sakura.org", public_sector=True)

    def names(query):
        page = jonas.get(reverse("deal_list") + query)
        return [row.customer_name for row in page.context["table"].rows]

    assert names("") == ["Sakura Foods", "Nordwind Logistics GmbH"]
    assert names("?status=declined") == ["Sakura Foods"]
    assert names(f"?q=DR-{deal.pk}") == ["Nordwind Logistics GmbH"]
    assert names("?q=nordWIND&sort=-amount") == ["Nordwind Logistics GmbH"]
    assert names("?status=nonsense&after=garbage&sort=nothing") != []
    assert "No deal matches" in jonas.get(reverse("deal_list") + "?q=zzz").content.decode()


def test_the_export_holds_own_deals_only_and_no_formulas(jonas, registered, cast):
    registered(customer_name="=HYPERLINK(1) Ltd")
    registered(by=cast.bo, customer_name="Secret of Beta", customer_domain="beta-secret.org")
    text = b"".join(jonas.get(reverse("deal_export")).streaming_content).decode()

    assert "'=HYPERLINK(1) Ltd" in text
    assert "Secret" not in text


@pytest.mark.parametrize("name", ["home", "deal_list", "company"])
def test_query_counts_do_not_grow_with_rows(jonas, registered, django_assert_max_num_queries, name):
    for number in range(20):
        registered(customer_name=f"Customer {number}", customer_domain=f"customer{number}.org")

    with django_assert_max_num_queries(15):
        assert jonas.get(reverse(name)).status_code == 200


def test_home_sums_open_pipeline_and_leaves_withdrawn_out(jonas, registered, cast):
    registered()
    gone = registered(customer_name="Gone AG", customer_domain="gone.org")
    withdraw_deal(actor=cast.actor(cast.jonas), deal_id=gone.pk)
    figures = jonas.get(reverse("home")).context["shown"].figures

    assert [(one.currency, one.amount, one.deals) for one in figures.pipeline] == [
        ("EUR", 12_800, 1)
    ]


def test_staff_are_led_to_the_back_office_and_others_told_what_is_missing(client, cast):
    client.force_login(cast.mara)
    assert client.get(reverse("home")).url == reverse("admin:index")

    client.force_login(cast.olga)
    page = client.get(reverse("home"))
    assert page.status_code == 403
    assert "You are not linked to a partner yet" in page.content.decode()


def test_an_amount_is_read_in_the_marks_of_the_language(jonas, cast, typed):
    cast.jonas.language = "de"
    cast.jonas.save(update_fields=["language"])
    jonas.post("/deals/new/", typed(amount="12.800"))

    assert Deal.objects.get().amount == 12_800


def test_all_that_is_wrong_is_said_at_once(jonas, typed):
    wrong = jonas.post("/deals/new/", typed(amount="much", customer_name="", expected_close=""))

    assert list(wrong.context["form"].errors) == ["amount", "customer_name", "expected_close"]
    assert wrong.context["form"].errors["amount"] == ["Enter a number."]
    assert not Deal.objects.exists()


def test_the_last_of_many_filters_wait_until_one_is_set(jonas, cast):
    """A set one is never out of sight."""
    plain = jonas.get("/deals/").content.decode()
    narrowed = jonas.get(f"/deals/?product_line={cast.product.pk}").content.decode()

    assert '<details class="more">' in plain
    assert '<details class="more" open>' in narrowed
    assert plain.index("</summary>") < plain.index('name="product_line"')
