"""Otto looks after partners, people and the programme in the back office."""

import pytest
from django.urls import reverse

from core.models import Event, User
from partners.models import Membership, Partner, Region, StaffDuty, Tier
from partners.services import change_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, cast):
    client.force_login(cast.otto)
    return client


NO_CALENDAR = {
    f"{rows}-{kind}_FORMS": 0
    for rows in ("policy", "calendar", "holidays")
    for kind in ("TOTAL", "INITIAL")
}


def page(row):
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def partner_form(partner, **changes):
    data = {
        "name": partner.name,
        "type": partner.type,
        "status": partner.status,
        "region": partner.region_id,
        "tier": partner.tier_id,
        "manager": partner.manager_id or "",
        "country": partner.country,
        "domains_text": "\n".join(partner.domains.values_list("domain", flat=True)),
        "note": "",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
        "status_moves-TOTAL_FORMS": 0,
        "status_moves-INITIAL_FORMS": 0,
    }
    return {**data, **changes}


def kinds_since(event_id):
    return list(Event.objects.filter(id__gt=event_id).order_by("id").values_list("kind", flat=True))


def newest():
    return getattr(Event.objects.order_by("-id").first(), "id", 0)


def test_each_change_is_recorded_as_what_it_is(office, cast):
    gold = Tier.objects.create(name="Gold", rank=2)
    before = newest()
    changes = {"status": "at_risk", "tier": gold.pk, "note": "Two quarters down", "name": "Alpha"}
    assert office.post(page(cast.alpha), partner_form(cast.alpha, **changes)).status_code == 302

    cast.alpha.refresh_from_db()
    assert (cast.alpha.name, cast.alpha.status, cast.alpha.tier) == ("Alpha", "at_risk", gold)
    assert kinds_since(before) == [
        "partners.partner_changed",
        "partners.status_changed",
        "partners.tier_changed",
    ]
    moved = Event.objects.latest("id")
    assert moved.payload == {"old": "Silver", "new": "Gold", "note": "Two quarters down"}
    assert (moved.partner_id, moved.actor_user_id) == (cast.alpha.pk, cast.otto.pk)


def test_the_page_carries_what_its_form_needs(office, cast):
    shown = office.get(page(cast.alpha)).content.decode()

    assert all(f'name="{name}"' in shown for name in partner_form(cast.alpha))


def test_saving_without_a_change_records_nothing(office, cast):
    before = newest()
    office.post(page(cast.alpha), partner_form(cast.alpha))

    assert kinds_since(before) == []


