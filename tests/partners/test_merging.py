"""Partners that turn out to be one company: found, merged, and taken apart again."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core import delivery
from core.models import Event
from partners.models import (
    Invitation,
    Membership,
    Partner,
    PartnerMerge,
    PartnerPair,
    PartnerTerritory,
    TierStay,
)
from partners.queries.tier_page import history, tier_page
from partners.rules import PartnerStatus
from partners.services import add_partner, set_territories
from partners.services.duplicates import dismiss_pair, look_on, open_pairs
from partners.services.merging import MergeRefused, merge_partners, undo_merge
from partners.services.standing import PartnerDetails

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(cast):
    """Alpha Systems once more, as somebody else typed it."""
    return Partner.objects.create(
        name="ALPHA Systems GmbH",
        type="reseller",
        status=PartnerStatus.ACTIVE,
        region=cast.alpha.region,
        tier=cast.alpha.tier,
        country="DE",
    )


@pytest.fixture
def merged(cast, twin):
    otto = cast.actor(cast.otto)
    return merge_partners(actor=otto, survivor_id=twin.pk, loser_id=cast.alpha.pk)


def test_the_search_finds_those_that_look_like_one(cast, twin):
    assert look_on() == 3
    pair = open_pairs().get()
    assert {pair.first, pair.second} == {cast.alpha, twin}
    assert ["name", 100] in pair.fields
    assert look_on() == 0


def test_a_new_partner_is_compared_at_once(cast):
    look_on()
    details = PartnerDetails("Beta Network", "reseller", cast.beta.region_id, None, "DE")
    otto = cast.actor(cast.otto)
    status = PartnerStatus.PROSPECT
    add_partner(actor=otto, details=details, status=status, tier_id=cast.beta.tier_id)
    delivery.deliver_due()
    assert open_pairs().get().first == cast.beta


def test_adding_a_double_is_warned_of_and_possible_on_purpose(client, cast):
    look_on()
    client.force_login(cast.otto)
    form = {
        "name": "Alpha Systems Ltd",
        "type": "reseller",
        "status": "prospect",
        "region": cast.alpha.region_id,
        "tier": cast.alpha.tier_id,
        "country": "DE",
        "domains_text": "",
    }
    add = reverse("admin:partners_partner_add")
    assert "Is it one of these? Alpha Systems" in client.post(add, form).content.decode()
    assert Partner.objects.count() == 2
    assert client.post(add, {**form, "not_a_double": "on"}).status_code == 302
    assert Partner.objects.count() == 3


def test_two_that_are_two_are_not_proposed_again(client, cast, twin):
    look_on()
    client.force_login(cast.otto)
    pair = open_pairs().get()
    listed = client.get(reverse("admin:partners_partnerpair_changelist")).content.decode()
    assert "ALPHA Systems GmbH" in listed
    page = reverse("admin:partners_partnerpair_change", args=[pair.pk])
    assert "Merge, keep ALPHA Systems GmbH" in client.get(page).content.decode()
    client.post(reverse("admin:partners_partnerpair_decide", args=[pair.pk]), {"keep": "both"})
    assert not open_pairs().exists()
    assert Event.objects.filter(kind="partners.pair_dismissed").count() == 2
    assert "Merge, keep" not in client.get(page).content.decode()


def test_what_both_have_is_there_once_and_comes_back(cast, twin):
    otto = cast.actor(cast.otto)
    set_territories(actor=otto, partner_id=cast.alpha.pk, places=["DE", "AT"])
    set_territories(actor=otto, partner_id=twin.pk, places=["DE"])
    merge = merge_partners(actor=otto, survivor_id=twin.pk, loser_id=cast.alpha.pk)
    held = PartnerTerritory.objects.filter(partner=twin).values_list("place", flat=True)
    assert sorted(held) == ["AT", "DE"]
    undo_merge(actor=otto, merge_id=merge.pk)
    assert sorted(PartnerTerritory.objects.values_list("partner", "place")) == sorted(
        [(cast.alpha.pk, "AT"), (cast.alpha.pk, "DE"), (twin.pk, "DE")]
    )


def test_what_was_changed_since_keeps_a_merge_from_being_undone(cast, merged):
    Membership.objects.filter(user=cast.jonas).delete()
    with pytest.raises(MergeRefused):
        undo_merge(actor=cast.actor(cast.otto), merge_id=merged.pk)
    assert Membership.objects.get(user=cast.ada).partner_id == merged.survivor_id
    merged.refresh_from_db()
    assert merged.undone_at is None


def test_what_is_open_is_ended_first(cast, twin):
    Invitation.objects.create(
        partner=cast.alpha, email="x@alpha.example", roles=["sales"], state="held",
        expires_at="2030-01-01T00:00Z",
    )  # fmt: skip
    with pytest.raises(MergeRefused, match="Revoke the open invitations of Alpha Systems first"):
        merge_partners(actor=cast.actor(cast.otto), survivor_id=twin.pk, loser_id=cast.alpha.pk)
    assert Membership.objects.get(user=cast.jonas).partner == cast.alpha


def test_nobody_is_merged_twice_or_with_itself(cast, twin, merged):
    otto = cast.actor(cast.otto)
    for kept, loser in ((twin, cast.alpha), (cast.beta, cast.alpha), (twin, twin)):
        with pytest.raises(MergeRefused):
            merge_partners(actor=otto, survivor_id=kept.pk, loser_id=loser.pk)
    assert PartnerMerge.objects.count() == 1


@pytest.mark.parametrize("who", ["mara", "ada", "jonas", "bo", "olga"])
def test_only_operations_merge(cast, twin, who):
    actor = cast.actor(getattr(cast, who))
    with pytest.raises(PermissionDenied):
        merge_partners(actor=actor, survivor_id=twin.pk, loser_id=cast.alpha.pk)
    pair = PartnerPair.objects.create(first=cast.alpha, second=twin)
    with pytest.raises(PermissionDenied):
        dismiss_pair(actor=actor, pair_id=pair.pk)
    assert not PartnerMerge.objects.exists()


def test_operations_merge_and_undo_in_the_back_office(client, cast, twin):
    client.force_login(cast.otto)
    chosen = {"action": "propose_pair", "_selected_action": [cast.alpha.pk, twin.pk]}
    page = client.post(reverse("admin:partners_partner_changelist"), chosen).url
    pair = PartnerPair.objects.get()
    assert page == reverse("admin:partners_partnerpair_change", args=[pair.pk])
    decide = reverse("admin:partners_partnerpair_decide", args=[pair.pk])
    done = client.post(decide, {"keep": twin.pk}).url
    merge = PartnerMerge.objects.get()
    text = client.get(done).content.decode()
    assert (merge.survivor, "Undo the merge" in text) == (twin, True)
    client.post(reverse("admin:partners_partnermerge_undo", args=[merge.pk]))
    assert Membership.objects.get(user=cast.jonas).partner == cast.alpha


def test_the_tier_history_of_both_is_read_at_the_kept_one(client, cast, twin):
    TierStay.objects.create(partner=twin, tier=twin.tier, since="2026-01-05T00:00Z", by="x")
    TierStay.objects.create(partner=cast.alpha, tier=twin.tier, since="2024-03-01T00:00Z", by="x")
    otto = cast.actor(cast.otto)
    merge = merge_partners(actor=otto, survivor_id=twin.pk, loser_id=cast.alpha.pk)

    found = history(twin.pk)
    assert [(one.merged, one.until) for one in found] == [
        ("", None),
        (cast.alpha.name, merge.merged_at),
    ]
    assert tier_page(otto, twin.pk).since == found[0].since
    client.force_login(cast.jonas)
    assert f"as {cast.alpha.name}" in client.get(reverse("tier")).content.decode()

    undo_merge(actor=otto, merge_id=merge.pk)
    assert [one.merged for one in history(twin.pk)] == [""]
    assert [one.until for one in history(cast.alpha.pk)] == [None]
