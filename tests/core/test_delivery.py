import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from core import delivery, queue
from core.delivery import PACE, deliver_due
from core.models import EventDelivery, QueueState, User
from tests.core.trial import note


def states() -> list[tuple[str, int]]:
    return list(EventDelivery.objects.order_by("id").values_list("state", "attempts"))


def make_due() -> None:
    """Lets the pause of a failed delivery, or the lease of an abandoned one, be over."""
    rows = EventDelivery.objects.all()
    rows.filter(state=QueueState.WAITING).update(due_at=Now())
    past = Now() - timedelta(seconds=1)
    rows.filter(state=QueueState.RUNNING).update(leased_until=past)


def fail_on(word: str):
    def act(event):
        Group.objects.create(name=event.payload.text)
        if event.payload.text == word:
            raise RuntimeError(f"no {word}")

    return act


def test_every_handler_hears_and_its_row_is_done(olga, kinds):
    note("a", "b", "c", subject=olga)

    assert deliver_due() == 3
    assert kinds.heard == ["a", "b", "c"]
    assert states() == [("done", 1)] * 3
    assert deliver_due() == 0


def test_a_failing_handler_leaves_nothing_and_harms_no_neighbour(olga, kinds):
    kinds.act = fail_on("b")
    note("a", "b", "c", subject=olga)

    assert deliver_due() == 2
    assert sorted(Group.objects.values_list("name", flat=True)) == ["a", "c"]
    assert states() == [("done", 1), ("waiting", 1), ("done", 1)]
    assert "RuntimeError: no b" in EventDelivery.objects.get(state="waiting").last_error


def test_what_always_fails_is_parked_after_five_tries(olga, kinds):
    kinds.act = fail_on("b")
    note("b", subject=olga)
    for _ in range(8):
        deliver_due()
        make_due()

    assert states() == [("parked", 5)]
    assert not Group.objects.exists()


def test_the_pause_after_a_failure_is_kept(olga, kinds):
    kinds.act = fail_on("b")
    note("b", subject=olga)
    deliver_due()
    deliver_due()

    assert states() == [("waiting", 1)]


def test_a_parked_delivery_runs_again_with_all_its_tries(olga, kinds):
    note("b", subject=olga)
    EventDelivery.objects.update(state=QueueState.PARKED, attempts=5, last_error="broken")

    call_command("redeliver", "--handler", "trial.act")

    assert states() == [("waiting", 0)]
    assert deliver_due() == 1
    assert EventDelivery.objects.get().last_error == ""


def test_only_parked_deliveries_are_put_back(olga, kinds):
    note("b", subject=olga)
    deliver_due()

    with pytest.raises(CommandError, match="not parked"):
        call_command("redeliver", "--id", str(EventDelivery.objects.get().pk))

    assert states() == [("done", 1)]


def test_a_handler_that_is_gone_parks_its_delivery_and_says_so(olga, kinds):
    note("a", subject=olga)
    EventDelivery.objects.update(handler="gone.handler")

    assert deliver_due() == 0
    assert states() == [("parked", 1)]
    assert "No installed app has the handler gone.handler" in EventDelivery.objects.get().last_error


def test_a_kind_that_is_gone_parks_its_delivery(olga, kinds, monkeypatch):
    note("a", subject=olga)
    monkeypatch.setattr("core.events._kinds_by_name", {})

    assert deliver_due() == 0
    assert states() == [("parked", 1)]


def test_an_abandoned_attempt_counts_and_runs_again_after_its_lease(olga, kinds):
    note("a", subject=olga)
    queue.claim_new(EventDelivery, 10, PACE)

    assert deliver_due() == 0
    assert states() == [("running", 1)]
    make_due()
    assert deliver_due() == 1
    assert states() == [("done", 2)]


def test_five_killed_workers_park_a_delivery(olga, kinds):
    note("a", subject=olga)
    EventDelivery.objects.update(state=QueueState.RUNNING, attempts=5, leased_until=Now())

    assert deliver_due() == 0
    assert states() == [("parked", 5)]
    assert EventDelivery.objects.get().last_error == queue.SPENT


def test_what_was_tried_before_is_claimed_alone(olga, kinds):
    note("a", "b", "c", subject=olga)
    EventDelivery.objects.update(attempts=1)

    assert queue.claim_new(EventDelivery, 10, PACE) == []
    again = queue.claim_again(EventDelivery, PACE)
    assert again
    assert again.attempts == 2
    assert states() == [("running", 2), ("waiting", 1), ("waiting", 1)]


def test_a_worker_that_lost_its_claim_changes_nothing(olga, kinds):
    note("a", subject=olga)
    (late,) = queue.claim_new(EventDelivery, 10, PACE)
    make_due()
    queue.claim_again(EventDelivery, PACE)

    assert delivery.deliver_together([late]) == 0
    queue.fail(late, "late", PACE)
    assert queue.finish([late]) == 0
    assert kinds.heard == []
    assert states() == [("running", 2)]


def test_a_batch_ends_early_and_gives_back_the_rest(olga, kinds, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH_SECONDS", -1.0)
    note("a", "b", subject=olga)
    claimed = queue.claim_new(EventDelivery, 10, PACE)

    assert delivery.deliver_together(claimed) == 0
    assert states() == [("waiting", 0)] * 2


@pytest.mark.django_db(transaction=True)
def test_what_breaks_the_commit_of_all_is_found_alone(olga, kinds):
    def act(event):
        if event.payload.text == "b":  # refused only at commit: the key is deferred
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO core_user_groups (user_id, group_id) VALUES (0, 0)")

    kinds.act = act
    note("a", "b", "c", subject=olga)

    assert deliver_due() == 2
    assert states() == [("done", 2), ("waiting", 2), ("done", 2)]


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_and_repeat_nothing(olga, kinds):
    note(*(str(number) for number in range(500)), subject=olga)

    def work():
        deliver_due()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert sorted(map(int, kinds.heard)) == list(range(500))
    assert set(states()) == {("done", 1)}


@pytest.mark.django_db(transaction=True)
def test_a_running_effect_is_not_taken_over_even_after_its_lease(olga, kinds):
    note("slow", subject=olga)
    (mine,) = queue.claim_new(EventDelivery, 1, PACE)
    make_due()
    taken = []

    def steal():
        taken.append(queue.claim_again(EventDelivery, PACE))
        connection.close()

    with transaction.atomic():
        assert queue.hold(EventDelivery, [mine]) == [mine]
        thief = threading.Thread(target=steal)
        thief.start()
        thief.join(10)

    assert taken == [None]
    assert queue.claim_again(EventDelivery, PACE)  # the control: nothing holds it any more


def test_a_claim_inside_an_open_transaction_is_refused(transactional_db):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        queue.claim_new(EventDelivery, 1, PACE)


def test_news_told_by_a_handler_is_heard_too(olga, kinds):
    def act(event):
        if event.payload.text == "first":
            note("second", subject=User.objects.get(pk=event.subject_id))

    kinds.act = act
    note("first", subject=olga)

    assert deliver_due() == 2
    assert kinds.heard == ["first", "second"]


def test_a_delivery_costs_its_savepoint_and_nothing_else(olga, kinds):
    def queries(*texts: str) -> int:
        note(*texts, subject=olga)
        with CaptureQueriesContext(connection) as captured:
            deliver_due()
        return len(captured)

    assert queries(*"abcdefgh") - queries(*"abcd") == 4 * 2
