"""Who leaves a partner loses everything of it at once."""

import pytest

from core import delivery
from core.models import Notification, OutgoingMail
from partners.models import Membership
from partners.queries import actor_for
from partners.services.places import end_place

pytestmark = pytest.mark.django_db


def leave(cast) -> None:
    place = Membership.objects.get(user=cast.jonas)
    end_place(actor=cast.actor(cast.otto), membership_id=place.pk)


def test_pages_and_notifications_are_gone(client, cast, registered):
    deal = registered()
    delivery.deliver_due()
    client.force_login(cast.jonas)
    assert client.get(f"/deals/{deal.pk}/").status_code == 200

    leave(cast)

    assert client.get(f"/deals/{deal.pk}/").status_code == 403
    assert not Notification.objects.filter(user=cast.jonas).exists()
    assert Notification.objects.filter(user=cast.ada).count() == 1
    assert actor_for(cast.jonas).partner_id is None


def test_mail_that_waits_is_not_sent(cast, registered):
    registered()
    delivery.deliver_due()
    assert OutgoingMail.objects.filter(to_user=cast.jonas, state="waiting").count() == 1

    leave(cast)

    assert not OutgoingMail.objects.filter(to_user=cast.jonas, state="waiting").exists()
    assert OutgoingMail.objects.filter(to_user=cast.ada, state="waiting").count() == 1


def test_news_that_was_under_way_does_not_reach_them(cast, registered):
    registered()
    leave(cast)
    delivery.deliver_due()

    assert not Notification.objects.filter(user=cast.jonas).exists()
    assert Notification.objects.filter(user=cast.ada).count() == 1
