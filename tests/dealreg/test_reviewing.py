"""A channel manager decides."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from core.models import Event
from dealreg.models import Deal, Protection
from dealreg.rules.states import DeclineReason
from dealreg.services import StaleEdit, approve_deal, decline_deal, withdraw_deal
from dealreg.services.reviewing import CustomerIsProtected, ReasonMissing
from partners.models import Region, StaffDuty

pytestmark = pytest.mark.django_db


def test_approval_protects_and_names_who_decided(registered, cast):
    deal = registered(amount=Decimal(80_000))
    approve_deal(actor=cast.actor(cast.mara), deal_id=deal.pk, note="Well prepared.")

    deal.refresh_from_db()
    assert (deal.status, deal.decided_by) == ("approved", "Mara")
    assert deal.decisions.latest("id").message == "Well prepared."
    assert deal.protection.period.upper - deal.decided_at == dt.timedelta(days=90)


def test_decline_tells_reason_and_sentence(registered, cast):
    deal = registered(amount=Decimal(80_000))
    decline_deal(
        actor=cast.actor(cast.mara),
        deal_id=deal.pk,
        reason=DeclineReason.DIRECT,
        message="Our team in Bonn has met them.",
    )

    decision = Deal.objects.get(pk=deal.pk).decisions.latest("id")
    assert decision.message == (
        "We are already working with the customer directly. Our team in Bonn has met them."
    )
    assert (decision.origin, decision.reason) == ("person", "direct")


def test_no_decline_without_a_sentence(registered, cast):
    deal = registered(amount=Decimal(80_000))
    with pytest.raises(ReasonMissing):
        decline_deal(
            actor=cast.actor(cast.mara), deal_id=deal.pk, reason=DeclineReason.OTHER, message=" "
        )

    assert Deal.objects.get(pk=deal.pk).status == "in_review"


def test_a_protected_customer_is_not_given_away(registered, cast):
    first = registered()
    second = registered(by=cast.bo)
    events = Event.objects.count()

    with pytest.raises(CustomerIsProtected) as refused:
        approve_deal(actor=cast.actor(cast.mara), deal_id=second.pk)

    assert refused.value.protection.deal_id == first.pk
    assert Deal.objects.get(pk=second.pk).status == "in_review"
    assert Event.objects.count() == events


def test_a_withdrawn_registration_frees_the_customer(registered, cast):
    first, second = registered(), registered(by=cast.bo)
    withdraw_deal(actor=cast.actor(cast.jonas), deal_id=first.pk, note="Lost interest")

    approve_deal(actor=cast.actor(cast.mara), deal_id=second.pk)

    assert Protection.objects.get(released_at__isnull=True).deal_id == second.pk


def test_the_database_refuses_two_protections_at_once(registered, cast):
    first, second = registered(), registered(by=cast.bo)
    now = timezone.now()
    overlapping = Protection(
        deal=second,
        partner=cast.beta,
        account=first.account,
        product_line=cast.product,
        period=DateTimeTZRange(now + dt.timedelta(days=89), now + dt.timedelta(days=99)),
    )

    with pytest.raises(IntegrityError, match="protection_never_overlaps"), transaction.atomic():
        overlapping.save()


def test_a_stale_decision_is_told(registered, cast):
    deal = registered(amount=Decimal(80_000))
    with pytest.raises(StaleEdit) as stale:
        approve_deal(actor=cast.actor(cast.mara), deal_id=deal.pk, version=deal.version - 1)

    assert stale.value.current.version == deal.version


def test_a_manager_of_another_region_does_not_find_it(registered, cast):
    amer = Region.objects.create(code="AMER", name="Americas", path="WORLD.AMER")
    StaffDuty.objects.filter(user=cast.mara).update(region=amer)
    deal = registered(amount=Decimal(80_000))

    assert not Deal.objects.visible_to(cast.actor(cast.mara)).filter(pk=deal.pk).exists()
