"""The pages and the API of conflict cases."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import delivery
from core.models import Notification
from dealreg.models import CaseSide, CaseStatement, ConflictCase
from dealreg.rules.cases import CaseReason, SideOutcome
from dealreg.services import cases
from tests.cast import bearer

pytestmark = pytest.mark.django_db
OUTCOMES = (SideOutcome.KEEPS, SideOutcome.LOSES)


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def form_for(case, *outcomes) -> dict[str, object]:
    data = {
        "decide-version": case.version, "decide-reason": "evidence", "decide-grounds": "A letter.",
    }  # fmt: skip
    for side, outcome in zip(case.sides.order_by("deal_id"), outcomes, strict=True):
        data |= {
            f"side-{side.pk}-outcome": outcome,
            f"side-{side.pk}-message": f"You {outcome}, side {side.pk}.",
        }
    return data


def test_a_side_reads_its_own_part_only(as_, cast, case):
    cases.add_statement(actor=cast.actor(cast.bo), case_id=case.pk, text="Secret of Bo.")
    page = as_(cast.jonas).get(f"/cases/{case.pk}/").content.decode()

    assert "We settle who works with this customer" in page
    assert "Nordwind Logistics GmbH" in page
    for hidden in ("Secret of Bo", "Beta Networks", "Logistics AG", "Both were there"):
        assert hidden not in page


def test_a_statement_with_evidence_through_the_page(as_, cast, case):
    upload = SimpleUploadedFile("letter.csv", b"signed;1\n")
    answer = as_(cast.jonas).post(
        f"/cases/{case.pk}/statement/", {"text": "We have a letter.", "upload": upload}
    )
    assert answer.status_code == 302
    page = as_(cast.jonas).get(f"/cases/{case.pk}/").content.decode()
    assert "Wait for the decision." in page
    assert "Please answer by" not in page
    assert "We have a letter." in page
    assert "letter.csv" in page


def test_an_empty_statement_keeps_the_page(as_, cast, case):
    answer = as_(cast.jonas).post(f"/cases/{case.pk}/statement/", {"text": ""})
    assert answer.status_code == 422
    assert not CaseStatement.objects.exists()


def test_the_vendor_sees_both_sides_beside_each_other_and_decides(as_, cast, case):
    cases.add_statement(actor=cast.actor(cast.bo), case_id=case.pk, text="Word of Bo.")
    office = as_(cast.mara)
    page = f"/admin/dealreg/conflictcase/{case.pk}/change/"
    said = office.get(page).content.decode()
    assert "Word of Bo." in said
    assert "Alpha Systems" in said
    case.refresh_from_db()
    answer = office.post(
        f"/admin/dealreg/conflictcase/{case.pk}/decide/", form_for(case, "loses", "gets")
    )
    assert answer.status_code == 302
    assert ConflictCase.objects.get().status == "decided"
    delivery.deliver_due()
    told = Notification.objects.filter(title__endswith="you do not get the customer")
    assert {one.user for one in told} == {cast.jonas, cast.ada}


def test_a_decision_that_does_not_fit_is_said_on_the_page(as_, cast, case):
    answer = as_(cast.mara).post(
        f"/admin/dealreg/conflictcase/{case.pk}/decide/", form_for(case, "shares", "loses")
    )
    assert answer.status_code == 409
    assert "share the customer alone" in answer.content.decode()
    assert ConflictCase.objects.get().status == "open"


def test_precedents_are_found_by_words_and_reason(as_, cast, case, registered):
    said = {
        side.pk: cases.SideDecision(outcome, "So.")
        for side, outcome in zip(
            case.sides.order_by("deal_id"), (SideOutcome.KEEPS, SideOutcome.LOSES), strict=True
        )
    }
    cases.decide_case(
        actor=cast.actor(cast.mara), case_id=case.pk, decisions=said, reason=CaseReason.FIRST,
        grounds="The forklift quote was older.",
    )  # fmt: skip
    one = registered(cast.bo, customer_name="Halcyon", customer_domain="h.example")
    two = registered(customer_name="Halcyon", customer_domain="h.example")
    other = cases.open_case(actor=cast.actor(cast.mara), deal_id=two.pk, why="Again.")
    assert one.partner != two.partner
    page, office = f"/admin/dealreg/conflictcase/{other.pk}/change/", as_(cast.mara)
    assert "forklift quote" in office.get(page, {"words": "forkl"}).content.decode()
    assert "forklift quote" in office.get(page, {"reason": "first"}).content.decode()
    assert "forklift quote" not in office.get(page, {"reason": "territory"}).content.decode()
    assert "forklift quote" not in office.get(page, {"words": "crane"}).content.decode()


def test_the_pages_cost_a_constant_number_of_queries(as_, cast, case):
    def cost(user, path):
        browser = as_(user)
        browser.get(path)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            browser.get(path)
        return len(caught)

    paths = [
        (cast.jonas, "/cases/"),
        (cast.jonas, f"/cases/{case.pk}/"),
        (cast.jonas, f"/deals/{case.sides.first().deal_id}/cases/"),
    ]
    before = [cost(*one) for one in paths]
    for number in range(5):
        cases.add_statement(actor=cast.actor(cast.jonas), case_id=case.pk, text=f"{number}")
    assert [cost(*one) for one in paths] == before
    assert max(before) <= 15


def test_a_program_reads_states_and_appeals(client, cast, case):
    headers = bearer(cast.jonas, "cases:read", "cases:write")
    send = {"content_type": "application/json", "headers": headers}
    listed = client.get("/api/v1/cases/", **send).json()["results"]
    assert [(one["id"], one["customer"]) for one in listed] == [
        (case.pk, "Nordwind Logistics GmbH")
    ]
    said = client.post(f"/api/v1/cases/{case.pk}/statements/", {"text": "Ours."}, **send)
    assert (said.status_code, said.json()["statements"][0]["text"]) == (201, "Ours.")
    early = client.post(f"/api/v1/cases/{case.pk}/appeal/", {"text": "No."}, **send)
    assert early.status_code == 409
    assert CaseSide.objects.count() == 2


def test_who_asked_is_told_where_it_stands_on_the_deal(as_, cast, case):
    deal = CaseSide.objects.get(partner=cast.alpha).deal
    assert f"/cases/{case.pk}/" in as_(cast.jonas).get(f"/deals/{deal.pk}/cases/").content.decode()
