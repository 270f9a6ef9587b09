"""Quarterly reviews: numbers live until the meeting and kept after it, notes, tasks, the pack."""

import datetime as dt
import io
import re
import time
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.template.loader import render_to_string
from django.utils import timezone, translation
from pypdf import PdfReader

from core import appointments, delivery
from core.models import Appointment, Event, Notification, StoredFile
from partners.models import QuarterlyReview, ReviewPack, ReviewTemplate, Todo
from partners.queries import actor_for, figures, reviews
from partners.rules.periods import PeriodKind, period_at
from partners.rules.plans import Side
from partners.rules.reviews import (
    ReviewStatus,
    ReviewVerb,
    agenda_items,
    may_move_review,
    review_after,
)
from partners.runs import packs
from partners.services import reviews as services
from partners.services.reviews import ReviewDetails, ReviewRefused, StaleReview

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
QUARTER = period_at(PeriodKind.QUARTER, 0, TODAY)
MEETS = timezone.now() + dt.timedelta(days=9)


@pytest.fixture
def planned(cast):
    def plan(by=None, **more):
        values: dict[str, Any] = {
            "title": "Autumn review",
            "period": QUARTER,
            "meets_at": MEETS,
            "agenda": "Numbers\n\nNext steps",
            "participant_ids": [cast.ada.pk, cast.jonas.pk, cast.mara.pk],
        }
        return services.plan_review(
            actor=actor_for(by or cast.mara),
            partner_id=cast.alpha.pk,
            details=ReviewDetails(**{**values, **more}),
        )

    return plan


@pytest.fixture
def held(cast, planned):
    return services.hold_review(actor=actor_for(cast.mara), review_id=planned().pk, version=1)


def value_of(review, name):
    return {one.name: one.value for one in figures.figures_of(review).measures}[name]


# --- rules ----------------------------------------------------------------------------------

ALLOWED = {
    ("planned", "change"): "planned",
    ("planned", "hold"): "held",
    ("planned", "cancel"): "cancelled",
    ("held", "note"): "held",
}


@pytest.mark.parametrize("verb", ReviewVerb)
@pytest.mark.parametrize("status", ReviewStatus)
def test_every_status_verb_and_side(status, verb):
    led = ALLOWED.get((status.value, verb.value))
    assert review_after(status, verb) == led
    for side in Side:
        holds = verb != ReviewVerb.HOLD or side == Side.VENDOR
        assert may_move_review(status, verb, side) == (led is not None and holds)


def test_an_agenda_is_lines_that_say_something():
    assert agenda_items(" One \n\n  Two\tand  three\n") == ["One", "Two and three"]
    assert len(agenda_items("x\n" * 100)) == 30


def act_on(review, verb, actor):
    given: dict[str, Any] = {"actor": actor, "review_id": review.pk, "version": review.version}
    if verb == "change":
        details = ReviewDetails("Other", QUARTER, MEETS)
        return services.change_review(**given, details=details)
    if verb == "hold":
        return services.hold_review(**given)
    if verb == "cancel":
        return services.cancel_review(**given, note="Ill")
    return services.write_notes(**given, notes="Said")


def expected(state, verb, role):
    if role in {"bo", "olga"}:
        return Http404
    if role in {"jonas", "chiara"} or (verb == "hold" and role == "ada"):
        return PermissionDenied
    return None if (state, verb) in ALLOWED else ReviewRefused


@pytest.mark.parametrize("state", ["planned", "held", "cancelled"])
def test_state_verb_and_role(cast, planned, state):
    review = planned()
    if state != "planned":
        act_on(review, "hold" if state == "held" else "cancel", actor_for(cast.otto))
        review.refresh_from_db()
    for verb in ReviewVerb.values:
        for role in ("ada", "mara", "otto", "jonas", "chiara", "bo", "olga"):
            raised, events = expected(state, verb, role), Event.objects.count()
            with transaction.atomic():
                if raised is None:
                    act_on(review, verb, actor_for(getattr(cast, role)))
                    assert Event.objects.count() == events + 1, (verb, role)
                else:
                    with pytest.raises(raised):
                        act_on(review, verb, actor_for(getattr(cast, role)))
                    assert Event.objects.count() == events, (verb, role)
                transaction.set_rollback(True)


