"""The public directory, and the leads that come from it."""

import io
import json
import re
import uuid
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core.appointments import DueAppointment
from core.delivery import deliver_due
from core.models import Event, Notification
from dealreg.models import Lead, LeadOffer
from dealreg.rules.leads import LeadOutcome
from dealreg.services import leads as services
from dealreg.services.leads import Inquiry, LeadMovedOn, LeadRefused, receive_inquiry
from partners.models import DirectoryProfile, Focus, PartnerFocus
from partners.queries import directory
from partners.queries.directory import Wanted
from partners.rules import PartnerStatus
from partners.rules.directory import address_of, usable_website
from partners.services.directory import (
    InvalidProfile,
    ProfileDraft,
    reopen_directory,
    take_out_of_directory,
    write_profile,
)
from partners.services.lifecycle import change_status

DRAFT = ProfileDraft(
    name="Alpha Öffentlich",
    text="We install archives in hospitals.",
    website="https://alpha.example/",
    languages=["de", "en"],
    countries=["AT"],
    product_lines=["cloud"],
    listed=True,
)


@pytest.fixture
def profile(cast):
    """Alpha in the directory."""
    return write_profile(actor=cast.actor(cast.chiara), draft=DRAFT)


@pytest.fixture
def page(profile):
    return f"/directory/{address_of(profile.partner_id, profile.name)}/"


def names(**wanted):
    return [row.name for row in directory.search(Wanted(**wanted))]


ASKED = Inquiry(
    person="Anna Auer",
    company="Halcyon Clinics",
    email="anna@halcyon.example",
    message="We look for an archive.",
)


def ask(cast):
    return receive_inquiry(visitor="192.0.2.7", partner_id=cast.alpha.pk, inquiry=ASKED)


def test_who_serves_a_part_of_a_country_is_found_by_both(cast, client):
    serves = replace(DRAFT, countries=["CH-ZH"])
    write_profile(actor=cast.actor(cast.chiara), draft=serves)
    for found in ({"country": "CH"}, {"country": "CH", "part": "CH-ZH"}):
        assert names(**found) == [DRAFT.name]
    assert names(country="CH", part="CH-BE") == names(country="FR") == []
    page = client.get("/directory/", {"country": "CH", "part": "CH-BE"}).content.decode()
    assert ('value="CH-BE" selected' in page, "CH-ZH" in page) == (True, True)
    assert "CH-ZH" not in client.get("/directory/").content.decode()


def test_parts_are_typed_beside_the_countries(cast, client):
    client.force_login(cast.chiara)
    page = reverse("directory_profile")
    said = {"name": "Alpha", "text": "We do.", "languages": ["de"], "countries": ["AT"]}
    assert "no part of a country" in client.post(page, {**said, "parts": "XY-1"}).content.decode()
    assert client.post(page, {**said, "parts": "ch-zh"}).status_code == 302
    assert DirectoryProfile.objects.get().countries == ["AT", "CH-ZH", "DE"]
    assert 'value="CH-ZH"' in client.get(page).content.decode()


# --- the profile ----------------------------------------------------------------------------


def test_nobody_is_listed_without_saying_so(cast, client):
    assert not DirectoryProfile.objects.exists()
    write_profile(actor=cast.actor(cast.ada), draft=ProfileDraft(name="Alpha", text="x"))

    assert names() == []
    assert client.get(f"/directory/{cast.alpha.pk}-alpha/").status_code == 404


@pytest.mark.parametrize("who", ["jonas", "mara", "olga"])
def test_only_marketing_and_administrators_write_it(cast, who):
    with pytest.raises(PermissionDenied):
        write_profile(actor=cast.actor(getattr(cast, who)), draft=DRAFT)

    assert not DirectoryProfile.objects.exists()


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://u:p@x.example/", "ftp://x.example/", "https://localhost/"],
)
def test_websites_that_are_not_linked(cast, url):
    assert not usable_website(url)
    with pytest.raises(InvalidProfile):
        write_profile(actor=cast.actor(cast.ada), draft=ProfileDraft(name="A", website=url))


