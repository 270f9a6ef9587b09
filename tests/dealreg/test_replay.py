"""What other rules would have decided about the past."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from core import queue
from core.models import Event
from dealreg import access, replay, services
from dealreg.models import Deal, Decision, ReplayChange, ReplayRun, RuleBook
from dealreg.services import replaying
from partners.models import Region, StaffDuty

pytestmark = pytest.mark.django_db

COMPANIES = ["Nordwind", "Halcyon", "Bluebird", "Tamarack"]


@pytest.fixture
def otto(cast):
    return cast.actor(cast.otto)


@pytest.fixture
def past(registered) -> list[Deal]:
    """Three small registrations that were approved, and a big one in review."""
    amounts = [1_000, 20_000, 30_000, 80_000]
    return [
        registered(customer_name=name, customer_domain=f"{name}.example", amount=Decimal(amount))
        for name, amount in zip(COMPANIES, amounts, strict=True)
    ]


@pytest.fixture
def stricter(otto, rules) -> RuleBook:
    """A draft that declines from 25,000 on."""
    draft = services.draft_book(actor=otto, from_book_id=rules.pk)
    written = services.drafting.rules_of(draft)
    conditions = {"all": [{"fact": "deal.amount", "at_least": 25_000}]}
    big = services.RuleDraft("big", "decline", conditions, "Too big.")
    kept = [rule for rule in written if rule.code != "over-tier-limit"]
    services.write_draft(actor=otto, book_id=draft.pk, title="x", rules=[big, *kept])
    return draft


def run(actor, book) -> ReplayRun:
    today = timezone.localdate()
    since = today - dt.timedelta(days=7)
    return services.replay_book(actor=actor, book_id=book.pk, since=since, until=today)


def test_a_replay_counts_and_lists_what_changes(otto, past, stricter):
    done = run(otto, stricter)
    tally = replay.Tally.from_json(done.result)

    assert (done.state, done.read, done.total) == ("done", 4, 4)
    assert replay.matrix(tally) == {
        ("approve", "approve"): 2,
        ("approve", "decline"): 1,
        ("review", "decline"): 1,
    }
    assert list(done.changes.values_list("deal_id", "before", "rule_after")) == [
        (past[2].pk, "approve", "big"),
        (past[3].pk, "review", "big"),
    ]
    assert [(one.name, one.decided, one.changed) for one in replay.shares(tally, 2)] == [
        ("0", 1, 0),
        ("1", 2, 1),
        ("2", 1, 1),
    ]
    assert Event.objects.latest("id").kind == "dealreg.rules_replayed"


def test_the_same_rules_change_nothing(otto, past, rules):
    assert not run(otto, rules).changes.exists()


def test_deals_and_decisions_stay_as_they_are(otto, past, stricter):
    before = list(Deal.objects.values()), list(Decision.objects.values())
    run(otto, stricter)

    assert (list(Deal.objects.values()), list(Decision.objects.values())) == before


def test_a_book_for_elsewhere_changes_nothing_here(otto, past, stricter):
    apac = Region.objects.create(code="APAC", name="APAC", path="APAC")
    RuleBook.objects.filter(pk=stricter.pk).update(region=apac)
    tally = replay.Tally.from_json(run(otto, stricter).result)

    assert (tally.outside, replay.matrix(tally)) == (4, {})


def test_where_a_deeper_book_decides_a_wider_one_does_not(otto, past, rules, stricter):
    own = services.draft_book(actor=otto, from_book_id=rules.pk)
    emea = Region.objects.get(path="WORLD.EMEA")
    RuleBook.objects.filter(pk=own.pk).update(region=emea)
    services.publish_book(actor=otto, book_id=own.pk)

    assert replay.Tally.from_json(run(otto, stricter).result).outside == 4


def test_many_are_left_to_a_worker_that_goes_on_where_another_died(
    otto, past, stricter, monkeypatch
):
    monkeypatch.setattr(replaying, "AT_ONCE", 1)
    monkeypatch.setattr(replay, "BATCH", 2)
    waiting = run(otto, stricter)
    assert (waiting.state, waiting.read) == ("waiting", 0)

    (claimed,) = queue.claim_new(ReplayRun, 1, replay.PACE)
    assert replay._batch(claimed, replay.replay_of(claimed)) is False
    ReplayRun.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    assert replay.work_due() == 1

    waiting.refresh_from_db()
    assert (waiting.state, waiting.read, waiting.attempts) == ("done", 4, 2)
    assert ReplayChange.objects.count() == 2
    assert sum(replay.matrix(replay.Tally.from_json(waiting.result)).values()) == 4


def test_a_run_that_lost_its_claim_writes_nothing(otto, past, stricter, monkeypatch):
    monkeypatch.setattr(replaying, "AT_ONCE", 1)
    run(otto, stricter)
    (claimed,) = queue.claim_new(ReplayRun, 1, replay.PACE)
    ReplayRun.objects.update(attempts=2)

    assert replay._batch(claimed, replay.replay_of(claimed)) is True
    assert not ReplayChange.objects.exists()


def test_a_period_has_begun_and_ends(otto, rules):
    today = timezone.localdate()
    for since, until in [(today, today - dt.timedelta(1)), (today, today + dt.timedelta(1))]:
        with pytest.raises(ValidationError):
            services.replay_book(actor=otto, book_id=rules.pk, since=since, until=until)

    assert not ReplayRun.objects.exists()


def test_pages_show_and_export_what_changes(client, cast, past, stricter):
    client.force_login(cast.otto)
    today = timezone.localdate().isoformat()
    start = reverse("admin:dealreg_rulebook_replay", args=[stricter.pk])
    answer = client.post(start, {"since": today, "until": today}, follow=True)
    text = answer.content.decode()
    assert "2 of 4 decisions change" in text
    assert "Refresh" not in answer.headers

    done = ReplayRun.objects.get()
    export = client.get(reverse("admin:dealreg_replay_export", args=[done.pk]))
    lines = b"".join(export.streaming_content).decode().splitlines()
    assert len(lines) == 3
    assert "Bluebird" in lines[1]
    assert "Tamarack" in lines[2]


@pytest.mark.parametrize("who", ["mara", "jonas", "olga"])
def test_only_operations_replay(client, cast, otto, past, stricter, who):
    done = run(otto, stricter)
    client.force_login(getattr(cast, who))
    for name in ("replay_run", "replay_export"):
        answer = client.get(reverse(f"admin:dealreg_{name}", args=[done.pk]))
        assert answer.status_code in {302, 403}
    with pytest.raises(PermissionDenied):
        run(cast.actor(getattr(cast, who)), stricter)
    assert ReplayRun.objects.count() == 1


def test_operations_of_a_region_see_their_region_only(cast, otto, past, stricter):
    everything = run(otto, stricter)
    apac = Region.objects.create(code="APAC", name="APAC", path="APAC")
    StaffDuty.objects.filter(user=cast.otto).update(region=apac)
    regional = cast.actor(cast.otto)
    ReplayRun.objects.update(asked_by=cast.mara)

    with pytest.raises(Http404):
        access.replay_for_reading(regional, everything.pk)
    own = run(regional, stricter)
    assert replay.Tally.from_json(own.result).outside == 4