# --- the meeting ----------------------------------------------------------------------------


def test_participants_are_invited_and_reminded(cast, planned):
    review = planned()
    delivery.deliver_due()
    told = Notification.objects.filter(title="You are invited: Autumn review")
    assert {one.user for one in told} == {cast.ada, cast.jonas}
    assert appointments.appointments_of(review).get().due_at == MEETS - dt.timedelta(days=1)
    Appointment.objects.update(due_at=timezone.now() - dt.timedelta(minutes=1))
    assert appointments.keep_due() == 1
    delivery.deliver_due()
    reminded = Notification.objects.filter(title="Tomorrow: Autumn review")
    assert {one.user for one in reminded} == {cast.ada, cast.jonas, cast.mara}


def test_participants_are_of_the_partner_or_look_after_it(cast, planned):
    with pytest.raises(ReviewRefused):
        planned(participant_ids=[cast.bo.pk])
    assert not QuarterlyReview.objects.exists()


def test_an_older_version_changes_nothing(cast, planned):
    review = planned()
    act_on(review, "change", actor_for(cast.ada))
    with pytest.raises(StaleReview):
        act_on(review, "cancel", actor_for(cast.mara))
    assert QuarterlyReview.objects.get().status == "planned"


def test_numbers_are_live_before_the_meeting_and_kept_after_it(cast, planned, won):
    review = planned()
    won(60_000, closed_on=TODAY)
    assert value_of(review, "sourced_revenue") == "€60,000.00"
    services.hold_review(actor=actor_for(cast.mara), review_id=review.pk, version=1)
    won(90_000, closed_on=TODAY)

    review.refresh_from_db()
    assert value_of(review, "sourced_revenue") == "€60,000.00"
    with translation.override("de"):
        assert value_of(review, "sourced_revenue") == "60.000,00\xa0€"
    assert (
        figures.counted(review, TODAY)["quarters"][0]["values"]["sourced_revenue"] == "150000.000"
    )


def test_the_quarter_before_is_beside_it(cast, planned, won):
    won(40_000, closed_on=QUARTER.first - dt.timedelta(days=5))
    won(60_000, closed_on=TODAY)
    one = next(
        one for one in figures.figures_of(planned()).measures if one.name == "sourced_revenue"
    )
    assert (one.before, one.change) == ("€40,000.00", "+€20,000.00")
    assert [point.value for point in one.points] == [0, 0, 0, Decimal(40_000), Decimal(60_000)]


def test_the_agenda_begins_as_operations_wrote_it(cast):
    ReviewTemplate.objects.create(name="All", agenda="Numbers")
    ReviewTemplate.objects.create(name="Resellers", partner_type="reseller", agenda="Deals")
    ReviewTemplate.objects.create(name="Old", partner_type="reseller", agenda="Old", active=False)
    assert reviews.agenda_for(cast.alpha) == "Deals"


# --- the pack -------------------------------------------------------------------------------


def made(review, actor, language="en"):
    services.ask_pack(actor=actor, review_id=review.pk, language=language)
    assert packs.work_due() == 1
    return ReviewPack.objects.latest("pk")


def text_of(pack):
    with pack.file.content.open("rb") as content:
        reader = PdfReader(io.BytesIO(content.read()))
    return reader, "\n".join(page.extract_text() for page in reader.pages)


