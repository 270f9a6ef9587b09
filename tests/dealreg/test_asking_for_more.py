"""Rules that send a registration back, and decisions that say what would have helped."""

from decimal import Decimal

import pytest
from django.urls import reverse

from core import delivery
from core.models import Event, Notification
from dealreg import services
from dealreg.models import Deal
from dealreg.rules.engagement import InvalidRule
from dealreg.rules.request import InvalidRegistration

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking_rules(cast, rules):
    """Rules that ask tenders without consent for the consent and a description."""
    otto = cast.actor(cast.otto)
    draft = services.draft_book(actor=otto, from_book_id=rules.pk)
    written = services.drafting.rules_of(draft)
    ask = services.RuleDraft(
        code="consent-missing",
        outcome="ask",
        conditions=written[1].conditions,
        message="Please ask $customer for its consent.",
        asks_for=("customer_consent", "description"),
    )
    services.write_draft(
        actor=otto, book_id=draft.pk, title="Asks", rules=[written[0], ask, *written[2:]]
    )
    return services.publish_book(actor=otto, book_id=draft.pk)


@pytest.fixture
def sent_back(asking_rules, registered) -> Deal:
    deal: Deal = registered(public_sector=True)
    return deal


def test_a_registration_is_sent_back_with_what_is_missing(sent_back):
    decision = sent_back.decisions.get()

    assert (sent_back.status, sent_back.decided_at) == ("needs_info", None)
    assert (decision.outcome, decision.rule) == ("ask", "consent-missing")
    assert decision.asked_for == ["customer_consent", "description"]
    assert decision.message == "Please ask Nordwind Logistics GmbH for its consent."
    event = Event.objects.get(kind="dealreg.deal_sent_back")
    assert event.payload["asked_for"] == ["customer_consent", "description"]


def test_the_partner_is_told(sent_back, cast):
    delivery.deliver_due()

    assert Notification.objects.filter(
        user=cast.jonas, title__endswith="please complete your registration"
    ).exists()


def test_completed_it_is_decided_anew(sent_back, asking, cast):
    request = asking(public_sector=True, customer_consent=True, description="They agreed.")
    deal = services.register_deal(
        actor=cast.actor(cast.jonas), request=request, deal_id=sent_back.pk
    )

    assert deal.status == "approved"
    assert list(deal.decisions.values_list("outcome", flat=True)) == ["approve", "ask"]


def test_nothing_but_what_was_asked_for_may_change(sent_back, asking, cast):
    request = asking(public_sector=True, customer_consent=True, amount=Decimal(1))
    events = Event.objects.count()
    with pytest.raises(InvalidRegistration) as refused:
        services.register_deal(actor=cast.actor(cast.jonas), request=request, deal_id=sent_back.pk)

    assert set(refused.value.problems) == {"amount"}
    sent_back.refresh_from_db()
    assert (sent_back.status, sent_back.amount) == ("needs_info", Decimal(12_800))
    assert Event.objects.count() == events


def test_the_form_opens_only_what_was_asked_for(sent_back, client, cast):
    client.force_login(cast.jonas)
    page = client.get(reverse("deal_detail", args=[sent_back.pk])).content.decode()
    assert "Please complete: The customer agreed to be registered, What is the opp" in page

    address = reverse("deal_edit", args=[sent_back.pk])
    form = client.get(address).context["form"]
    is_open = {field.name for field in form.visible_fields() if not field.field.disabled}
    assert is_open == {"customer_consent", "description"}
    sent = {
        "act": "register",
        "customer_consent": "on",
        "amount": "1",
        "version": form["version"].value(),
    }
    assert client.post(address, sent).status_code == 302
    sent_back.refresh_from_db()
    assert (sent_back.status, sent_back.amount) == ("approved", Decimal(12_800))


def test_what_was_sent_back_can_be_withdrawn(sent_back, cast):
    deal = services.withdraw_deal(actor=cast.actor(cast.jonas), deal_id=sent_back.pk)

    assert deal.status == "withdrawn"


def test_an_asking_rule_names_what_it_asks_for(cast, rules):
    otto = cast.actor(cast.otto)
    draft = services.draft_book(actor=otto, from_book_id=rules.pk)
    written = services.drafting.rules_of(draft)
    nothing = services.RuleDraft("ask", "ask", written[1].conditions, "More, please.")
    with pytest.raises(InvalidRule, match="name what to ask for"):
        services.write_draft(actor=otto, book_id=draft.pk, title="x", rules=[nothing, *written])

    assert draft.rules.count() == len(written)


def test_a_decision_says_what_would_have_helped(registered, client, cast):
    deal = registered(amount=Decimal(80_000))
    hint = deal.decisions.get().hint
    assert hint == {
        "fact": "deal.amount",
        "direction": "less",
        "value": "50000.000",
        "outcome": "approve",
    }

    words = "With an amount of at most €50,000.00 it would have been approved at once."
    client.force_login(cast.jonas)
    assert words in client.get(reverse("deal_detail", args=[deal.pk])).content.decode()
    answer = client.get(reverse("api_deal", args=[deal.pk])).json()
    assert answer["decision"]["hint"] == {**hint, "message": words}
    client.force_login(cast.mara)
    review = reverse("admin:dealreg_deal_review", args=[deal.pk])
    assert words in client.get(review).content.decode()


def test_a_conflict_gets_no_hint(registered, cast):
    registered()
    late = registered(by=cast.bo)

    assert (late.status, late.decisions.get().hint) == ("in_review", None)


def test_facts_that_cost_a_query_are_read_only_when_asked(cast, rules, registered):
    assert "partner.wins_12m" not in registered().decisions.get().facts
    otto = cast.actor(cast.otto)
    draft = services.draft_book(actor=otto, from_book_id=rules.pk)
    rule = services.RuleDraft(
        "busy",
        "review",
        {
            "any": [
                {"fact": "partner.registrations_12m", "at_least": 1},
                {"fact": "partner.open_registrations", "above": 9},
                {"fact": "deal.files", "above": 9},
                {"fact": "customer.bought_before", "is": True},
            ]
        },
        "Busy",
    )
    written = services.drafting.rules_of(draft)
    services.write_draft(actor=otto, book_id=draft.pk, title="x", rules=[rule, *written])
    services.publish_book(actor=otto, book_id=draft.pk)
    facts = registered(customer_name="Halcyon Retail", customer_domain="").decisions.get().facts

    assert (facts["partner.registrations_12m"], facts["partner.open_registrations"]) == ("1", "1")
    assert (facts["deal.files"], facts["customer.bought_before"]) == ("0", False)