@pytest.mark.parametrize("status", [PartnerStatus.SUSPENDED])
def test_off_at_once_when_suspended(cast, client, profile, page, status):
    assert client.get(page).status_code == 200
    etag = client.get("/directory/").headers["ETag"]
    change_status(
        actor=cast.actor(cast.otto), partner_id=cast.alpha.pk, status=status, note="Unpaid"
    )

    assert client.get(page).status_code == 404
    again = client.get("/directory/", headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert "Alpha Öffentlich" not in again.content.decode()
    assert page not in client.get("/directory/sitemap-0.xml").content.decode()


def test_operations_take_it_out_and_let_it_in_again(cast, profile, client, page):
    otto = cast.actor(cast.otto)
    take_out_of_directory(actor=otto, profile_id=profile.pk, reason="False claims")
    assert client.get(page).status_code == 404
    with pytest.raises(InvalidProfile, match="False claims"):
        write_profile(actor=cast.actor(cast.ada), draft=DRAFT)

    reopen_directory(actor=otto, profile_id=profile.pk)
    write_profile(actor=cast.actor(cast.ada), draft=DRAFT)
    assert client.get(page).status_code == 200


def test_a_logo_is_drawn_anew_and_public_while_the_profile_is(cast, client, settings, tmp_path):
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "PNG")
    client.force_login(cast.chiara)
    upload = SimpleUploadedFile("logo.png", picture.getvalue() + b"<script>")
    body = {"name": "Alpha", "text": "x", "listed": "on", "logo": upload}
    assert client.post("/company/directory/", body).status_code == 302
    client.logout()
    shown = directory.listing(cast.alpha.pk)
    assert shown is not None

    logo = f"/directory/{cast.alpha.pk}/logo/{shown.logo}"
    answer = client.get(logo)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert b"<script>" not in answer.content
    DirectoryProfile.objects.update(listed=False)
    assert client.get(logo).status_code == 404


def test_what_is_wrong_is_said_on_the_form(client, cast):
    client.force_login(cast.chiara)
    answer = client.post("/company/directory/", {"name": "Alpha", "listed": "on"})

    assert answer.status_code == 422
    assert "Say what you do" in answer.content.decode()


# --- the list -------------------------------------------------------------------------------


def test_everything_that_is_looked_for(cast, profile):
    skill = Focus.objects.create(kind="specialisation", name="Archives")
    PartnerFocus.objects.create(partner=cast.alpha, focus=skill)
    found = {
        "text": "hosp instal",
        "region": "WORLD",
        "country": "AT",
        "type": "reseller",
        "tier": cast.alpha.tier_id,
        "skill": skill.pk,
        "language": "de",
        "product_line": "cloud",
    }
    missed = {
        "text": "school",
        "region": "APAC",
        "country": "FR",
        "type": "msp",
        "tier": 0,
        "skill": 0,
        "language": "fr",
        "product_line": "edge",
    }

    for name in found:
        assert names(**{name: found[name]}) == ["Alpha Öffentlich"], name
        assert names(**{name: missed[name]}) == [], name
    assert names(**found) == ["Alpha Öffentlich"]


def test_a_partner_serves_its_own_country(profile):
    assert profile.countries == ["AT", "DE"]


PRIVATE = ("Jonas", "Mara", "cast.example", "Alpha Systems", "approval", "50000", "alpha.example<")


def test_nothing_private_is_said(client, profile, page):
    said = "".join(
        client.get(path).content.decode()
        for path in ("/directory/", page, f"{page}contact/", "/directory/sitemap-0.xml")
    )

    assert [word for word in PRIVATE if word in said] == []


def test_signed_in_readers_get_the_same_page(client, cast, profile, page):
    open_to_all = client.get(f"{page}?language=en").content
    client.force_login(cast.bo)

    assert client.get(f"{page}?language=en").content == open_to_all


