"""Protections through the API: evidence, extensions, the customer's word, registering again."""

import base64
import datetime as dt

import pytest
from django.utils import timezone

from dealreg.models import Confirmation, Deal, EvidenceItem, Extension, Protection
from dealreg.services import withdraw_deal
from dealreg.services.protecting import end_of
from tests.dealreg.test_protection import ending_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def ask(client, cast):
    """Asks the API as somebody in a browser; answers with status and body."""

    def call(user, method: str, path: str, body=None, **headers):
        client.force_login(user)
        address = f"/api/v1/{path}"
        answer = getattr(client, method)(
            address, body, content_type="application/json", headers=headers
        )
        return answer.status_code, answer.json()

    return call


@pytest.fixture
def deal(registered) -> Deal:
    """Ten days before the end of its protection."""
    return ending_in(registered(), dt.timedelta(days=10))


def test_evidence_is_added_with_a_file_and_listed_for_both_sides(ask, cast, deal):
    path = f"deals/{deal.pk}/evidence/"
    content = base64.b64encode(b"Offer 12").decode()
    sent = {"kind": "quote", "dated_on": TODAY().isoformat(), "note": "To the buyer."}
    status, made = ask(
        cast.jonas, "post", path, {**sent, "file": {"name": "offer.txt", "content": content}}
    )
    assert (status, made["kind"], made["added_by"]) == (201, "quote", "Jonas")
    assert (made["file"]["name"], made["file"]["size"]) == ("offer.txt", 8)
    assert ask(cast.mara, "post", path, {**sent, "kind": "meeting"})[0] == 201
    shown = [one["kind"] for one in ask(cast.jonas, "get", path)[1]]
    assert sorted(shown) == ["meeting", "quote"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "confirmation"}, "kind"),
        ({"dated_on": "2999-01-01"}, "dated_on"),
        ({"file": {"name": "x.txt", "content": "no base64!"}}, "file"),
        ({"file": {"name": "x.exe", "content": base64.b64encode(b"MZ\x90\x00").decode()}}, "file"),
    ],
)
def test_bad_evidence_is_refused_by_field(ask, cast, deal, wrong, field):
    sent = {"kind": "quote", "dated_on": TODAY().isoformat(), **wrong}
    status, answer = ask(cast.jonas, "post", f"deals/{deal.pk}/evidence/", sent)
    assert (status, [name.split(".")[0] for name in answer["errors"]]) == (400, [field])
    assert not EvidenceItem.objects.exists()


def test_the_same_evidence_sent_twice_is_noted_once(ask, cast, deal):
    sent = {"kind": "quote", "dated_on": TODAY().isoformat()}
    key = {"Idempotency-Key": "evidence-1"}
    first = ask(cast.jonas, "post", f"deals/{deal.pk}/evidence/", sent, **key)
    assert ask(cast.jonas, "post", f"deals/{deal.pk}/evidence/", sent, **key) == first
    assert EvidenceItem.objects.count() == 1


def asked(ask, cast, deal):
    evidence = {"kind": "meeting", "dated_on": TODAY().isoformat()}
    body = {"reason": "The board meets late.", "evidence": evidence, "version": deal.version}
    status, extension = ask(cast.jonas, "post", f"deals/{deal.pk}/extensions/", body)
    assert (status, extension["status"]) == (201, "waiting")
    return extension


def test_an_extension_is_asked_for_by_the_partner_and_granted_by_staff(ask, cast, deal):
    extension = asked(ask, cast, deal)
    path = f"extensions/{extension['id']}/"
    assert ask(cast.jonas, "post", f"{path}approve/", {"days": 20})[0] == 403
    assert ask(cast.bo, "get", path)[0] == 404
    before = end_of(Protection.objects.get(deal=deal))
    status, granted = ask(cast.mara, "post", f"{path}approve/", {"days": 20, "note": "Go on."})
    assert (status, granted["status"], granted["message"]) == (200, "approved", "Go on.")
    assert end_of(Protection.objects.get(deal=deal)) == before + dt.timedelta(days=20)
    assert ask(cast.mara, "post", f"{path}decline/", {"message": "No."})[0] == 409
    assert ask(cast.jonas, "get", path)[1]["status"] == "approved"


def test_an_extension_is_declined_with_a_reason(ask, cast, deal):
    path = f"extensions/{asked(ask, cast, deal)['id']}/decline/"
    assert ask(cast.mara, "post", path, {})[0] == 400
    assert ask(cast.mara, "post", path, {"message": "No", "version": 1})[0] == 409
    assert (
        ask(cast.mara, "post", path, {"message": "Others are nearer."})[1]["status"] == "declined"
    )
    assert Extension.objects.get().message == "Others are nearer."


def test_an_extension_without_evidence_is_refused_with_a_sentence(ask, cast, deal):
    status, answer = ask(cast.jonas, "post", f"deals/{deal.pk}/extensions/", {"reason": "Late."})
    assert (status, "Add evidence" in answer["detail"]) == (409, True)
    assert not Extension.objects.exists()


def test_requests_are_listed_for_whom_they_concern(ask, cast, deal):
    extension = asked(ask, cast, deal)
    for user, found in (
        (cast.mara, [extension["id"]]),
        (cast.bo, []),
        (cast.jonas, [extension["id"]]),
    ):
        listed = ask(user, "get", "extensions/?status=waiting")[1]["results"]
        assert [one["id"] for one in listed] == found
    assert ask(cast.mara, "get", "extensions/?status=approved")[1]["results"] == []
    assert ask(cast.mara, "get", "extensions/?status=nonsense")[0] == 400


def test_the_customer_is_asked_and_a_no_is_for_staff_only(ask, cast, deal):
    path = f"deals/{deal.pk}/confirmations/"
    assert ask(cast.jonas, "post", path, {"address": "x@elsewhere.example"})[0] == 400
    status, made = ask(cast.jonas, "post", path, {"address": "anna@nordwind.example.com"})
    assert (status, made["state"]) == (201, "waiting")
    Confirmation.objects.update(answer="no", used_at=timezone.now())
    assert ask(cast.mara, "get", path)[1][0]["state"] == "denied"
    assert ask(cast.jonas, "get", path)[1][0]["state"] == "waiting"
    Confirmation.objects.update(expires_at=timezone.now())
    assert ask(cast.jonas, "get", path)[1][0]["state"] == "expired"


def test_what_came_to_nothing_is_begun_again_once(ask, cast, deal):
    path = f"deals/{deal.pk}/again/"
    assert ask(cast.jonas, "post", path)[0] == 409
    withdraw_deal(actor=cast.actor(cast.jonas), deal_id=deal.pk)
    status, draft = ask(cast.jonas, "post", path)
    assert (status, draft["status"], draft["customer"]["name"]) == (
        201,
        "draft",
        deal.customer_name,
    )
    assert ask(cast.jonas, "post", path)[1]["id"] == draft["id"]
    assert ask(cast.mara, "post", path)[0] == 403
