"""What holds in a region: its own say, else that of the nearest region above."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.models import Event, ExchangeRate, User
from partners.models import Region, RegionCalendar, RegionPolicy
from partners.queries import policy_of
from partners.rules import Inherited, PartnerRole, RegionSays, policy_in_force
from partners.services import NewPerson, add_people

PORTAL = RegionSays("", "EUR", "en", "UTC", any_amount=True)
WORLD = RegionSays("W", "USD", "", "", Decimal(1000))
EMEA = RegionSays("W.E", "", "de", "Europe/Berlin")


def test_each_value_comes_from_the_nearest_region_that_sets_it():
    held = policy_in_force([WORLD, EMEA], PORTAL)
    assert held.currency == Inherited("USD", "W")
    assert held.language == Inherited("de", "W.E")
    assert held.time_zone == Inherited("Europe/Berlin", "W.E")
    assert held.approval_limit == Inherited(Decimal(1000), "W")


def test_a_region_may_lift_the_limit_of_the_one_above():
    free = RegionSays("W.E", any_amount=True)
    assert policy_in_force([WORLD, free], PORTAL).approval_limit == Inherited(None, "W.E")
    assert policy_in_force([], PORTAL).approval_limit == Inherited(None, "")


@pytest.fixture
def emea(cast):
    return Region.objects.get(code="EMEA")


@pytest.fixture
def limited(emea):
    return RegionPolicy.objects.create(region=emea.parent, approval_limit=Decimal(100_000))


@pytest.mark.django_db
def test_two_queries_tell_what_holds(emea, limited, django_assert_num_queries):
    RegionPolicy.objects.create(region=emea, currency="CHF")
    RegionCalendar.objects.create(region=emea, time_zone="Europe/Zurich", working_days=[1])
    policy_of("WORLD.EMEA")
    with django_assert_num_queries(2):
        held = policy_of("WORLD.EMEA")
    assert held.currency == Inherited("CHF", "WORLD.EMEA")
    assert held.time_zone == Inherited("Europe/Zurich", "WORLD.EMEA")
    assert held.language == Inherited("en", "")
    assert held.approval_limit == Inherited(Decimal(100_000), "WORLD")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"approval_limit": Decimal(-1)},
        {"approval_limit": Decimal(1), "any_amount": True},
        {"currency": "eur"},
    ],
)
def test_the_database_refuses_policies_that_cannot_be(emea, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionPolicy.objects.create(region=emea, **wrong)


@pytest.mark.django_db
def test_people_are_brought_in_with_the_language_and_time_zone_of_their_region(cast, emea):
    RegionPolicy.objects.create(region=emea, language="de")
    RegionCalendar.objects.create(region=emea, time_zone="Europe/Berlin", working_days=[1])
    roles = (PartnerRole.SALES,)
    people = [
        NewPerson("nina@cast.example", "Nina", cast.alpha.pk, roles),
        NewPerson("noor@cast.example", "Noor", cast.alpha.pk, roles, "ar", "Asia/Dubai"),
    ]
    add_people(actor=cast.actor(cast.otto), people=people)
    told = User.objects.filter(name__in=["Nina", "Noor"]).order_by("name")
    assert list(told.values_list("language", "time_zone")) == [
        ("de", "Europe/Berlin"),
        ("ar", "Asia/Dubai"),
    ]


@pytest.mark.django_db
def test_a_new_registration_suggests_the_currency_of_the_region(client, cast, emea):
    ExchangeRate.objects.create(currency="CHF", rate=Decimal(1), valid_from="2020-01-01")
    RegionPolicy.objects.create(region=emea, currency="CHF")
    client.force_login(cast.jonas)
    form = client.get(reverse("deal_new")).context["form"]
    assert form["currency"].value() == "CHF"


def form_of(region, **changes):
    return {
        "name": region.name,
        "code": region.code,
        "parent": region.parent_id or "",
        "policy-TOTAL_FORMS": 1,
        "policy-INITIAL_FORMS": 0,
        "policy-0-region": region.pk,
        "policy-0-currency": "EUR",
        "policy-0-language": "de",
        "policy-0-approval_limit": "250000",
        "calendar-TOTAL_FORMS": 0,
        "calendar-INITIAL_FORMS": 0,
        "holidays-TOTAL_FORMS": 0,
        "holidays-INITIAL_FORMS": 0,
        **changes,
    }


@pytest.mark.django_db
def test_operations_set_a_policy_and_see_what_is_inherited(client, cast, emea, limited):
    client.force_login(cast.otto)
    page = reverse("admin:partners_region_change", args=[emea.pk])
    assert "100,000.00 · from WORLD" in client.get(page).content.decode().replace("€", "")
    assert client.post(page, form_of(emea)).status_code == 302
    assert policy_of("WORLD.EMEA").approval_limit == Inherited(Decimal(250_000), "WORLD.EMEA")
    told = Event.objects.latest("id")
    assert (told.subject_type, told.actor_user_id) == ("partners.regionpolicy", cast.otto.pk)
    assert "Deutsch · set here" in client.get(page).content.decode()


@pytest.mark.django_db
def test_a_limit_beside_any_amount_is_told_on_the_form(client, cast, emea):
    client.force_login(cast.otto)
    page = reverse("admin:partners_region_change", args=[emea.pk])
    answer = client.post(page, form_of(emea, **{"policy-0-any_amount": "on"}))
    assert "Either a limit or any amount." in answer.content.decode()
    assert not RegionPolicy.objects.exists()


@pytest.mark.django_db
def test_channel_managers_do_not_raise_their_own_limit(client, cast, emea, limited):
    client.force_login(cast.mara)
    page = reverse("admin:partners_region_change", args=[emea.pk])
    assert client.post(page, form_of(emea)).status_code == 403
    assert list(RegionPolicy.objects.all()) == [limited]