def test_the_pages_are_asked_for_each_time_and_sent_once(client, page, profile):
    first = client.get(page)
    again = client.get(page, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert "Set-Cookie" not in first.headers


def test_search_engines_are_told_what_is_where(client, settings, profile, page):
    said = client.get(f"{page}?language=de").content.decode()
    site = settings.SITE_URL.rstrip("/")
    assert f'<link rel="canonical" href="{site}{page}?language=de">' in said
    assert said.count('rel="alternate" hreflang=') == 4
    assert 'lang="de"' in said
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', said, re.S)
    assert block is not None
    assert json.loads(block[1])["name"] == "Alpha Öffentlich"
    assert f"{site}/sitemap.xml" in client.get("/robots.txt").content.decode()
    assert f"{site}/directory/sitemap-0.xml" in client.get("/sitemap.xml").content.decode()
    assert f"{site}{page}" in client.get("/directory/sitemap-0.xml").content.decode()


def test_script_in_a_profile_stays_words(client, cast):
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    draft = ProfileDraft(name=evil[:150], text=evil, listed=True)
    written = write_profile(actor=cast.actor(cast.ada), draft=draft)
    page = f"/directory/{address_of(written.partner_id, written.name)}/"
    said = client.get(page).content.decode()

    assert "<script>alert" not in said
    assert "<img src=x" not in said


def test_an_older_name_leads_to_the_page(client, cast, profile, page):
    answer = client.get(f"/directory/{cast.alpha.pk}-older-name/")

    assert (answer.status_code, answer.headers["Location"]) == (301, page)


@pytest.mark.parametrize("address", ["x", "-1", "987654321", "9" * 40, "٣"])
def test_addresses_that_lead_nowhere(client, profile, address):
    assert client.get(f"/directory/{address}/").status_code == 404


def test_odd_filters_show_everything(client, profile):
    answer = client.get("/directory/?tier=x&region=%00&country=zz&q=%27%3A%2A&after=zzz")

    assert answer.status_code in {200, 400}
    assert client.get("/directory/?tier=x&region=q").status_code == 200


def test_the_list_costs_few_queries_and_few_bytes(client, profile, django_assert_max_num_queries):
    client.get("/directory/")
    with django_assert_max_num_queries(9):
        answer = client.get("/directory/")

    assert len(answer.content) < 100_000


# --- asking ---------------------------------------------------------------------------------

BODY = {
    "person": "Anna Auer",
    "company": "Halcyon Clinics",
    "email": "anna@halcyon.example",
    "message": "We look for an archive.",
    "consent": "on",
}


def test_a_question_becomes_a_lead_of_that_partner(client, cast, profile, page):
    answer = client.post(f"{page}contact/", BODY)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{page}sent/")
    lead = Lead.objects.get()
    assert (lead.source, lead.state, lead.partner) == ("directory", "new", cast.alpha)
    assert lead.consent_at <= timezone.now()
    assert LeadOffer.objects.get().answer_until == lead.answer_until
    deliver_due()
    told = set(Notification.objects.values_list("user_id", flat=True))
    assert told == {cast.jonas.pk, cast.ada.pk}
    recorded = "".join(str(one.payload) for one in Event.objects.filter(kind__contains="lead"))
    assert "Anna" not in recorded


@pytest.mark.parametrize("missing", ["person", "company", "email", "message", "consent"])
def test_what_is_missing_is_said_and_nothing_stored(client, profile, page, missing):
    body = {key: value for key, value in BODY.items() if key != missing}

    assert client.post(f"{page}contact/", body).status_code == 422
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("message", "x" * 2001),
        ("person", "x" * 151),
        ("email", "no"),
        ("country", "ZZ"),
        ("company", "a\x07b"),
    ],
)
def test_what_is_too_long_or_odd_is_refused(client, profile, page, field, value):
    assert client.post(f"{page}contact/", {**BODY, field: value}).status_code == 422
    assert not Lead.objects.exists()


def test_machines_are_thanked_and_forgotten(client, profile, page):
    answer = client.post(f"{page}contact/", {**BODY, "homepage": "https://spam.example"})

    assert answer.status_code == 302
    assert not Lead.objects.exists()


def test_questions_are_limited(client, profile, page, settings):
    settings.INQUIRIES_AN_HOUR = 2
    answers = [client.post(f"{page}contact/", BODY).status_code for _each in range(3)]

    assert answers == [302, 302, 429]
    assert Lead.objects.count() == 2


def test_a_double_submit_makes_one_lead(client, profile, page):
    body = {**BODY, "submission_key": str(uuid.uuid4())}
    answers = [client.post(f"{page}contact/", body).status_code for _each in range(2)]

    assert (answers, Lead.objects.count()) == ([302, 302], 1)


def test_a_partner_that_is_not_listed_is_not_asked(client, cast, profile):
    with pytest.raises(Http404):
        receive_inquiry(visitor="192.0.2.7", partner_id=cast.beta.pk, inquiry=ASKED)

    assert client.post(f"/directory/{cast.beta.pk}/contact/", BODY).status_code == 404
    assert not Lead.objects.exists()


# --- answering ------------------------------------------------------------------------------


def test_the_partner_accepts_and_closes(cast, profile):
    lead, jonas = ask(cast), cast.actor(cast.jonas)
    services.accept_lead(actor=jonas, lead_id=lead.pk)
    services.close_lead(actor=jonas, lead_id=lead.pk, outcome=LeadOutcome.REGISTERED)

    lead.refresh_from_db()
    assert (lead.state, lead.outcome, lead.partner) == ("closed", "registered", cast.alpha)
    assert LeadOffer.objects.get().answer == "accepted"


def test_declined_it_is_back_and_the_partner_sees_it_no_more(cast, profile):
    lead, jonas = ask(cast), cast.actor(cast.jonas)
    with pytest.raises(LeadRefused):
        services.decline_lead(actor=jonas, lead_id=lead.pk, reason=" ")
    services.decline_lead(actor=jonas, lead_id=lead.pk, reason="Too small")

    with pytest.raises(Http404):
        services.lead_for_reading(jonas, lead.pk)
    lead.refresh_from_db()
    assert (lead.state, lead.partner) == ("declined", None)
    deliver_due()
    assert Notification.objects.filter(user=cast.mara, body="Too small").count() == 1


