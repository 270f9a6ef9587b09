"""Who is told of what, in the portal and by e-mail."""

from decimal import Decimal

import pytest

from core import delivery
from core.models import Notification, OutgoingMail
from dealreg.rules.states import DeclineReason
from dealreg.services import decline_deal

pytestmark = pytest.mark.django_db


def told() -> set[tuple[str, str]]:
    delivery.deliver_due()
    return set(Notification.objects.values_list("user__name", "title"))


def test_an_approval_reaches_the_seller_and_the_administrator(registered):
    deal = registered()

    title = "Nordwind Logistics GmbH: your registration is approved"
    assert told() == {("Jonas", title), ("Ada", title)}
    mail = OutgoingMail.objects.get(to_address="jonas@cast.example")
    assert f"/deals/{deal.pk}/" in mail.text
    assert "protected for your company for 90 days" in mail.text


def test_a_review_asks_the_channel_manager(registered):
    registered(amount=Decimal(80_000))

    assert ("Mara", "Alpha Systems registered Nordwind Logistics GmbH: please decide") in told()


def test_hearing_twice_tells_once(registered):
    registered()
    told()
    before = OutgoingMail.objects.count()
    told()

    assert OutgoingMail.objects.count() == before == 2


def test_who_wants_no_mail_gets_none(registered, cast):
    type(cast.jonas).objects.filter(pk=cast.jonas.pk).update(mail_notifications=False)
    registered()
    told()

    assert not OutgoingMail.objects.filter(to_address="jonas@cast.example").exists()
    assert Notification.objects.filter(user=cast.jonas).count() == 1


def test_a_decline_carries_the_reason(registered, cast):
    deal = registered(amount=Decimal(80_000))
    decline_deal(
        actor=cast.actor(cast.mara),
        deal_id=deal.pk,
        reason=DeclineReason.DIRECT,
        message="Met in Bonn.",
    )
    told()

    note = Notification.objects.get(user=cast.jonas, title__contains="declined")
    assert note.body.endswith("Met in Bonn.")
