"""Who acts: people at partners, people of the vendor, and where their duties reach."""

import pytest
from django.utils import timezone

from core.actor import ANONYMOUS, StaffRole
from partners.models import Membership, Partner, Region, StaffDuty
from partners.queries import actor_for, administrators_of, managers_of, people_of

pytestmark = pytest.mark.django_db


def test_a_seller_acts_for_the_partner_with_their_roles(cast):
    actor = actor_for(cast.jonas)

    assert (actor.partner_id, actor.partner_roles) == (cast.alpha.pk, frozenset({"sales"}))
    assert not actor.is_staff


def test_who_left_or_was_deactivated_acts_for_nobody(cast):
    Membership.objects.filter(user=cast.jonas).update(left_at=timezone.now())
    cast.bo.is_active = False

    assert actor_for(cast.jonas).partner_id is None
    assert actor_for(cast.bo) == ANONYMOUS


def test_a_superuser_has_every_duty_everywhere(cast):
    cast.mara.is_superuser = True

    assert actor_for(cast.mara).staff_roles == set(StaffRole)
    assert actor_for(cast.mara).region_paths == frozenset()


def test_staff_without_a_duty_are_not_staff_of_the_programme(cast):
    StaffDuty.objects.filter(user=cast.mara).delete()
    actor = actor_for(cast.mara)

    assert not actor.is_staff
    assert list(Partner.objects.visible_to(actor)) == []


def test_a_duty_reaches_the_whole_subtree_and_no_lookalike(cast):
    emea = cast.alpha.region
    dach = Region.objects.create(code="DACH", name="DACH", parent=emea, path="WORLD.EMEA.DACH")
    lookalike = Region.objects.create(code="EMEA2", name="EMEA two", path="WORLD.EMEA2")
    Partner.objects.filter(pk=cast.beta.pk).update(region=lookalike)
    Partner.objects.filter(pk=cast.alpha.pk).update(region=dach)
    StaffDuty.objects.filter(user=cast.mara).update(region=emea)

    assert list(Partner.objects.visible_to(actor_for(cast.mara))) == [cast.alpha]


def test_people_see_their_own_partner_only(cast):
    assert list(Partner.objects.visible_to(actor_for(cast.jonas))) == [cast.alpha]
    assert list(Partner.objects.visible_to(actor_for(cast.olga))) == []


def test_people_and_administrators_of_a_partner(cast):
    assert {user.name for user in people_of(cast.alpha.pk)} == {"Jonas", "Chiara", "Ada"}
    assert [user.name for user in administrators_of(cast.alpha.pk)] == ["Ada"]


def test_the_named_manager_is_asked_else_those_whose_region_contains_the_partner(cast):
    amer = Region.objects.create(code="AMER", name="Americas", path="WORLD.AMER")
    StaffDuty.objects.create(user=cast.otto, role=StaffRole.CHANNEL_MANAGER.value, region=amer)
    assert managers_of(cast.alpha.pk) == [cast.mara]

    Partner.objects.filter(pk=cast.alpha.pk).update(manager=cast.otto)
    assert managers_of(cast.alpha.pk) == [cast.otto]
