"""The vendor's people note evidence and ask the customer, in the back office."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.models import StoredFile
from dealreg.models import Confirmation, Deal, EvidenceItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(registered) -> Deal:
    found: Deal = registered()
    return found


def at(name: str, deal: Deal) -> str:
    return reverse(f"admin:dealreg_deal_{name}", args=[deal.pk])


def evidence(**changes):
    today = timezone.localdate().isoformat()
    sent = {"kind": "meeting", "dated_on": today, "note": "With the buyer", **changes}
    return {f"evidence-{name}": value for name, value in sent.items()}


def test_evidence_is_noted_with_a_file_and_both_sides_see_it(mara, cast, deal, client):
    offer = SimpleUploadedFile("offer.txt", b"An offer.", "text/plain")
    answer = mara.post(at("add_evidence", deal), evidence(upload=offer), follow=True)
    assert answer.redirect_chain == [(at("proof", deal), 302)]
    [item] = EvidenceItem.objects.values_list("kind", "added_by_label", "file__name")
    assert item == ("meeting", "Mara", "offer.txt")
    assert "With the buyer" in answer.content.decode()
    client.force_login(cast.jonas)
    page = client.get(reverse("deal_evidence", args=[deal.pk])).content.decode()
    assert "With the buyer" in page


def test_wrong_evidence_is_said_beside_the_field_and_kept(mara, deal):
    tomorrow = (timezone.localdate() + dt.timedelta(days=1)).isoformat()
    answer = mara.post(at("add_evidence", deal), evidence(dated_on=tomorrow))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Evidence is of something that has happened." in page
    assert 'value="With the buyer"' in page
    assert not EvidenceItem.objects.exists()


def test_a_refused_file_leaves_nothing(mara, deal):
    program = SimpleUploadedFile("x.pdf", b"MZ\x90\x00 program")
    assert mara.post(at("add_evidence", deal), evidence(upload=program)).status_code == 422
    assert (EvidenceItem.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_the_customer_is_asked_and_the_state_is_shown(mara, deal):
    sent = {"confirm-address": "anna@nordwind.example.com"}
    page = mara.post(at("ask_customer", deal), sent, follow=True).content.decode()
    assert Confirmation.objects.filter(asked_by__name="Mara", asked_by_partner=None).count() == 1
    assert "anna@nordwind.example.com" in page
    Confirmation.objects.update(answer="no", used_at=timezone.now())
    assert "Not our partner" in mara.get(at("proof", deal)).content.decode()


def test_an_address_elsewhere_is_refused_beside_the_field(mara, deal):
    answer = mara.post(at("ask_customer", deal), {"confirm-address": "anna@elsewhere.example"})
    assert answer.status_code == 422
    assert "Enter an e-mail address at example.com" in answer.content.decode()
    assert not Confirmation.objects.exists()


def test_what_is_over_takes_no_more_evidence(mara, deal):
    Deal.objects.filter(pk=deal.pk).update(status="withdrawn")
    page = mara.get(at("proof", deal)).content.decode()
    assert at("add_evidence", deal) not in page
    answer = mara.post(at("add_evidence", deal), evidence(), follow=True)
    assert "does not allow this" in answer.content.decode()
    assert not EvidenceItem.objects.exists()


def test_the_review_page_leads_there(mara, registered):
    waiting = registered(amount=Decimal(70_000))
    assert at("proof", waiting) in mara.get(at("review", waiting)).content.decode()