def test_not_answered_in_time_it_is_back(cast, profile):
    lead = ask(cast)
    services.expire_lead(DueAppointment("", "dealreg.lead", lead.pk, "", timezone.now()))

    lead.refresh_from_db()
    assert (lead.state, lead.partner) == ("expired", None)
    with pytest.raises(Http404):
        services.accept_lead(actor=cast.actor(cast.jonas), lead_id=lead.pk)


def test_accepted_it_does_not_expire(cast, profile):
    lead = ask(cast)
    services.accept_lead(actor=cast.actor(cast.jonas), lead_id=lead.pk)
    services.expire_lead(DueAppointment("", "dealreg.lead", lead.pk, "", timezone.now()))
    with pytest.raises(LeadMovedOn):
        services.accept_lead(actor=cast.actor(cast.jonas), lead_id=lead.pk)

    lead.refresh_from_db()
    assert lead.state == "accepted"


def test_the_vendor_offers_it_to_another(cast, profile):
    lead, mara = ask(cast), cast.actor(cast.mara)
    services.offer_lead(actor=mara, lead_id=lead.pk, partner_id=cast.beta.pk)

    assert services.lead_for_reading(cast.actor(cast.bo), lead.pk).state == "new"
    with pytest.raises(Http404):
        services.lead_for_reading(cast.actor(cast.jonas), lead.pk)
    assert [one.answer for one in LeadOffer.objects.order_by("pk")] == ["expired", ""]


@pytest.mark.parametrize(
    ("who", "refusal"), [("bo", Http404), ("olga", Http404), ("chiara", PermissionDenied)]
)
def test_who_may_not_answer_changes_nothing(cast, profile, who, refusal):
    lead = ask(cast)
    with pytest.raises(refusal):
        services.accept_lead(actor=cast.actor(getattr(cast, who)), lead_id=lead.pk)

    assert Lead.objects.get().state == "new"


def test_the_inbox_answers(client, cast, profile, django_assert_max_num_queries):
    lead = ask(cast)
    client.force_login(cast.jonas)
    with django_assert_max_num_queries(15):
        assert lead.reference in client.get("/leads/").content.decode()
    with django_assert_max_num_queries(15):
        assert "We look for an archive." in client.get(f"/leads/{lead.pk}/").content.decode()
    assert client.post(f"/leads/{lead.pk}/decline/", {"reason": ""}).status_code == 422
    client.post(f"/leads/{lead.pk}/accept/")
    assert client.post(f"/leads/{lead.pk}/close/", {"outcome": ""}).status_code == 422
    client.post(f"/leads/{lead.pk}/close/", {"outcome": "no_need"})

    assert Lead.objects.get().state == "closed"


def test_staff_offer_and_close_in_the_back_office(client, cast, profile):
    lead = ask(cast)
    client.force_login(cast.mara)
    path = f"/admin/dealreg/lead/{lead.pk}/change/"
    assert "Anna Auer" in client.get(path).content.decode()
    rows = {"offers-TOTAL_FORMS": 0, "offers-INITIAL_FORMS": 0}
    client.post(path, {"offer_to": "Beta Networks", **rows})
    assert Lead.objects.get().partner == cast.beta
    client.post(path, {"close_as": "not_serious", **rows})
    assert Lead.objects.get().outcome == "not_serious"


def test_operations_take_a_profile_out_in_the_back_office(client, cast, profile):
    client.force_login(cast.otto)
    path = f"/admin/partners/directoryprofile/{profile.pk}/change/"
    client.post(path, {"closed_because": "False claims"})
    profile.refresh_from_db()
    assert (profile.listed, profile.closed_because) == (False, "False claims")

    client.post(path, {"closed_because": ""})
    profile.refresh_from_db()
    assert profile.closed_because == ""


def test_a_partner_that_is_let_go_gives_leads_back(cast, profile):
    lead = ask(cast)
    done = services.return_leads(cast.actor(cast.otto), cast.alpha.pk, "Bankrupt")

    lead.refresh_from_db()
    assert (done.whole, lead.state, lead.partner) == (True, "expired", None)


def test_programs_answer(client, cast, profile):
    lead = ask(cast)
    client.force_login(cast.jonas)
    assert [one["id"] for one in client.get("/api/v1/leads/").json()["results"]] == [lead.pk]
    answer = client.post(f"/api/v1/leads/{lead.pk}/accept/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    again = client.post(f"/api/v1/leads/{lead.pk}/accept/", {}, content_type="application/json")
    assert again.status_code == 409
