"""Mara decides in the back office."""

from decimal import Decimal

import pytest
from django.urls import reverse

from core.models import Event
from dealreg.models import Deal, Decision, Protection
from dealreg.services import approve_deal
from partners.models import Region, StaffDuty

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, cast):
    """Mara's browser."""
    client.force_login(cast.mara)
    return client


@pytest.fixture
def waiting(registered):
    """A registration over the tier's limit."""
    return registered(amount=Decimal(80_000))


def review(deal):
    return reverse("admin:dealreg_deal_review", args=[deal.pk])


def approve(desk, deal, **fields):
    data = {"approve-note": "", "approve-version": deal.version, **fields}
    return desk.post(reverse("admin:dealreg_deal_approve", args=[deal.pk]), data)


def decline(desk, deal, **fields):
    data = {
        "decline-reason": "direct",
        "decline-message": "Our team in Bonn has met them.",
        "decline-version": deal.version,
        **fields,
    }
    return desk.post(reverse("admin:dealreg_deal_decline", args=[deal.pk]), data)


def untouched(deal, events):
    """Nothing was decided and nothing was written down."""
    deal.refresh_from_db()
    return (deal.status, deal.decisions.count(), Event.objects.count()) == (
        "in_review",
        1,
        events,
    )


def test_the_page_shows_what_decides(desk, waiting):
    page = desk.get(review(waiting)).content.decode()

    for words in (
        "Nordwind Logistics GmbH",
        "€80,000.00",
        "Alpha Systems",
        "Silver",
        "€50,000.00",
        "The amount is over the tier",
        "This rule decided",
        "Approve and protect for 90 days",
        "Outside the agreed territory",
    ):
        assert words in page, words


def test_approving_protects_and_leads_to_the_next(desk, waiting, registered):
    later = registered(customer_name="Halcyon", customer_domain="", amount=Decimal(90_000))
    answer = approve(desk, waiting, **{"approve-note": "Good work."})

    assert answer.headers["Location"] == review(later)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.decided_by) == ("approved", "Mara")
    assert waiting.decisions.latest("id").message == "Good work."
    assert Protection.objects.get().deal_id == waiting.pk


def test_after_the_last_one_comes_the_empty_queue(desk, waiting):
    answer = decline(desk, waiting)

    assert answer.headers["Location"] == reverse("admin:dealreg_deal_queue")
    waiting.refresh_from_db()
    assert waiting.status == "declined"
    assert "The queue is empty" in desk.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("field", "says"),
    [("decline-message", "Tell the partner why"), ("decline-reason", "Choose the reason")],
)
def test_declining_needs_reason_and_sentence(desk, waiting, field, says):
    events = Event.objects.count()
    answer = decline(desk, waiting, **{field: ""})

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert untouched(waiting, events)


def test_a_stale_decision_is_refused_and_keeps_the_text(desk, waiting):
    Deal.objects.filter(pk=waiting.pk).update(version=waiting.version + 1)
    events = Event.objects.count()
    answer = approve(desk, waiting, **{"approve-note": "Go ahead"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "changed after you opened it" in page
    assert "Go ahead" in page
    assert f'name="approve-version" value="{waiting.version + 1}"' in page
    assert untouched(waiting, events)


def test_a_colleague_was_faster(desk, waiting, cast):
    approve_deal(actor=cast.actor(cast.otto), deal_id=waiting.pk)
    events, decisions = Event.objects.count(), Decision.objects.count()
    answer = decline(desk, waiting)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Already decided: Otto set it to “Approved” on" in page
    assert "Your decision" not in page
    assert (Event.objects.count(), Decision.objects.count()) == (events, decisions)


def test_a_protected_customer_names_its_holder(desk, registered, cast):
    held = registered()
    rival = registered(by=cast.bo)
    events = Event.objects.count()
    answer = approve(desk, rival)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The customer is protected for Alpha Systems until" in page
    assert reverse("admin:dealreg_deal_change", args=[held.pk]) in page
    assert untouched(rival, events)


def test_the_rival_stands_beside(desk, registered, cast):
    held = registered()
    rival = registered(by=cast.bo, amount=Decimal(30_000))
    page = desk.get(review(rival)).content.decode()

    assert held.reference in page
    assert "Alpha Systems" in page
    assert "€12,800.00" in page


@pytest.mark.parametrize("name", ["approve", "decline"])
def test_deciding_is_a_post(desk, waiting, name):
    assert desk.get(reverse(f"admin:dealreg_deal_{name}", args=[waiting.pk])).status_code == 405


def test_a_region_bounds_what_is_seen_and_decided(desk, waiting, cast):
    asia = Region.objects.create(code="ASIA", name="Asia", path="ASIA")
    StaffDuty.objects.filter(user=cast.mara).update(region=asia)
    events = Event.objects.count()

    assert desk.get(review(waiting)).status_code == 404
    assert approve(desk, waiting).status_code == 404
    assert waiting.reference not in desk.get(reverse("admin:dealreg_deal_queue")).content.decode()
    assert untouched(waiting, events)


def test_the_story_has_no_forms(desk, waiting):
    page = desk.get(reverse("admin:dealreg_deal_change", args=[waiting.pk])).content.decode()

    assert "approve-note" not in page
    assert review(waiting) in page


@pytest.mark.parametrize("address", ["0", "999999999999", "9" * 40, "x"])
def test_a_deal_that_is_not_there(desk, cast, address):
    base = reverse("admin:dealreg_deal_changelist")

    assert desk.get(f"{base}{address}/review/", follow=True).status_code == 404
    assert desk.get(f"{base}{address}/change/").status_code == 404


def test_nobody_edits_adds_or_deletes_a_deal(client, cast, waiting):
    cast.otto.is_superuser = True
    cast.otto.save()
    client.force_login(cast.otto)
    change = reverse("admin:dealreg_deal_change", args=[waiting.pk])

    assert client.post(change, {"status": "approved"}).status_code == 405
    assert client.get(reverse("admin:dealreg_deal_add")).status_code == 403
    assert client.post(reverse("admin:dealreg_deal_delete", args=[waiting.pk])).status_code == 403
    waiting.refresh_from_db()
    assert waiting.status == "in_review"


def test_a_likely_customer_says_how_alike_it_is(desk, registered, cast):
    registered(customer_domain="")
    second = registered(by=cast.bo, customer_name="Nordwnid Logistics", customer_domain="")
    text = desk.get(reverse("admin:dealreg_deal_review", args=[second.pk])).content.decode()

    assert "names 94 % alike" in text
    assert "Nordwind Logistics GmbH" in text


@pytest.mark.parametrize("key", ["²", "x", "9" * 30])
def test_what_is_no_number_is_not_found(desk, waiting, key):
    assert desk.get(f"/admin/dealreg/deal/{key}/change/").status_code == 404
    assert desk.get(f"{reverse('admin:dealreg_deal_queue')}?after=2026-01-01T00:00Z,{key}")
