"""Sharing a deal in the portal, by API and in the back office, as people use it."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import delivery
from core.models import OutgoingMail
from dealreg.models import Split
from dealreg.services import accept_split, counter_split
from tests.cast import bearer
from tests.dealreg.sharing import IMPLEMENT, SOURCE, own, part, share_a_deal

pytestmark = pytest.mark.django_db

# What is Alpha's or Gamma's and nothing to Beta.
SECRET = ("Alpha", "Jonas", "Gamma", "Gia", "gamma.example", "beta.example", "New warehouse")


@pytest.fixture
def shared(cast, registered):
    deal = registered(amount=Decimal(40_000), description="New warehouse")
    return share_a_deal(cast, deal)


@pytest.fixture
def as_user(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def rows(*wanted, **more):
    typed = {"parts-TOTAL_FORMS": len(wanted), "parts-INITIAL_FORMS": len(wanted), **more}
    for place, (kind, domain, role, percent) in enumerate(wanted):
        for name, value in [
            ("kind", kind),
            ("domain", domain),
            ("role", role),
            ("percent", percent),
        ]:
            typed[f"parts-{place}-{name}"] = value
    return typed


MINE, THEIRS = ("own", "", "sell", "70"), ("invited", "beta.example", "implement", "30")


def test_a_proposal_is_made_and_accepted_in_the_portal(shared, as_user):
    jonas = as_user(shared.cast.jonas)
    page = jonas.post(
        reverse("split_propose", args=[shared.deal.pk]), rows(MINE, THEIRS), follow=True
    )
    split = Split.objects.get()
    assert page.redirect_chain[-1][0] == f"/deals/shared/{split.pk}/"
    assert "€28,000.00" in page.content.decode()

    bo = as_user(shared.cast.bo)
    inbox = bo.get(reverse("split_list"), {"show": "waiting"}).content.decode()
    assert "Nordwind Logistics GmbH" in inbox
    assert '<span class="count">1</span>' in inbox
    answer = bo.post(
        reverse("split_accept", args=[split.pk]), {"version": split.version}, follow=True
    ).content.decode()
    assert "Agreed by all partners on" in answer
    assert "Your part: 30" in answer
    assert "€12,000.00" in answer
    assert "€40,000.00" in answer
    tab = as_user(shared.cast.jonas).get(reverse("deal_partners", args=[shared.deal.pk]))
    assert "In force" in tab.content.decode()


def test_rows_come_and_go_without_a_script(shared, as_user):
    jonas = as_user(shared.cast.jonas)
    address = reverse("split_propose", args=[shared.deal.pk])
    more = jonas.post(address, rows(MINE, THEIRS, add="invited")).content.decode()
    assert 'name="parts-TOTAL_FORMS" value="3"' in more
    assert 'value="beta.example"' in more
    less = jonas.post(address, rows(MINE, THEIRS, remove="1")).content.decode()
    assert 'name="parts-TOTAL_FORMS" value="1"' in less
    assert "beta.example" not in less
    assert not Split.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ([MINE, ("invited", "beta.example", "implement", "29")], "add up to 99"),
        ([MINE, ("invited", "", "implement", "30")], "Enter the partner"),
        ([MINE, ("invited", "beta.example", "implement", "many")], "Enter a number"),
        ([MINE, ("invited", "beta.example", "boss", "30")], "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(shared, as_user, wanted, says):
    page = as_user(shared.cast.jonas).post(
        reverse("split_propose", args=[shared.deal.pk]), rows(*wanted)
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert says in text
    assert 'value="70"' in text
    assert not Split.objects.exists()


@pytest.mark.parametrize("total", ["", "x", "999999", "-1"])
def test_a_form_that_was_tampered_with_is_refused(shared, as_user, total):
    page = as_user(shared.cast.jonas).post(
        reverse("split_propose", args=[shared.deal.pk]),
        {"parts-TOTAL_FORMS": total, "parts-INITIAL_FORMS": "0"},
    )
    assert page.status_code == 422
    assert not Split.objects.exists()


def test_a_counter_and_a_refusal_in_the_portal(shared, as_user):
    split = shared.propose()
    bo = as_user(shared.cast.bo)
    asked = rows(("own", "", "implement", "40"), version=1, note="Two sites.")
    bo.post(reverse("split_counter", args=[split.pk]), asked)
    split.refresh_from_db()
    assert (split.status, split.number) == ("countered", 2)

    jonas = as_user(shared.cast.jonas)
    assert "Two sites." in jonas.get(reverse("split_detail", args=[split.pk])).content.decode()
    refusal = {"version": split.version, "reason": ""}
    assert jonas.post(reverse("split_decline", args=[split.pk]), refusal).status_code == 422
    jonas.post(reverse("split_decline", args=[split.pk]), {**refusal, "reason": "Too much for us."})
    split.refresh_from_db()
    assert (split.status, split.reason) == ("declined", "Too much for us.")


def test_b6_a_stale_answer_changes_nothing_and_shows_what_is_now(shared, as_user):
    split = shared.three()
    counter_split(
        actor=shared.cast.actor(shared.gia),
        split_id=split.pk,
        version=1,
        own=own("25", SOURCE),
    )
    page = as_user(shared.cast.bo).post(
        reverse("split_accept", args=[split.pk]), {"version": 1}, follow=True
    )
    assert "has changed meanwhile" in page.content.decode()
    split.refresh_from_db()
    assert split.status == "countered"


def test_a2_nothing_of_others_is_on_betas_pages_mails_and_api(shared, as_user):
    split = shared.three()
    delivery.deliver_due()
    bo = as_user(shared.cast.bo)
    pages = [
        bo.get(reverse(name, args=args)).content.decode()
        for name, args in [
            ("split_list", []),
            ("split_detail", [split.pk]),
            ("split_counter", [split.pk]),
            ("split_decline", [split.pk]),
            ("home", []),
            ("notifications", []),
            ("api_splits", []),
            ("api_split", [split.pk]),
        ]
    ]
    mails = OutgoingMail.objects.filter(to_user=shared.cast.bo)
    pages += [f"{mail.subject}{mail.text}{mail.html}" for mail in mails]

    assert mails.count() == 1
    assert [word for word in SECRET for page in pages if word in page] == []
    assert not [page for page in pages for other in ("50\u00a0%", "20\u00a0%") if other in page]
    assert sum("Nordwind Logistics" in page for page in pages) == 9
    for name in ("deal_detail", "deal_partners", "split_propose"):
        assert bo.get(reverse(name, args=[shared.deal.pk])).status_code == 404
    assert "Nordwind" not in bo.get(reverse("deal_list")).content.decode()


def test_the_pages_cost_the_same_with_many_splits(shared, as_user):
    split = shared.propose()
    bo = as_user(shared.cast.bo)

    def cost(address):
        bo.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert bo.get(address).status_code == 200
        return len(queries)

    addresses = [reverse("split_list"), reverse("split_detail", args=[split.pk])]
    before = [cost(address) for address in addresses]
    accept_split(actor=shared.cast.actor(shared.cast.bo), split_id=split.pk, version=1)
    for percent in range(31, 41):
        made = shared.propose(parts(percent))
        accept_split(actor=shared.cast.actor(shared.cast.bo), split_id=made.pk, version=1)
    assert [cost(address) for address in addresses] == before
    assert max(before) <= 15


def parts(percent):
    return [part(str(100 - percent)), part(str(percent), IMPLEMENT, "beta.example")]


def test_the_deals_own_page_costs_the_same_with_many_splits(shared, as_user):
    jonas, address = as_user(shared.cast.jonas), reverse("deal_partners", args=[shared.deal.pk])
    for percent in (30, 31, 32):
        made = shared.propose(parts(percent))
        accept_split(actor=shared.cast.actor(shared.cast.bo), split_id=made.pk, version=1)
    jonas.get(address)
    with CaptureQueriesContext(connection) as queries:
        jonas.get(address)
    assert len(queries) <= 15


def test_the_api_proposes_counters_and_accepts(shared, client, cast):
    alpha, beta = (
        bearer(cast.jonas, "splits:read", "splits:write"),
        bearer(cast.bo, "splits:read", "splits:write"),
    )

    def post(path, body, headers):
        return client.post(path, body, content_type="application/json", headers=headers)

    body = [
        {"role": "sell", "percent": "70.00"},
        {"role": "implement", "percent": "30.00", "domain": "beta.example"},
    ]
    made = post(f"/api/v1/deals/{shared.deal.pk}/splits/", {"parts": body}, alpha)
    assert made.status_code == 201
    key = made.json()["id"]
    seen = client.get("/api/v1/splits/?waiting=1", headers=beta).json()["results"]
    assert [(one["id"], one["deal"], one["can"]) for one in seen] == [
        (key, None, ["accept", "counter", "decline"])
    ]
    assert [(one["percent"], one["amount"]) for one in seen[0]["parts"]] == [
        (None, None),
        ("30.00", "12000.00"),
    ]
    asked = {"version": 1, "parts": [{"role": "implement", "percent": "45.00"}]}
    assert post(f"/api/v1/splits/{key}/counter/", asked, beta).status_code == 200
    assert post(f"/api/v1/splits/{key}/accept/", {"version": 1}, alpha).status_code == 409
    done = post(f"/api/v1/splits/{key}/accept/", {"version": 2}, alpha).json()
    assert (done["status"], done["parts"][0]["percent"]) == ("in_force", "55.00")
    wrong = post(f"/api/v1/deals/{shared.deal.pk}/splits/", {"parts": body[:1]}, alpha)
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["parts"])


def test_staff_see_all_parts_and_set_a_split(shared, as_user):
    split = shared.three()
    mara = as_user(shared.cast.mara)
    story = mara.get(reverse("admin:dealreg_split_change", args=[split.pk])).content.decode()
    assert all(name in story for name in ("Alpha Systems", "Beta Networks", "Gamma Consult"))
    address = reverse("admin:dealreg_split_share", args=[shared.deal.pk])
    assert "Beta Networks" in mara.get(address).content.decode()
    typed = rows(("", "", "sell", "60"), ("", "", "implement", "40"), act="decide")
    typed |= {"parts-0-partner": "Alpha Systems", "parts-1-partner": "beta.example"}
    assert mara.post(address, typed).status_code == 422  # no reason
    missing = {**typed, "parts-1-partner": "Nobody", "reason": "As agreed."}
    assert "no partner “Nobody”" in mara.post(address, missing).content.decode()
    assert mara.post(address, {**typed, "reason": "As agreed."}).status_code == 302

    split.refresh_from_db()
    assert split.status == "superseded"
    assert Split.objects.get(status="in_force").basis == "staff"


def test_one_entry_of_the_navigation_says_where_the_reader_is(shared, as_user):
    page = as_user(shared.cast.jonas).get(reverse("split_list")).content.decode()
    assert page.count('aria-current="page"') == 1
    assert '<a href="/deals/shared/" aria-current="page">' in page
