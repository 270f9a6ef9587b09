"""What a company says of itself, its papers, and what its type is there for."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from core.appointments import keep_due
from core.delivery import deliver_due
from core.files import RefusedFile
from core.models import Appointment, Event, Notification, StoredFile
from partners.models import PartnerDocument, PartnerProfile, TypePlaybook
from partners.rules import CompanyProfile, DocumentKind, PartnerType, reminders
from partners.services.documents import NewDocument, add_document, change_document
from partners.services.profiles import StaleProfile, change_profile
from tests.cast import bearer

NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


def test_reminders_come_at_eight_and_never_in_the_past():
    told = reminders(dt.date(2026, 6, 15), "Europe/Berlin", NOON)
    assert {days: at.isoformat() for days, at in told.items()} == {
        30: "2026-05-16T08:00:00+02:00",
        0: "2026-06-15T08:00:00+02:00",
    }
    assert list(reminders(dt.date(2026, 5, 20), "UTC", NOON)) == [0]
    assert reminders(dt.date(2026, 5, 1), "UTC", NOON) == {}
    assert reminders(None, "UTC", NOON) == {}


pytestmark = pytest.mark.django_db


def paper(name="contract.txt"):
    return SimpleUploadedFile(name, b"We agree.\n")


@pytest.fixture
def contract(cast):
    new = NewDocument(DocumentKind.CONTRACT, "Agreement", timezone.localdate() + dt.timedelta(90))
    actor = cast.actor(cast.mara)
    return add_document(actor=actor, partner_id=cast.alpha.pk, new=new, upload=paper())


def filled(**changes):
    fields = dict.fromkeys(CompanyProfile.__dataclass_fields__, "")
    return {**fields, "version": 0, **changes}


def test_an_administrator_says_who_they_are_and_all_read_it(client, cast):
    client.force_login(cast.ada)
    page = reverse("profile_of_company")
    said = filled(about="We move warehouses.", website="alpha.example", founded="1999")
    assert client.post(page, said).url == reverse("company")
    client.force_login(cast.jonas)
    text = client.get(reverse("company")).content.decode()
    assert "We move warehouses." in text
    assert "https://alpha.example" in text
    event = Event.objects.latest("id")
    assert (event.kind, event.payload["changes"]["founded"]) == (
        "partners.profile_changed",
        ["", "1999"],
    )


def test_who_has_read_an_older_profile_is_told_the_newer_and_wins_the_second_time(client, cast):
    client.force_login(cast.ada)
    page = reverse("profile_of_company")
    client.post(page, filled(city="Bonn"))
    answer = client.post(page, filled(city="Köln"))
    assert (answer.status_code, PartnerProfile.objects.get().city) == (409, "Bonn")
    assert "Bonn" in answer.content.decode()
    assert 'value="Köln"' in answer.content.decode()
    assert 'name="version" value="1"' in answer.content.decode()
    client.post(page, filled(city="Köln", version=1))
    assert PartnerProfile.objects.get().city == "Köln"


def test_what_is_wrong_is_told_and_nothing_is_kept(client, cast):
    client.force_login(cast.ada)
    answer = client.post(
        reverse("profile_of_company"), filled(founded="12", website="javascript:1")
    )
    assert answer.status_code == 422
    assert not PartnerProfile.objects.exists()


@pytest.mark.parametrize("who", ["jonas", "chiara", "mara", "bo", "olga"])
def test_only_administrators_and_operations_change_a_profile(cast, who):
    with pytest.raises((PermissionDenied, Http404)):
        change_profile(
            actor=cast.actor(getattr(cast, who)),
            partner_id=cast.alpha.pk,
            profile=CompanyProfile(city="Rome"),
            version=0,
        )
    assert not PartnerProfile.objects.exists()


def test_the_same_again_changes_nothing(cast):
    known = {"partner_id": cast.alpha.pk, "profile": CompanyProfile(city="Bonn")}
    change_profile(actor=cast.actor(cast.ada), version=0, **known)
    before = Event.objects.count()
    assert change_profile(actor=cast.actor(cast.ada), version=1, **known).version == 1
    assert Event.objects.count() == before
    with pytest.raises(StaleProfile):
        change_profile(actor=cast.actor(cast.ada), version=0, **known)


def test_the_api_changes_what_is_sent_of_the_profile(client, cast):
    owner = bearer(cast.ada, "partners:read", "partners:write")
    address = reverse("api_partner")
    read = client.get(address, headers=owner)
    assert (read.json()["name"], read.json()["profile"]["city"]) == ("Alpha Systems", "")
    sent = {"data": {"city": "Bonn", "employees": 40}, "content_type": "application/json"}
    assert client.patch(address, **sent, headers=owner).status_code == 428
    fresh = {**owner, "If-Match": read["ETag"]}
    answer = client.patch(address, **sent, headers=fresh)
    assert (answer.status_code, answer.json()["profile"]["employees"]) == (200, 40)
    stale = client.patch(address, **{**sent, "data": {"city": "Rome"}}, headers=fresh)
    assert (stale.status_code, PartnerProfile.objects.get().city) == (412, "Bonn")
    wrong = {**owner, "If-Match": answer["ETag"]}
    refused = client.patch(address, **{**sent, "data": {"founded": 12}}, headers=wrong)
    assert (refused.status_code, PartnerProfile.objects.get().founded) == (400, None)


def test_staff_list_the_partners_of_their_regions(client, cast):
    mara = bearer(cast.mara, "partners:read")
    address = reverse("api_partners")
    names = [one["name"] for one in client.get(address, headers=mara).json()["results"]]
    assert names == ["Beta Networks", "Alpha Systems"]
    found = client.get(address, {"q": "alpha.example", "type": "reseller"}, headers=mara).json()
    assert [one["id"] for one in found["results"]] == [cast.alpha.pk]
    assert client.get(address, {"status": "gone"}, headers=mara).status_code == 400
    ada = bearer(cast.ada, "partners:read")
    assert client.get(address, headers=ada).status_code == 403


def test_people_read_what_is_shared_and_nobody_else_does(client, cast, contract):
    address = reverse("file", args=[StoredFile.objects.get().pk])
    expected = {"jonas": 200, "ada": 200, "mara": 200, "bo": 404, "olga": 404}
    for who, status in expected.items():
        client.force_login(getattr(cast, who))
        assert client.get(address).status_code == status, who
    client.force_login(cast.jonas)
    assert "Agreement" in client.get(reverse("documents")).content.decode()
    PartnerDocument.objects.update(shared=False)
    assert client.get(address).status_code == 404
    assert "Agreement" not in client.get(reverse("documents")).content.decode()


def test_an_administrator_adds_a_document(client, cast):
    client.force_login(cast.ada)
    form = {"kind": "insurance", "title": "Liability", "expires_on": "", "upload": paper()}
    assert client.post(reverse("documents"), form).status_code == 302
    document = PartnerDocument.objects.get()
    assert (document.partner, document.shared, document.added_by) == (cast.alpha, True, cast.ada)
    client.force_login(cast.jonas)
    form["upload"] = paper()
    assert client.post(reverse("documents"), form).status_code == 403
    assert PartnerDocument.objects.count() == 1


def test_a_refused_file_leaves_no_document(client, cast):
    client.force_login(cast.ada)
    form = {"kind": "other", "title": "Page", "expires_on": "", "upload": paper("page.html")}
    assert client.post(reverse("documents"), form).status_code == 422
    assert not PartnerDocument.objects.exists()
    with pytest.raises(RefusedFile):
        add_document(
            actor=cast.actor(cast.mara),
            partner_id=cast.alpha.pk,
            new=NewDocument(DocumentKind.OTHER, "Page"),
            upload=paper("page.html"),
        )


def test_operations_file_a_document_that_the_partner_does_not_read(client, cast):
    client.force_login(cast.otto)
    form = {"partner": cast.alpha.pk, "kind": "tax", "title": "W-8", "upload": paper()}
    assert client.post(reverse("admin:partners_partnerdocument_add"), form).status_code == 302
    document = PartnerDocument.objects.get()
    assert (document.shared, Event.objects.latest("id").kind) == (False, "partners.document_filed")
    change = reverse("admin:partners_partnerdocument_change", args=[document.pk])
    assert client.get(change).status_code == 200
    changed = {"kind": "tax", "title": "W-8BEN", "shared": "on", "expires_on": ""}
    assert client.post(change, changed).status_code == 302
    document.refresh_from_db()
    assert (document.title, document.shared) == ("W-8BEN", True)


def fall_due():
    Appointment.objects.filter(kind="partners.document_expires").update(
        due_at=timezone.now() - dt.timedelta(minutes=1)
    )
    keep_due()
    deliver_due()


def test_the_end_of_a_document_is_told_to_its_manager_and_the_administrators(cast, contract):
    kept = Appointment.objects.filter(kind="partners.document_expires")
    assert sorted(kept.values_list("key", flat=True)) == ["0", "30"]
    fall_due()
    told = Notification.objects.filter(title__contains="Agreement")
    assert set(told.values_list("user__name", flat=True)) == {"Ada", "Mara"}


def test_nobody_is_reminded_of_what_is_renewed_or_withdrawn(cast, contract):
    later = NewDocument(DocumentKind.CONTRACT, "Newer", timezone.localdate() + dt.timedelta(900))
    add_document(actor=cast.actor(cast.mara), partner_id=cast.alpha.pk, new=later, upload=paper())
    Appointment.objects.exclude(subject_id=contract.pk).delete()
    fall_due()
    assert not Notification.objects.filter(title__contains="Agreement").exists()
    contract.withdrawn = True
    change_document(actor=cast.actor(cast.otto), document=contract)
    assert not Appointment.objects.filter(subject_id=contract.pk).exclude(state="done").exists()


def test_the_duties_of_a_type_are_read_by_its_partners_only(client, cast):
    TypePlaybook.objects.create(type=PartnerType.RESELLER, duties="Sell.\n\nAsk.", playbook="Call.")
    TypePlaybook.objects.create(type=PartnerType.MSP, duties="Run it.")
    client.force_login(cast.jonas)
    text = client.get(reverse("company")).content.decode()
    assert "<li>Sell.</li><li>Ask.</li>" in text
    assert "Run it." not in text


def test_the_company_page_keeps_its_bound(client, cast, contract, django_assert_max_num_queries):
    TypePlaybook.objects.create(type=PartnerType.RESELLER, duties="Sell.")
    client.force_login(cast.ada)
    client.get(reverse("company"))
    with django_assert_max_num_queries(15):
        client.get(reverse("company"))
