"""Mara approves several registrations of the queue at once."""

from decimal import Decimal

import pytest
from django.urls import reverse

from core.models import Event
from dealreg.models import Deal
from dealreg.rules.desk import MOST_TOGETHER, Waiting, why_alone
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.states import DeclineReason
from dealreg.services import (
    Chosen,
    TooManyTogether,
    approve_together,
    decline_deal,
)
from partners.models import Region, StaffDuty

pytestmark = pytest.mark.django_db

NAMES = ("Nordwind Logistics GmbH", "Blaustein Apotheken AG", "Kupferhof Brauerei KG")


@pytest.fixture
def waiting(registered):
    """Three registrations over the tier's limit, for customers that nobody else has."""
    return [
        registered(customer_name=name, customer_domain="", amount=Decimal(80_000)) for name in NAMES
    ]


def chosen(deals):
    return [Chosen(deal.pk, deal.version) for deal in deals]


def statuses(deals):
    return [Deal.objects.get(pk=deal.pk).status for deal in deals]


def test_each_is_approved_protected_and_recorded(cast, waiting):
    answers = approve_together(actor=cast.actor(cast.mara), chosen=chosen(waiting), note="Fine.")

    assert [answer.refusal for answer in answers] == ["", "", ""]
    assert statuses(waiting) == ["approved"] * 3
    assert all(deal.protection.released_at is None for deal in Deal.objects.all())
    approved = Event.objects.filter(kind="dealreg.deal_approved")
    assert [event.payload["note"] for event in approved] == ["Fine."] * 3


def test_what_meets_a_conflict_stays_and_the_others_go(cast, waiting, registered):
    rival = registered(
        by=cast.bo, customer_name=NAMES[0], customer_domain="", amount=Decimal(80_000)
    )
    answers = approve_together(actor=cast.actor(cast.mara), chosen=chosen(waiting))

    assert [bool(answer.refusal) for answer in answers] == [True, False, False]
    assert answers[0].refusal == "Somebody may already be working with the customer."
    assert statuses([*waiting, rival]) == ["in_review", "approved", "approved", "in_review"]


def test_a_stale_choice_changes_nothing(cast, waiting):
    old = chosen(waiting)
    Deal.objects.filter(pk=waiting[1].pk).update(version=waiting[1].version + 1)

    answers = approve_together(actor=cast.actor(cast.mara), chosen=old)
    assert answers[1].refusal == "It has changed since the list was drawn."
    assert statuses(waiting) == ["approved", "in_review", "approved"]


def test_what_was_decided_meanwhile_keeps_its_decision(cast, waiting):
    mara = cast.actor(cast.mara)
    decline_deal(
        actor=mara, deal_id=waiting[0].pk, reason=DeclineReason.DIRECT, message="Ours already."
    )
    answers = approve_together(actor=mara, chosen=chosen(waiting[:1]))
    assert answers[0].refusal == "It is not waiting for a decision any more."
    assert statuses(waiting[:1]) == ["declined"]


def test_partners_may_not(cast, waiting, client):
    client.force_login(cast.jonas)
    data = {"chosen": [f"{deal.pk}:{deal.version}" for deal in waiting], "confirmed": "1"}
    answer = client.post(reverse("admin:dealreg_deal_approve_together"), data)
    assert answer.status_code == 403
    assert statuses(waiting) == ["in_review"] * 3


def test_other_regions_are_not_answered_about(cast, waiting):
    elsewhere = Region.objects.create(code="APAC", name="Asia-Pacific", path="APAC")
    StaffDuty.objects.filter(user=cast.mara).update(region=elsewhere)
    assert approve_together(actor=cast.actor(cast.mara), chosen=chosen(waiting)) == []
    assert statuses(waiting) == ["in_review"] * 3


def test_more_than_anybody_looks_at_is_refused(cast, waiting):
    many = chosen(waiting) * (MOST_TOGETHER // 3 + 1)
    with pytest.raises(TooManyTogether):
        approve_together(actor=cast.actor(cast.mara), chosen=many)
    assert statuses(waiting) == ["in_review"] * 3


def test_the_queue_offers_only_what_needs_no_look(cast, waiting, registered, client):
    tender = registered(
        customer_name="Stadt Lindau", customer_domain="", amount=Decimal(80_000), public_sector=True
    )
    client.force_login(cast.mara)
    page = client.get(reverse("admin:dealreg_deal_queue")).content.decode()

    assert f'value="{waiting[0].pk}:{waiting[0].version}"' in page
    assert f'value="{tender.pk}:' not in page


def test_first_the_list_again_then_what_became_of_each(cast, waiting, client):
    client.force_login(cast.mara)
    address = reverse("admin:dealreg_deal_approve_together")
    data = {"chosen": [f"{deal.pk}:{deal.version}" for deal in waiting]}
    page = client.post(address, data).content.decode()
    assert all(name in page for name in NAMES)
    assert statuses(waiting) == ["in_review"] * 3

    after = client.post(address, {**data, "confirmed": "1"}, follow=True).content.decode()
    assert "3 registrations are approved: " in after
    assert "The queue is empty" in after


def test_nothing_chosen_says_so(cast, client):
    client.force_login(cast.mara)
    address = reverse("admin:dealreg_deal_approve_together")
    answer = client.post(address, {"chosen": ["x:1", "1:", "²:1"]}, follow=True)
    assert "Choose at least one registration." in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, 0),
        ({"status": "approved"}, 1),
        ({"conflict": ConflictLevel.POSSIBLE}, 1),
        ({"partner_status": "at_risk"}, 1),
        ({"public_sector": True, "conflict": ConflictLevel.SAME}, 2),
    ],
)
def test_why_a_registration_is_opened(change, reasons):
    fields = {
        "status": "in_review",
        "partner_status": "active",
        "conflict": ConflictLevel.NONE,
        "public_sector": False,
    }
    assert len(why_alone(Waiting(**{**fields, **change}))) == reasons
