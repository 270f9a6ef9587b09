"""Deals and their protection follow a partner that is merged into another, and come back."""

import pytest

from dealreg.models import Protection
from partners.models import PartnerContact, PartnerDomain, TierStay
from partners.queries import actor_for
from partners.rules import PartnerStatus
from partners.services.merging import MergeRefused, merge_partners, undo_merge
from tests.partners.test_merging import twin as twin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def test_what_the_one_has_belongs_to_the_other(cast, twin, registered):
    deal = registered()
    PartnerContact.objects.create(partner=cast.alpha, name="Lena", role="legal")
    stay = TierStay.objects.create(
        partner=cast.alpha, tier=cast.alpha.tier, since="2026-01-01T00:00Z"
    )
    otto = cast.actor(cast.otto)
    merge_partners(actor=otto, survivor_id=twin.pk, loser_id=cast.alpha.pk)
    deal.refresh_from_db()
    stay.refresh_from_db()
    cast.alpha.refresh_from_db()
    assert (deal.partner, PartnerContact.objects.get().partner) == (twin, twin)
    assert Protection.objects.get(deal=deal).partner == twin
    assert PartnerDomain.objects.get().partner == twin
    assert actor_for(cast.jonas).partner_id == twin.pk
    assert (stay.partner, cast.alpha.status) == (cast.alpha, PartnerStatus.OFFBOARDED)


def test_undoing_gives_all_back_and_leaves_what_came_since(cast, twin, registered):
    deal = registered()
    otto = cast.actor(cast.otto)
    merge = merge_partners(actor=otto, survivor_id=twin.pk, loser_id=cast.alpha.pk)
    new = PartnerContact.objects.create(partner=twin, name="Since", role="legal")
    undo_merge(actor=otto, merge_id=merge.pk)
    deal.refresh_from_db()
    new.refresh_from_db()
    cast.alpha.refresh_from_db()
    assert (deal.partner, new.partner) == (cast.alpha, twin)
    assert actor_for(cast.jonas).partner_id == cast.alpha.pk
    assert cast.alpha.status == PartnerStatus.ACTIVE
    with pytest.raises(MergeRefused):
        undo_merge(actor=otto, merge_id=merge.pk)
