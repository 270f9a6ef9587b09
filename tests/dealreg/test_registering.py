"""A partner registers a deal and gets a decision."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.models import Event, ExchangeRate
from dealreg.models import Account, Deal, Protection
from dealreg.rules.request import InvalidRegistration
from dealreg.services import register_deal
from partners.rules import PartnerStatus

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def test_a_clean_deal_is_approved_and_protected_for_90_days(registered):
    deal = registered()

    assert (deal.status, deal.decided_by) == ("approved", "Rules of engagement v1")
    period = deal.protection.period
    assert period.upper - period.lower == dt.timedelta(days=90)
    assert kinds() == [
        "dealreg.account_created",
        "dealreg.deal_registered",
        "dealreg.deal_approved",
    ]


def test_the_decision_keeps_version_facts_and_trace(registered, rules):
    decision = registered().decisions.get()

    assert (decision.book_id, decision.rule, decision.outcome) == (rules.pk, "approve", "approve")
    assert decision.facts["deal.amount"] == "12800.00"
    assert len(decision.trace) == rules.rules.count()
    assert "Nordwind Logistics GmbH is protected for your company for 90 days" in decision.message


def test_a_tender_without_consent_is_declined_and_not_protected(registered):
    deal = registered(public_sector=True)

    assert (deal.status, deal.decisions.get().rule) == ("declined", "tender-without-consent")
    assert not Protection.objects.exists()


def test_a_partner_that_is_not_active_is_declined(registered, cast):
    type(cast.alpha).objects.filter(pk=cast.alpha.pk).update(status=PartnerStatus.ONBOARDING)

    assert registered().decisions.get().rule == "partner-not-active"


@pytest.mark.parametrize(
    ("amount", "status"), [("50000.00", "approved"), ("50000.01", "in_review")]
)
def test_above_the_tier_limit_a_person_decides(registered, amount, status):
    assert registered(amount=Decimal(amount)).status == status


def test_the_limit_is_compared_in_the_base_currency(registered):
    ExchangeRate.objects.create(
        currency="GBP", rate=Decimal("1.2"), valid_from=timezone.localdate()
    )

    assert registered(amount=Decimal(41_000), currency="GBP").status == "approved"
    over = registered(
        amount=Decimal(42_000),
        currency="GBP",
        customer_name="Sakura Foods",
        customer_domain="sakura.example.org",
    )
    assert over.decisions.get().facts["deal.amount"] == "50400.000"
    assert over.status == "in_review"


@pytest.mark.parametrize(
    "spelling",
    [
        {"customer_name": "NORDWIND logistics", "customer_domain": ""},
        {
            "customer_name": "Nordwind Holding",
            "customer_domain": "https://www.nordwind.example.com",
        },
        {"customer_name": "Nordwind Logistics GmbH", "customer_country": "AT"},
    ],
)
def test_the_same_customer_of_another_partner_goes_to_review(registered, cast, spelling):
    registered()
    second = registered(by=cast.bo, **spelling)

    assert (second.status, second.decisions.get().rule) == ("in_review", "possible-conflict")
    assert Protection.objects.count() == 1


def test_a_partner_is_told_of_its_own_earlier_registration(registered):
    registered()

    assert registered().decisions.get().rule == "own-earlier-registration"


def test_another_product_line_is_another_protection(registered, cast):
    registered()
    other = type(cast.product).objects.create(code="edge", name="Edge")

    assert registered(by=cast.bo, product_line_id=other.pk).status == "approved"


def test_the_message_does_not_name_the_other_partner(registered, cast):
    registered()
    decision = registered(by=cast.bo).decisions.get()

    assert "Alpha" not in f"{decision.message} {decision.facts} {decision.trace}"


def test_a_known_customer_is_not_made_twice(registered, cast):
    registered()
    registered(by=cast.bo, customer_name="Nordwind Logistics")

    assert Account.objects.count() == 1


def test_the_same_submission_registers_once(cast, asking):
    key = uuid.uuid4()
    first = register_deal(actor=cast.actor(cast.jonas), request=asking(), submission_key=key)
    again = register_deal(actor=cast.actor(cast.jonas), request=asking(), submission_key=key)

    assert first.pk == again.pk
    assert Deal.objects.count() == 1
    assert kinds().count("dealreg.deal_registered") == 1


@pytest.mark.parametrize("who", ["chiara", "mara", "otto", "olga"])
def test_who_may_not_register_leaves_nothing_behind(cast, asking, who):
    with pytest.raises(PermissionDenied):
        register_deal(actor=cast.actor(getattr(cast, who)), request=asking())

    assert not Deal.objects.exists()
    assert not Event.objects.exists()


YESTERDAY = dt.timedelta(days=-1)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"customer_name": ""}, "customer_name", "Enter the customer's name."),
        (
            {"customer_name": "🚀"},
            "customer_name",
            "Enter the customer's name in letters or digits.",
        ),
        ({"customer_name": "x" * 201}, "customer_name", "Use at most 200 characters."),
        ({"customer_domain": "gmail.com"}, "customer_domain", "gmail.com is a mail provider."),
        ({"customer_domain": "not a domain"}, "customer_domain", "Enter the customer's web domain"),
        ({"customer_country": "XX"}, "customer_country", "Choose a country"),
        ({"customer_country": ""}, "customer_country", "Choose the customer's country."),
        ({"product_line_id": None}, "product_line_id", "Choose a product line."),
        ({"product_line_id": 999_999}, "product_line_id", "open for registration"),
        ({"amount": None}, "amount", "Enter the amount"),
        ({"amount": Decimal("-5")}, "amount", "Enter an amount above 0."),
        ({"amount": Decimal(0)}, "amount", "Enter an amount above 0."),
        ({"amount": Decimal("NaN")}, "amount", "Enter an amount above 0."),
        ({"amount": Decimal("1e12")}, "amount", "below one trillion"),
        ({"amount": Decimal("1.005")}, "amount", "EUR has 2 decimal places"),
        ({"currency": "XTS"}, "currency", "Choose one of the currencies EUR."),
        ({"description": "x" * 4001}, "description", "at most 4,000"),
        ({"description": "bell\x07"}, "description", "control characters"),
        ({"customer_name": "Nord\x8ewind"}, "customer_name", "control characters"),
        ({"customer_name": "Nord\nwind"}, "customer_name", "control characters"),
    ],
)
def test_a_request_that_cannot_be_decided_says_what_to_do(cast, asking, changes, field, sentence):
    with pytest.raises(InvalidRegistration) as refused:
        register_deal(actor=cast.actor(cast.jonas), request=asking(**changes))

    assert sentence in str(refused.value.problems[field])
    assert set(refused.value.problems) == {field}
    assert not Deal.objects.exists()
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("days", "sentence"), [(-1, "not in the past"), (5 * 366 + 1, "five years")]
)
def test_the_close_lies_ahead_but_not_too_far(cast, asking, days, sentence):
    close = timezone.localdate() + dt.timedelta(days=days)
    with pytest.raises(InvalidRegistration) as refused:
        register_deal(actor=cast.actor(cast.jonas), request=asking(expected_close=close))

    assert sentence in str(refused.value.problems["expected_close"])