def test_a_worker_makes_the_pack_and_who_asked_is_told(cast, held, client):
    services.write_notes(
        actor=actor_for(cast.ada), review_id=held.pk, notes="Hire in Oslo", version=2
    )
    began = time.monotonic()
    pack = made(held, actor_for(cast.jonas))
    delivery.deliver_due()
    reader, text = text_of(pack)

    assert time.monotonic() - began < 40
    assert (pack.state, pack.done, pack.of_version) == ("done", 4, 3)
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    for words in ("Autumn review", "Alpha Systems", "Next steps", "Hire in Oslo", "1 / "):
        assert words in text
    assert Notification.objects.filter(
        user=cast.jonas, title="The pack is ready: Autumn review"
    ).exists()
    client.force_login(cast.bo)
    assert client.get(f"/files/{pack.file_id}/").status_code == 404
    client.force_login(cast.chiara)
    assert client.get(f"/files/{pack.file_id}/")["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(("language", "words"), [("de", "Kennzahlen"), ("ar", "")])
def test_the_pack_speaks_the_language_asked_for(cast, held, language, words):
    pack = made(held, actor_for(cast.ada), language)
    assert words in text_of(pack)[1]
    with translation.override(language):
        assert packs.contents(held)["direction"] == ("rtl" if language == "ar" else "ltr")


def test_nothing_is_fetched_from_anywhere(cast, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(
        "urllib.request.OpenerDirector.open", lambda _o, url, **_k: opened.append(url)
    )
    page = (
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">'
        '<img src="http://169.254.169.254/latest"><img src="file:///etc/passwd">'
        "<style>@import url(https://example.com/a.css); p { background: url(ftp://x/y) }</style>"
        "<p>Hi"
    )
    assert packs.pdf_of(page).startswith(b"%PDF")
    assert opened == []


def test_hostile_words_are_only_words(cast, planned):
    review = planned(title="<img src=x onerror=alert(1)>", guests="</p><script>alert(2)</script>")
    text = text_of(made(review, actor_for(cast.ada)))[1]
    assert "<script>alert(2)</script>" in text


def test_the_same_pack_is_made_once_at_a_time(cast, held):
    ada = actor_for(cast.ada)
    first = services.ask_pack(actor=ada, review_id=held.pk, language="en")
    assert services.ask_pack(actor=ada, review_id=held.pk, language="en") == first
    assert packs.work_due() == 1
    assert StoredFile.objects.filter(subject_type="partners.quarterlyreview").count() == 1


def test_what_cannot_be_drawn_is_tried_again_and_parked(cast, held, monkeypatch):
    def broken(_page):
        raise RuntimeError("no fonts")

    monkeypatch.setattr(packs, "pdf_of", broken)
    services.ask_pack(actor=actor_for(cast.ada), review_id=held.pk, language="en")
    for _again in range(5):
        ReviewPack.objects.update(due_at=timezone.now() - dt.timedelta(minutes=1))
        assert packs.work_due() == 0
    pack = ReviewPack.objects.get()
    assert (pack.state, pack.attempts, pack.file) == ("parked", 4, None)
    assert "no fonts" in pack.last_error


# --- pages ----------------------------------------------------------------------------------


def form(**more):
    return {
        "title": "Winter",
        "quarter": QUARTER.first.isoformat(),
        "meets_at": "2027-01-20T10:00",
        "agenda": "Numbers",
        **more,
    }


def test_the_pages_of_an_administrator(client, cast):
    client.force_login(cast.ada)
    client.post("/plan/reviews/new/", form(participants=[cast.ada.pk]))
    review = QuarterlyReview.objects.get()
    base = f"/plan/reviews/{review.pk}/"
    assert client.post(f"{base}edit/", form(title="Deep winter", version=1)).status_code == 302
    assert client.post(f"{base}edit/", form(title="Stale", version=1)).status_code == 409
    client.post(f"{base}pack/", {"language": "de"})
    page = client.get(base)
    assert page["Refresh"] == "3"
    assert "Deep winter" in page.content.decode()
    todo = {"title": "Call", "due_on": TODAY.isoformat(), "remind_days": 1}
    client.post(f"/tasks/new/?about=partners.quarterlyreview:{review.pk}", todo)
    assert Todo.objects.get().about_label == "Deep winter"
    assert "Call" in client.get(base).content.decode()


def test_others_read_and_may_have_the_pack_made(client, cast, held):
    client.force_login(cast.jonas)
    base = f"/plan/reviews/{held.pk}/"
    assert "Save the notes" not in client.get(base).content.decode()
    assert client.get("/plan/reviews/new/").status_code == 403
    assert client.post(f"{base}notes/", {"text": "x", "version": 2}).status_code == 403
    client.post(f"{base}pack/", {"language": "en"})
    assert ReviewPack.objects.get().asked_by == cast.jonas


def test_a_reviews_page_costs_what_it_may(client, cast, planned, django_assert_max_num_queries):
    review = planned()
    client.force_login(cast.ada)
    for path in ("/plan/reviews/", f"/plan/reviews/{review.pk}/"):
        with django_assert_max_num_queries(15):
            client.get(path)


def test_the_back_office_plans_holds_and_notes(client, cast):
    client.force_login(cast.mara)
    office = "/admin/partners/quarterlyreview/"
    client.post(f"{office}new/?partner_name=Alpha+Systems", form())
    review = QuarterlyReview.objects.get()
    client.post(f"{office}{review.pk}/hold/", {"version": 1})
    client.post(f"{office}{review.pk}/notes/", {"version": 2, "text": "Agreed to hire"})
    client.post(f"{office}{review.pk}/pack/", {"language": "ar"})
    review.refresh_from_db()
    assert (review.status, review.notes) == ("held", "Agreed to hire")
    assert "Agreed to hire" in client.get(f"{office}{review.pk}/change/").content.decode()
    pack = ReviewPack.objects.get()
    assert client.get(f"/admin/partners/reviewpack/{pack.pk}/change/").status_code == 200


def test_programs(client, cast):
    as_json: dict[str, Any] = {"content_type": "application/json"}
    client.force_login(cast.mara)
    body = {
        "partner": cast.alpha.pk,
        "title": "Winter",
        "first": str(QUARTER.first),
        "last": str(QUARTER.last),
        "meets_at": MEETS.isoformat(),
    }
    begun = client.post("/api/v1/reviews/", body, **as_json)
    path = f"/api/v1/reviews/{begun.json()['id']}/"
    assert client.post(f"{path}hold/").status_code == 428
    kept = client.post(f"{path}hold/", headers={"If-Match": begun["ETag"]})
    assert kept.json()["status"] == "held"
    assert client.put(path, body, **as_json, headers={"If-Match": kept["ETag"]}).status_code == 409
    noted = client.post(f"{path}notes/", {"text": "Hi"}, **as_json, headers={"If-Match": '"2"'})
    assert noted.json()["notes"] == "Hi"
    pack = client.post(f"{path}packs/", {"language": "en"}, **as_json)
    assert (pack.status_code, pack.json()["state"]) == (202, "waiting")


def test_a_pack_that_reads_from_right_to_left_has_its_charts_so(held):
    with translation.override("ar"):
        page = render_to_string("partners/pack.html", packs.contents(held))
    chart = page[page.index('<div class="charts"') :]

    # The axis is on the right, and its numbers stand beyond it.
    assert 'text-anchor="start"' in chart
    assert 'text-anchor="end"' not in chart
    # The letters of a drawing are not joined: it has none that would have to be.
    assert not re.search("<text[^>]*>[^<]*[\u0600-\u06ff]", chart)


@pytest.mark.parametrize(
    "change",
    [
        "figures = '{}'",
        "figures = NULL, held_at = NULL, status = 'planned'",
        "held_at = held_at - interval '1 day'",
        "first = first - 90",
    ],
)
def test_the_database_keeps_what_was_looked_at(held, change):
    told = QuarterlyReview.objects.values("figures").get()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE partners_quarterlyreview SET {change}")
    with pytest.raises(IntegrityError), transaction.atomic():
        QuarterlyReview.objects.all().delete()

    assert QuarterlyReview.objects.values("figures").get() == told
