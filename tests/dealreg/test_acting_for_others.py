"""Whoever acted for a partner when it registered does not approve the registration."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dealreg.models import Deal
from dealreg.services import approve_deal
from partners.models import Membership
from partners.queries import actor_for
from partners.services import visits

pytestmark = pytest.mark.django_db


def test_nobody_approves_what_they_registered_for_a_partner(cast, registered):
    deal = registered(amount=Decimal(90_000))
    assert deal.status == "in_review"
    visits.begin_visit(
        actor=actor_for(cast.mara),
        membership_id=Membership.objects.get(user=cast.jonas).pk,
        reason="by telephone",
    )
    Deal.objects.filter(pk=deal.pk).update(submitted_at=timezone.now())
    with pytest.raises(PermissionDenied):
        approve_deal(actor=actor_for(cast.mara), deal_id=deal.pk)
    assert approve_deal(actor=actor_for(cast.otto), deal_id=deal.pk).status == "approved"
