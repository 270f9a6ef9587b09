"""Up to which amount channel managers approve: a region's limit, inherited down the tree."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from core.models import Event, ExchangeRate
from dealreg.models import Deal
from dealreg.rules.cases import CaseReason, SideOutcome
from dealreg.services import Chosen, OverApprovalLimit, approve_deal, approve_together, cases
from partners.models import Region, RegionPolicy

pytestmark = pytest.mark.django_db


@pytest.fixture
def limited(cast):
    world = Region.objects.get(code="WORLD")
    return RegionPolicy.objects.create(region=world, approval_limit=Decimal(100_000))


def test_channel_managers_approve_up_to_the_limit_and_operations_above(registered, cast, limited):
    over, within = (
        registered(amount=Decimal(100_001)),
        registered(
            amount=Decimal(100_000), customer_name="Nordlicht", customer_domain="nordlicht.example"
        ),
    )
    events = Event.objects.count()
    with pytest.raises(OverApprovalLimit, match="WORLD channel managers approve up to"):
        approve_deal(actor=cast.actor(cast.mara), deal_id=over.pk)
    assert (Deal.objects.get(pk=over.pk).status, Event.objects.count()) == ("in_review", events)

    approve_deal(actor=cast.actor(cast.mara), deal_id=within.pk)
    approve_deal(actor=cast.actor(cast.otto), deal_id=over.pk)
    assert set(Deal.objects.values_list("status", flat=True)) == {"approved"}


def test_the_limit_counts_in_the_base_currency(registered, cast, limited):
    ExchangeRate.objects.create(currency="GBP", rate=Decimal("1.2"), valid_from="2020-01-01")
    over = registered(amount=Decimal(90_000), currency="GBP")
    with pytest.raises(OverApprovalLimit):
        approve_deal(actor=cast.actor(cast.mara), deal_id=over.pk)
    RegionPolicy.objects.create(region=cast.alpha.region, any_amount=True)
    approve_deal(actor=cast.actor(cast.mara), deal_id=over.pk)


def test_together_leaves_what_is_over_the_limit(registered, cast, limited):
    over = registered(amount=Decimal(200_000))
    (answer,) = approve_together(
        actor=cast.actor(cast.mara), chosen=[Chosen(over.pk, over.version)]
    )
    assert "partner operations approves what is above" in answer.refusal
    assert Deal.objects.get(pk=over.pk).status == "in_review"


def test_the_review_page_says_the_limit_and_offers_no_approval_above(
    client, registered, cast, limited
):
    over = registered(amount=Decimal(200_000))
    client.force_login(cast.mara)
    page = client.get(reverse("admin:dealreg_deal_review", args=[over.pk])).content.decode()
    approve = reverse("admin:dealreg_deal_approve", args=[over.pk])
    assert "above your limit" in page
    assert f'action="{approve}"' not in page
    answer = client.post(approve, {"approve-version": over.version})
    assert answer.status_code == 403
    assert "partner operations approves what is above" in answer.content.decode()
    assert reverse("admin:dealreg_deal_decline", args=[over.pk]) in page


def test_a_case_gives_no_customer_above_the_limit(registered, cast, limited):
    first = registered()
    over = registered(cast.bo, customer_name="Nordwind Logistics AG", amount=Decimal(200_000))
    case = cases.open_case(actor=cast.actor(cast.mara), deal_id=over.pk, why="Both met them.")
    told = {
        side.pk: cases.SideDecision(
            SideOutcome.GETS if side.deal_id == over.pk else SideOutcome.LOSES, "Told."
        )
        for side in case.sides.all()
    }
    decision: dict[str, Any] = {
        "case_id": case.pk,
        "decisions": told,
        "reason": CaseReason.PROGRESS,
    }
    with pytest.raises(OverApprovalLimit):
        cases.decide_case(actor=cast.actor(cast.mara), grounds="As seen.", **decision)
    assert [Deal.objects.get(pk=one.pk).status for one in (first, over)] == [
        "approved",
        "in_review",
    ]
    cases.decide_case(actor=cast.actor(cast.otto), grounds="As seen.", **decision)
    assert Deal.objects.get(pk=over.pk).status == "approved"