def test_domains_are_exchanged(office, cast):
    form = partner_form(cast.alpha, domains_text="Alpha.example\nalpha-systems.example")
    before = newest()
    office.post(page(cast.alpha), form)

    assert set(cast.alpha.domains.values_list("domain", flat=True)) == {
        "alpha.example",
        "alpha-systems.example",
    }
    assert Event.objects.get(id__gt=before).payload == {
        "added": ["alpha-systems.example"],
        "removed": [],
    }


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"domains_text": "not a domain"}, "is not an internet domain"),
        ({"domains_text": "alpha.example"}, "belongs to another partner"),
        ({"name": ""}, "This field is required"),
        ({"name": "alpha systems"}, "violated"),
        ({"status": "famous"}, "is not one of the available choices"),
        ({"country": "Atlantis"}, "is not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(office, cast, changes, says):
    before, stored = newest(), Partner.objects.filter(pk=cast.beta.pk).values().get()
    answer = office.post(page(cast.beta), partner_form(cast.beta, **changes))

    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert Partner.objects.filter(pk=cast.beta.pk).values().get() == stored
    assert newest() == before


def test_a_new_partner(office, cast):
    form = partner_form(cast.alpha, name="Gamma Works", domains_text="gamma.example")
    office.post(reverse("admin:partners_partner_add"), form)

    gamma = Partner.objects.get(name="Gamma Works")
    assert [row.domain for row in gamma.domains.all()] == ["gamma.example"]
    assert Event.objects.filter(partner_id=gamma.pk).order_by("id")[0].payload["tier"] == "Silver"


def test_a_channel_manager_reads_a_partner_and_changes_nothing(client, cast):
    client.force_login(cast.mara)
    before = newest()

    shown = client.get(page(cast.alpha))
    assert shown.status_code == 200
    assert "alpha.example" in shown.content.decode()
    answer = client.post(page(cast.alpha), partner_form(cast.alpha, status="suspended"))
    assert answer.status_code == 403
    cast.alpha.refresh_from_db()
    assert (cast.alpha.status, newest()) == ("active", before)


def test_a_region_outside_hides_partners_and_people(client, cast):
    asia = Region.objects.create(code="ASIA", name="Asia", path="ASIA")
    StaffDuty.objects.filter(user=cast.mara).update(region=asia)
    client.force_login(cast.mara)
    place = Membership.objects.get(user=cast.jonas)

    assert client.get(page(cast.alpha)).status_code == 404
    assert client.get(page(place)).status_code == 404
    listed = client.get(reverse("admin:partners_membership_changelist")).content.decode()
    assert cast.jonas.email not in listed


def test_moving_a_region_moves_what_is_below(office, cast):
    world, emea = Region.objects.get(code="WORLD"), Region.objects.get(code="EMEA")
    dach = Region.objects.create(code="DACH", name="DACH", parent=emea, path="WORLD.EMEA.DACH")
    office.post(page(emea), {"name": "Europe", "code": "eu", "parent": "", **NO_CALENDAR})

    paths = dict(Region.objects.values_list("pk", "path"))
    assert paths == {world.pk: "WORLD", emea.pk: "EU", dach.pk: "EU.DACH"}
    event = Event.objects.latest("id")
    assert (event.kind, event.payload["moved"]) == ("partners.region_changed", 1)


def test_a_region_does_not_go_below_itself(office, cast):
    world, emea = Region.objects.get(code="WORLD"), Region.objects.get(code="EMEA")
    form = {"name": "World", "code": "WORLD", "parent": emea.pk, **NO_CALENDAR}
    answer = office.post(page(world), form)

    assert "cannot be moved below itself" in answer.content.decode()
    assert set(Region.objects.values_list("path", flat=True)) == {"WORLD", "WORLD.EMEA"}


def test_renaming_a_region_alone_moves_nothing(cast):
    emea = Region.objects.get(code="EMEA")
    changed = change_region(
        actor=cast.actor(cast.otto),
        region_id=emea.pk,
        code="EMEA",
        name="Europe",
        parent_id=emea.parent_id,
    )

    assert changed
    assert Event.objects.latest("id").payload == {
        "name": "Europe",
        "changes": {"name": ["EMEA", "Europe"]},
        "moved": 0,
    }


def test_a_person_joins_changes_roles_and_leaves(office, cast):
    add = reverse("admin:partners_membership_add")
    form = {"user": cast.olga.pk, "partner": cast.beta.pk, "roles": ["sales"]}
    office.post(add, form)
    place = Membership.objects.get(user=cast.olga)
    office.post(page(place), {"roles": ["finance", "sales"]})
    before = newest()
    listed = reverse("admin:partners_membership_changelist")
    office.post(listed, {"action": "end_places", "_selected_action": [place.pk]})

    place.refresh_from_db()
    assert (place.roles, place.left_at is not None) == (["finance", "sales"], True)
    assert kinds_since(before) == ["partners.person_left"]
    assert cast.actor(cast.olga).partner_id is None


@pytest.mark.parametrize("who", ["mara", "jonas"])
def test_nobody_joins_twice_and_staff_never(office, cast, who):
    before = Membership.objects.count()
    form = {"user": getattr(cast, who).pk, "partner": cast.beta.pk, "roles": ["sales"]}
    answer = office.post(reverse("admin:partners_membership_add"), form, follow=True)

    assert "works at" in answer.content.decode()
    assert Membership.objects.count() == before


def test_duties_are_given_and_taken(office, cast):
    emea = Region.objects.get(code="EMEA")
    nils = User.objects.create_user("nils@cast.example", name="Nils", is_staff=True)
    form = {"user": nils.pk, "role": "channel_manager", "region": emea.pk}
    office.post(reverse("admin:partners_staffduty_add"), form)
    assert cast.actor(nils).region_paths == {"WORLD.EMEA"}

    duty = StaffDuty.objects.get(user=nils)
    before = newest()
    office.post(reverse("admin:partners_staffduty_delete", args=[duty.pk]), {"post": "yes"})
    assert not cast.actor(nils).is_staff
    assert Event.objects.get(id__gt=before).payload == {
        "role": "channel_manager",
        "region": "WORLD.EMEA",
    }


def test_nobody_takes_operations_from_oneself(office, cast):
    duty = StaffDuty.objects.get(user=cast.otto)
    address = reverse("admin:partners_staffduty_delete", args=[duty.pk])

    assert office.post(address, {"post": "yes"}).status_code == 403
    assert StaffDuty.objects.filter(pk=duty.pk).exists()


def test_a_duty_needs_a_person_of_the_vendor(office, cast):
    form = {"user": cast.jonas.pk, "role": "ops", "region": ""}
    answer = office.post(reverse("admin:partners_staffduty_add"), form)

    assert "does not work at the vendor" in answer.content.decode()
    assert not StaffDuty.objects.filter(user=cast.jonas).exists()


def test_reference_data_keeps_its_history(office, cast):
    tier = Tier.objects.get(name="Silver")
    office.post(page(tier), {"name": "Silver", "rank": 1, "approval_limit": "75000"})

    event = Event.objects.latest("id")
    assert event.kind == "core.row_changed"
    assert event.payload["changes"] == {"approval_limit": ["50000.000", "75000"]}
    history = office.get(reverse("admin:partners_tier_history", args=[tier.pk]))
    assert "75000" in history.content.decode()


def test_what_others_need_cannot_be_removed(office, cast):
    tier = Tier.objects.get(name="Silver")
    before = newest()
    office.post(reverse("admin:partners_tier_delete", args=[tier.pk]), {"post": "yes"})

    assert Tier.objects.filter(pk=tier.pk).exists()
    assert newest() == before


def test_a_stale_form_does_not_undo_a_colleague(office, cast):
    opened = office.get(page(cast.alpha)).context["seen_state"]
    gold = Tier.objects.create(name="Gold", rank=2)
    Partner.objects.filter(pk=cast.alpha.pk).update(tier=gold)
    before = newest()
    answer = office.post(page(cast.alpha), partner_form(cast.alpha, name="Mine", _seen=opened))

    text = answer.content.decode()
    assert "A colleague changed this after you opened it" in text
    assert "Tier: Gold" in text
    assert 'value="Mine"' in text
    cast.alpha.refresh_from_db()
    assert (cast.alpha.name, cast.alpha.tier, newest()) == ("Alpha Systems", gold, before)


def test_saving_again_after_reading_the_newer_values(office, cast):
    opened = office.get(page(cast.alpha)).context["seen_state"]
    Partner.objects.filter(pk=cast.alpha.pk).update(country="AT")
    stale = office.post(page(cast.alpha), partner_form(cast.alpha, _seen=opened))
    fresh = stale.context["seen_state"]
    office.post(page(cast.alpha), partner_form(cast.alpha, name="Mine", _seen=fresh))

    cast.alpha.refresh_from_db()
    assert (cast.alpha.name, cast.alpha.country) == ("Mine", "DE")
