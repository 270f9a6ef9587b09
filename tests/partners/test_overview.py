"""All about one partner on one page, for the vendor's people."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.actor import StaffRole
from partners.models import MeasureValue, Region, StaffDuty
from partners.queries.overview import overview
from partners.rules import DocumentKind
from partners.services import write_note
from partners.services.documents import NewDocument, add_document
from tests.cast import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(cast, won):
    """Something on every card of Alpha, and a won deal of Beta's."""
    mara = cast.actor(cast.mara)
    won(12_800)
    won(99_000, partner=cast.beta)
    write_note(actor=mara, partner_id=cast.alpha.pk, text="Calls at nine.", shared=False)
    new = NewDocument(DocumentKind.CONTRACT, "Agreement", dt.date(2027, 5, 1))
    upload = SimpleUploadedFile("a.txt", b"We agree.\n")
    add_document(actor=mara, partner_id=cast.alpha.pk, new=new, upload=upload)
    MeasureValue.objects.create(
        partner=cast.alpha, measure="psat", day=dt.date(2026, 2, 1), value=80, source="Survey"
    )


def test_staff_read_all_about_a_partner(client, cast, known):
    page = reverse("admin:partners_partner_overview", args=[cast.alpha.pk])
    for who in (cast.mara, cast.otto):
        client.force_login(who)
        text = client.get(page).content.decode()
        for said in ("Silver", "Agreement", "Calls at nine.", "€12,800.00", "80 (1 Feb 2026)"):
            assert said in text, said
        assert "99,000" not in text


def test_nobody_else_does(client, cast, known):
    rita = person("Rita", staff=True)
    apac = Region.objects.create(code="APAC", name="APAC", path="APAC")
    StaffDuty.objects.create(user=rita, role=StaffRole.CHANNEL_MANAGER.value, region=apac)
    page = reverse("admin:partners_partner_overview", args=[cast.alpha.pk])
    for who, status in ((rita, 404), (cast.ada, 403), (cast.bo, 403)):
        client.force_login(who)
        assert client.get(page).status_code == status


def test_the_page_costs_the_same_for_many(cast, known, won, django_assert_max_num_queries):
    mara = cast.actor(cast.mara)
    for number in range(12):
        won(100 + number)
        write_note(actor=mara, partner_id=cast.alpha.pk, text=f"Note {number}", shared=True)
    with django_assert_max_num_queries(15):
        page = overview(mara, cast.alpha.pk)
    assert len(page.cards) == 11
    assert all(len(card.lines) <= 16 for card in page.cards)
