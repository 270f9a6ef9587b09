"""Whom to talk to at a partner: kept by its administrators, in the portal and by programs."""

import pytest
from django.urls import reverse

from core.models import Event
from partners.models import PartnerContact, Region, StaffDuty
from tests.cast import person

pytestmark = pytest.mark.django_db
LIST, API = "/company/contacts/", "/api/v1/contacts/"
LENA = {"name": "Lena", "role": "legal", "email": "lena@alpha.example", "phone": "+49 30 1"}


@pytest.fixture
def lena(cast):
    return PartnerContact.objects.create(partner=cast.alpha, **LENA)


def sent(client, method, path, body=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    call = getattr(client, method)
    return call(path, body or {}, content_type="application/json", headers=named)


def test_administrators_add_change_and_remove(client, cast):
    client.force_login(cast.ada)
    client.post(LIST, LENA)
    made = PartnerContact.objects.get()
    assert (made.partner, made.name, made.role) == (cast.alpha, "Lena", "legal")
    page = f"{LIST}{made.pk}/"
    assert 'name="version" value="1"' in client.get(page).content.decode()
    client.post(page, {**LENA, "phone": "+49 30 2", "version": 1})
    made.refresh_from_db()
    assert (made.phone, made.version) == ("+49 30 2", 2)
    client.post(f"{page}remove/")

    assert not PartnerContact.objects.exists()
    kinds = Event.objects.filter(partner_id=cast.alpha.pk, kind__startswith="partners.contact")
    assert [one.kind.rpartition("_")[2] for one in kinds.order_by("pk")] == [
        "added",
        "changed",
        "removed",
    ]


@pytest.mark.parametrize("who", ["jonas", "chiara"])
def test_others_at_the_company_read(client, cast, lena, who):
    client.force_login(getattr(cast, who))

    assert "Lena" in client.get(LIST).content.decode()
    assert client.post(LIST, LENA).status_code == 403
    assert client.get(f"{LIST}{lena.pk}/").status_code == 403
    assert client.post(f"{LIST}{lena.pk}/remove/").status_code == 403
    assert sent(client, "post", API, LENA).status_code == 403
    assert PartnerContact.objects.count() == 1


def test_a3_those_of_others_are_answered_like_missing_ones(client, cast):
    beta = PartnerContact.objects.create(partner=cast.beta, name="Thaumatrope", role="legal")
    client.force_login(cast.ada)
    answers = {
        key: [
            client.get(f"{LIST}{key}/").status_code,
            client.post(f"{LIST}{key}/remove/").status_code,
            sent(client, "get", f"{API}{key}/").content,
            sent(client, "put", f"{API}{key}/", LENA, If_Match='"1"').content,
            sent(client, "delete", f"{API}{key}/").content,
        ]
        for key in (beta.pk, 987654321)
    }

    assert answers[beta.pk] == answers[987654321]
    assert answers[beta.pk][:2] == [404, 404]
    beta.refresh_from_db()
    assert beta.name == "Thaumatrope"


def test_programs_keep_them(client, cast):
    client.force_login(cast.ada)
    made = sent(client, "post", API, LENA, Idempotency_Key="one")
    again = sent(client, "post", API, LENA, Idempotency_Key="one")
    assert (made.status_code, made.content) == (201, again.content)
    path = f"{API}{made.json()['id']}/"
    assert [one["name"] for one in client.get(API).json()] == ["Lena"]
    assert sent(client, "put", path, {**LENA, "name": "Lea"}).status_code == 428
    saved = sent(client, "put", path, {**LENA, "name": "Lea"}, If_Match=made.headers["ETag"])
    assert (saved.json()["name"], saved.headers["ETag"]) == ("Lea", '"2"')
    stale = sent(client, "put", path, LENA, If_Match=made.headers["ETag"])
    assert (stale.status_code, stale.json()["current"]["name"]) == (412, "Lea")

    assert sent(client, "delete", path).status_code == 204
    assert client.get(API).json() == []


def test_a4_the_company_is_not_chosen(client, cast):
    client.force_login(cast.ada)
    sent(client, "post", f"{API}?partner={cast.beta.pk}", {**LENA, "partner": cast.beta.pk})
    client.post(LIST, {**LENA, "partner": cast.beta.pk})

    assert {one.partner for one in PartnerContact.objects.all()} == {cast.alpha}


def test_a_stale_page_is_refused_and_says_what_stands_there(client, cast, lena):
    client.force_login(cast.ada)
    page = f"{LIST}{lena.pk}/"
    client.post(page, {**LENA, "name": "First", "version": 1})
    answer = client.post(page, {**LENA, "name": "Second", "version": 1})

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Now it says: First" in text
    assert 'name="version" value="2"' in text
    assert PartnerContact.objects.get().name == "First"


@pytest.mark.parametrize("wrong", [{"name": " "}, {"role": "boss"}, {"email": "no"}])
def test_what_is_no_contact_is_refused(client, cast, wrong):
    client.force_login(cast.ada)

    assert client.post(LIST, {**LENA, **wrong}).status_code == 422
    assert sent(client, "post", API, {**LENA, **wrong}).status_code == 400
    assert not PartnerContact.objects.exists()


def test_there_are_at_most_fifty(client, cast):
    rows = [PartnerContact(partner=cast.alpha, name=f"C{n}", role="legal") for n in range(50)]
    PartnerContact.objects.bulk_create(rows)
    client.force_login(cast.ada)

    assert client.post(LIST, LENA).status_code == 422
    assert PartnerContact.objects.count() == 50


def test_operations_keep_them_in_the_back_office_and_in_their_regions(client, cast, lena):
    client.force_login(cast.otto)
    page = reverse("admin:partners_partnercontact_change", args=[lena.pk])
    assert client.post(page, {**LENA, "name": "Lea"}).status_code == 302
    lena.refresh_from_db()
    assert (lena.name, lena.version) == ("Lea", 2)
    apac = Region.objects.create(code="APAC", name="APAC", path="WORLD.APAC")
    rita = person("Rita", staff=True)
    StaffDuty.objects.create(user=rita, role="ops", region=apac)
    client.force_login(rita)

    assert sent(client, "delete", f"{API}{lena.pk}/").status_code == 404
    assert PartnerContact.objects.count() == 1


def test_the_page_costs_few_queries(client, cast, django_assert_max_num_queries):
    for number in range(20):
        PartnerContact.objects.create(partner=cast.alpha, name=f"C{number}", role="legal")
    client.force_login(cast.ada)
    with django_assert_max_num_queries(10):
        client.get(LIST)
