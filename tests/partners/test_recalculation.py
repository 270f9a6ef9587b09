"""Recalculating everybody: in batches, once at a time, killed and carried on."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core import appointments, delivery, queue
from core.actor import system
from core.events import record
from core.fsck import findings
from core.models import Appointment, Notification
from dealreg.events import DealRegistered
from partners.models import (
    Partner,
    TierAssessment,
    TierMove,
    TierRun,
    TierSchedule,
    TierStanding,
    TierStay,
)
from partners.runs import recalculation
from partners.services import end_exception, set_schedule
from partners.services.schedules import next_time
from partners.services.stays import begin_stay
from tests.partners.programme import TEST, draft, published, tiers
from tests.partners.test_benefits import published as benefits_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(cast) -> list[Partner]:
    """Twelve partners beside the cast's two, all in Silver since they began."""
    rows = Partner.objects.bulk_create(
        Partner(
            name=f"Crowd {number}",
            type="reseller",
            status="active",
            region_id=cast.alpha.region_id,
            tier_id=cast.alpha.tier_id,
        )
        for number in range(12)
    )
    for one in [cast.alpha, cast.beta, *rows]:
        begin_stay(one.pk, one.tier_id, actor=TEST, note="")
    return rows


def everything() -> list[object]:
    return [list(model.objects.values()) for model in (TierAssessment, TierStanding, TierStay)]


def run_through(batch: int = 5) -> TierRun:
    recalculation.ask_recalculation(actor=TEST, cause="test")
    recalculation.work_due()
    return TierRun.objects.latest("id")


def test_a_run_looks_at_everybody_and_a_second_changes_nothing(crowd, won, monkeypatch):
    monkeypatch.setattr(recalculation, "BATCH", 5)
    published()
    won(10_000, partner=crowd[0])
    run = run_through()
    assert (run.state, run.done, run.result["seen"]) == ("done", 14, 14)
    assert run.result["grace"] == 13

    before = everything()
    again = run_through()
    assert again.result["written"] == 0
    assert everything() == before
    assert list(findings(only=["partners.tiers", "partners.standings"])) == []


def test_one_recalculation_at_a_time(crowd):
    published()
    first = recalculation.ask_recalculation(actor=TEST, cause="a")

    assert recalculation.ask_recalculation(actor=TEST, cause="b").pk == first.pk
    assert TierRun.objects.count() == 1


def test_a_worker_that_dies_costs_one_batch(crowd, monkeypatch):
    monkeypatch.setattr(recalculation, "BATCH", 5)
    published()
    recalculation.ask_recalculation(actor=TEST, cause="test")
    claimed = recalculation.claim()
    assert claimed is not None
    assert not recalculation._one_batch(claimed, recalculation.recalculate_batch)
    assert TierRun.objects.get().done == 5
    assert queue.claim_new(TierRun, 1, recalculation.PACE) == []
    TierRun.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    assert recalculation.work_due() == 1

    run = TierRun.objects.get()
    assert (run.state, run.done, run.attempts) == ("done", 14, 2)
    assert TierAssessment.objects.count() == 14


def test_who_lost_the_claim_writes_nothing(crowd):
    published()
    recalculation.ask_recalculation(actor=TEST, cause="test")
    claimed = recalculation.claim()
    assert claimed is not None
    TierRun.objects.update(attempts=2)

    assert recalculation._one_batch(claimed, recalculation.recalculate_batch)
    assert not TierAssessment.objects.exists()


def test_the_command_shows_progress_and_ends(crowd, capsys):
    published()
    call_command("recalculate_tiers")
    said = capsys.readouterr().out

    assert "14 of 14 partners" in said
    assert "grace 14" in said
    call_command("recalculate_tiers", "--partner", str(crowd[0].pk))
    assert "Crowd 0: Silver → Silver" in capsys.readouterr().out


def test_a_simulation_moves_nobody(crowd, won):
    row = draft()
    for _deal in range(3):
        won(20_000, partner=crowd[3])
    before = everything()
    run = recalculation.ask_simulation(actor=TEST, programme_id=row.pk)
    recalculation.work_due()
    run.refresh_from_db()

    assert everything() == before
    assert (run.state, run.result["seen"]) == ("done", 14)
    moves = TierMove.objects.select_related("before", "after")
    assert {(one.before.name, one.after.name) for one in moves} == {
        ("Silver", "Registered"),
        ("Silver", "Gold"),
    }


def test_a_fact_that_moves_a_measure_has_the_one_partner_looked_at(crowd, cast, won):
    published()
    for _deal in range(3):
        deal = won(20_000)
    fact = DealRegistered("Somebody", "Cloud", "1", "EUR", 1)
    record(fact, subject=deal, actor=system("x"), partner_id=cast.alpha.pk)
    delivery.deliver_due()

    cast.alpha.refresh_from_db()
    assert cast.alpha.tier.name == "Gold"
    assert TierAssessment.objects.get().cause == "dealreg.deal_registered"
    delivery.deliver_due()
    told = Notification.objects.get(user=cast.ada)
    assert (told.title, told.url) == ("Alpha Systems is now Gold", "/programme/tier/")


