"""What is kept about a partner: specialisations, verticals, territories, contacts, notes."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from core.actor import StaffRole
from core.models import Event
from core.queries import timeline
from partners.models import (
    Focus,
    PartnerContact,
    PartnerNote,
    PartnerTerritory,
    Region,
    StaffDuty,
)
from partners.queries.record import company_record
from partners.rules import ContactRole, FocusKind, in_territory
from partners.services import EmptyNote, set_focus, set_territories, write_note
from tests.cast import person
from tests.partners.test_admin import partner_form


def test_in_territory_is_unknown_without_either():
    assert in_territory("DE", {"DE", "AT"}) is True
    assert in_territory("FR", {"DE", "AT"}) is False
    assert in_territory("", {"DE"}) is None
    # With parts of a country nobody knows whether the customer is in one of them.
    assert in_territory("DE", {"DE-BY", "AT"}) is None
    assert in_territory("CH", {"DE-BY", "AT"}) is False
    assert in_territory("DE", frozenset()) is None


pytestmark = pytest.mark.django_db


@pytest.fixture
def retail(db):
    return Focus.objects.create(kind=FocusKind.VERTICAL, name="Retail")


@pytest.fixture
def far_manager(cast):
    """A channel manager of a region in which Alpha is not."""
    rita = person("Rita", staff=True)
    apac = Region.objects.create(code="APAC", name="APAC", path="APAC")
    StaffDuty.objects.create(user=rita, role=StaffRole.CHANNEL_MANAGER.value, region=apac)
    return cast.actor(rita)


def test_operations_choose_focus_and_territories_on_the_partners_page(client, cast, retail):
    client.force_login(cast.otto)
    page = reverse("admin:partners_partner_change", args=[cast.alpha.pk])
    form = partner_form(cast.alpha, focus=[retail.pk], territories=["DE", "AT"])
    assert client.post(page, form).status_code == 302

    kept = company_record(cast.alpha.pk)
    assert (kept.verticals, kept.territories) == (("Retail",), ("Austria", "Germany"))
    told = Event.objects.order_by("-id").values_list("kind", "payload")[:2]
    assert list(told) == [
        ("partners.territories_changed", {"added": ["AT", "DE"], "removed": []}),
        ("partners.focus_changed", {"added": ["Retail"], "removed": []}),
    ]


def test_setting_the_same_again_changes_nothing(cast, retail):
    otto = cast.actor(cast.otto)
    assert set_focus(actor=otto, partner_id=cast.alpha.pk, focus_ids=[retail.pk])
    assert set_territories(actor=otto, partner_id=cast.alpha.pk, places=["DE"])
    before = Event.objects.count()
    assert not set_focus(actor=otto, partner_id=cast.alpha.pk, focus_ids=[retail.pk])
    assert not set_territories(actor=otto, partner_id=cast.alpha.pk, places=["DE"])
    assert Event.objects.count() == before


@pytest.mark.parametrize("who", ["mara", "ada", "jonas"])
def test_only_operations_set_them(cast, retail, who):
    actor = cast.actor(getattr(cast, who))
    with pytest.raises(PermissionDenied):
        set_focus(actor=actor, partner_id=cast.alpha.pk, focus_ids=[retail.pk])
    with pytest.raises(PermissionDenied):
        set_territories(actor=actor, partner_id=cast.alpha.pk, places=["DE"])
    assert not PartnerTerritory.objects.exists()


def test_a_retired_focus_stays_with_those_who_have_it(client, cast, retail):
    set_focus(actor=cast.actor(cast.otto), partner_id=cast.alpha.pk, focus_ids=[retail.pk])
    Focus.objects.update(active=False)
    client.force_login(cast.otto)
    mine = reverse("admin:partners_partner_change", args=[cast.alpha.pk])
    other = reverse("admin:partners_partner_change", args=[cast.beta.pk])
    assert ">Retail<" in client.get(mine).content.decode()
    assert ">Retail<" not in client.get(other).content.decode()


def test_the_partner_reads_shared_notes_and_never_those_of_staff(client, cast):
    mara = cast.actor(cast.mara)
    write_note(actor=mara, partner_id=cast.alpha.pk, text="Wants the Hamburg deal.", shared=False)
    write_note(actor=mara, partner_id=cast.alpha.pk, text="See you in May.", shared=True)
    for who in (cast.ada, cast.jonas):
        client.force_login(who)
        assert "Wants the" not in client.get(reverse("search"), {"q": "Hamburg"}).content.decode()
        for page in ("company", "home", "notifications", "deal_list"):
            assert "Hamburg" not in client.get(reverse(page)).content.decode()
        assert "See you in May." in client.get(reverse("company")).content.decode()
        told = str(timeline(cast.alpha, cast.actor(who)))
        assert ("note to the partner" in told, "note about" in told) == (True, False)


def test_staff_read_all_notes_on_the_partners_page(client, cast):
    mara = cast.actor(cast.mara)
    write_note(actor=mara, partner_id=cast.alpha.pk, text="Wants <b>all</b>.", shared=False)
    for who in (cast.mara, cast.otto):
        client.force_login(who)
        page = reverse("admin:partners_partner_change", args=[cast.alpha.pk])
        text = client.get(page).content.decode()
        assert "staff only</strong> Mara: Wants &lt;b&gt;all&lt;/b&gt;." in text


def test_a_channel_manager_writes_notes_about_partners_of_theirs(client, cast, far_manager):
    client.force_login(cast.mara)
    form = {"partner": cast.alpha.pk, "text": "Met them.", "shared": ""}
    assert client.post(reverse("admin:partners_partnernote_add"), form).status_code == 302
    note = PartnerNote.objects.get()
    assert (note.text, note.shared, note.author) == ("Met them.", False, cast.mara)
    with pytest.raises(Http404):
        write_note(actor=far_manager, partner_id=cast.alpha.pk, text="Hello", shared=False)
    assert PartnerNote.objects.count() == 1


@pytest.mark.parametrize("who", ["ada", "jonas", "bo", "olga"])
def test_nobody_outside_writes_notes(cast, who):
    with pytest.raises(PermissionDenied):
        write_note(
            actor=cast.actor(getattr(cast, who)),
            partner_id=cast.alpha.pk,
            text="Hello",
            shared=True,
        )
    assert not PartnerNote.objects.exists()


def test_an_empty_note_is_refused(cast):
    with pytest.raises(EmptyNote):
        write_note(actor=cast.actor(cast.mara), partner_id=cast.alpha.pk, text="  ", shared=False)
    assert not PartnerNote.objects.exists()


def test_contacts_need_no_sign_in_and_the_partner_sees_them(client, cast):
    client.force_login(cast.otto)
    form = {
        "partner": cast.alpha.pk,
        "name": "Lena Vogt",
        "role": "legal",
        "email": "",
        "phone": "",
    }
    assert client.post(reverse("admin:partners_partnercontact_add"), form).status_code == 302
    contact = PartnerContact.objects.get()
    assert (contact.name, contact.role) == ("Lena Vogt", ContactRole.LEGAL)
    client.force_login(cast.jonas)
    assert "Lena Vogt" in client.get(reverse("company")).content.decode()
    client.force_login(cast.bo)
    assert "Lena Vogt" not in client.get(reverse("company")).content.decode()


def test_the_company_record_costs_the_same_for_many(cast, django_assert_num_queries):
    for number in range(30):
        PartnerContact.objects.create(
            partner=cast.alpha, name=f"Contact {number}", role=ContactRole.SALES
        )
    with django_assert_num_queries(4):
        assert len(company_record(cast.alpha.pk).contacts) == 30