def test_other_facts_have_nobody_looked_at(crowd, cast):
    from core.account_facts import SignedIn

    published()
    record(SignedIn(("password",)), subject=cast.jonas, actor=system("x"))
    delivery.deliver_due()

    assert not TierAssessment.objects.exists()


@pytest.mark.parametrize(
    ("rhythm", "zone", "after", "expected"),
    [
        ("daily", "UTC", "2026-03-01T02:59", "2026-03-01T03:00"),
        ("daily", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T01:00"),
        ("weekly", "Asia/Tokyo", "2026-11-22T12:00", "2026-11-22T18:00"),
        ("monthly", "UTC", "2026-11-22T12:00", "2026-12-01T03:00"),
    ],
)
def test_schedules_follow_the_clocks_of_their_place(rhythm, zone, after, expected):
    schedule = TierSchedule(rhythm=rhythm, at=dt.time(3), time_zone=zone)
    utc = ZoneInfo("UTC")
    found = next_time(schedule, dt.datetime.fromisoformat(after).replace(tzinfo=utc))

    assert found == dt.datetime.fromisoformat(expected).replace(tzinfo=utc)


def test_a_schedule_asks_for_a_run_and_makes_its_next(crowd, cast):
    published()
    schedule = TierSchedule(rhythm="daily", at=dt.time(3), time_zone="UTC")
    set_schedule(actor=cast.actor(cast.otto), schedule=schedule)
    Appointment.objects.update(due_at=timezone.now() - dt.timedelta(hours=1))
    appointments.keep_due()

    assert TierRun.objects.get().state == "waiting"
    assert Appointment.objects.get().due_at > timezone.now()


def test_nothing_to_end_is_nothing(cast):
    assert not end_exception(actor=cast.actor(cast.otto), partner_id=cast.alpha.pk)


KILLED = """
import os, signal, sys
import django
django.setup()
from partners.runs import recalculation
recalculation.BATCH = 5
done = []
def tell(run):
    done.append(run.done)
    if len(done) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
recalculation.work_on(recalculation.claim(int(sys.argv[1])), tell=tell)
"""


@pytest.mark.django_db(transaction=True)
def test_killed_between_batches_it_goes_on_where_it_was(cast, won, request):
    """A process is killed (-9) after two batches; another carries on."""
    for number in range(12):
        Partner.objects.create(
            name=f"Crowd {number}",
            type="reseller",
            status="active",
            region_id=cast.alpha.region_id,
            tier_id=cast.alpha.tier_id,
        )
    published()
    run = recalculation.ask_recalculation(actor=TEST, cause="test")
    name = connection.settings_dict["NAME"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.partners.same_database"}
    environment["TEST_DATABASE_NAME"] = str(name)
    died = subprocess.run(
        [sys.executable, "-c", KILLED, str(run.pk)], env=environment, timeout=60, check=False
    )
    assert died.returncode == -signal.SIGKILL
    run.refresh_from_db()
    assert (run.state, run.done) == ("running", 10)

    TierRun.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    recalculation.work_due()
    run.refresh_from_db()
    assert (run.state, run.done) == ("done", 14)
    assert TierAssessment.objects.count() == Partner.objects.count() == 14
    assert TierStay.objects.filter(until__isnull=True).count() <= 14


@pytest.mark.django_db(transaction=True)
def test_two_at_once_and_deals_that_close_meanwhile(cast, won, monkeypatch):
    """Two threads recalculate while a third closes deals and has its partner looked at."""
    from threading import Thread

    from partners.measures import Among
    from partners.services.assessing import assess, assess_partner

    published()
    begin_stay(cast.alpha.pk, cast.alpha.tier_id, actor=TEST, note="")
    begin_stay(cast.beta.pk, cast.beta.tier_id, actor=TEST, note="")
    errors: list[BaseException] = []

    def again_and_again() -> None:
        try:
            for _time in range(15):
                assess(Among(), cause="thread")
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=again_and_again) for _each in range(2)]
    for thread in threads:
        thread.start()
    for _deal in range(6):
        won(10_000)
        assess_partner(cast.alpha.pk, cause="event")
        time.sleep(0.02)
    for thread in threads:
        thread.join()
    assess(Among(), cause="last")

    assert errors == []
    cast.alpha.refresh_from_db()
    assert cast.alpha.tier.name == "Gold"
    assert TierStay.objects.filter(partner=cast.alpha, until=None).count() == 1
    rises = TierAssessment.objects.filter(partner=cast.alpha, action="risen")
    assert rises.count() == 1
    newest = TierAssessment.objects.filter(partner=cast.alpha).latest("id")
    assert Decimal(newest.measured["sourced_revenue"]) == 60_000


@pytest.mark.django_db
def test_a_simulation_says_what_the_benefits_would_cost(client, cast, won):
    """Alpha would rise to Gold: five percent more margin on what it sold."""
    tiers()
    benefits_published(cast)
    for amount in (20_000, 20_000, 20_000):
        won(amount)
    row = draft()
    run = recalculation.ask_simulation(actor=TEST, programme_id=row.pk)
    recalculation.work_due()
    run.refresh_from_db()
    assert run.result["cost|WORLD.EMEA|reseller"] == 3_000
    client.force_login(cast.otto)
    page = client.get(reverse("admin:partners_tierrun_change", args=[run.pk])).content.decode()
    assert "would cost €3,000.00 more a year" in page
