"""What must happen later happens once: at its moment, or late, or after a worker's death."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from core import appointments, queue
from core.appointments import (
    PACE,
    DueAppointment,
    NewAppointment,
    UnknownAppointment,
    appointments_of,
    cancel_appointments,
    falls_due,
    keep_due,
    make_appointment,
    make_appointments,
)
from core.fsck import findings
from core.models import Appointment, QueueState, User
from tests.core.trial import rolled_back

HOUR = dt.timedelta(hours=1)


@dataclass
class Diary:
    """What the trial handler kept; `act` is what it does with an appointment first."""

    kept: list[DueAppointment] = field(default_factory=list)
    act: Callable[[DueAppointment], object] = bool


@pytest.fixture
def diary(monkeypatch) -> Diary:
    monkeypatch.setattr(appointments, "_handlers", {})
    diary = Diary()

    @falls_due("trial.ring")
    def ring(due: DueAppointment) -> None:
        Group.objects.create(name=f"{due.key} {len(diary.kept)}")
        diary.act(due)
        diary.kept.append(due)

    return diary


def soon(subject: User, *keys: str, kind: str = "trial.ring") -> None:
    for key in keys or ("",):
        make_appointment(kind, subject, timezone.now() - HOUR, key=key)


def states() -> list[tuple[str, int]]:
    return list(Appointment.objects.order_by("id").values_list("state", "attempts"))


def make_due() -> None:
    """Lets pauses and leases be over."""
    rows = Appointment.objects.all()
    rows.filter(state=QueueState.WAITING).update(due_at=Now())
    rows.filter(state=QueueState.RUNNING).update(leased_until=Now() - HOUR)


def fail(_due: DueAppointment) -> None:
    raise RuntimeError("not today")


def die(_due: DueAppointment) -> None:
    """The end of a worker in the middle: nothing catches it, the database rolls back."""
    raise SystemExit


def test_it_is_kept_once_when_its_moment_has_come(olga, diary):
    at = timezone.now() - HOUR
    make_appointment("trial.ring", olga, at, key="a")

    assert keep_due() == 1
    assert keep_due() == 0
    assert diary.kept == [DueAppointment("trial.ring", "core.user", olga.pk, "a", at)]
    assert states() == [("done", 1)]


def test_what_lies_ahead_waits(olga, diary):
    make_appointment("trial.ring", olga, timezone.now() + HOUR)

    assert keep_due() == 0
    assert (diary.kept, states()) == ([], [("waiting", 0)])


def test_only_the_databases_clock_counts(olga, diary, monkeypatch):
    make_appointment("trial.ring", olga, timezone.now() + HOUR)
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2099, 1, 1, tzinfo=dt.UTC))

    assert keep_due() == 0
    assert diary.kept == []


def test_made_again_it_is_moved(olga, diary):
    soon(olga)
    make_appointment("trial.ring", olga, timezone.now() + HOUR)

    assert keep_due() == 0
    assert states() == [("waiting", 0)]


def test_several_of_a_kind_are_told_apart_by_their_key(olga, diary):
    soon(olga, "30", "14")

    assert keep_due() == 2
    assert {due.key for due in diary.kept} == {"30", "14"}


def test_a_kept_one_may_be_made_anew(olga, diary):
    soon(olga)
    keep_due()
    soon(olga)

    assert keep_due() == 1
    assert len(diary.kept) == 2


def test_cancelled_it_does_not_happen(olga, diary):
    falls_due("trial.other")(diary.kept.append)
    soon(olga)
    soon(olga, kind="trial.other")

    assert cancel_appointments(olga, "trial.ring") == 1
    assert keep_due() == 1
    assert [due.kind for due in diary.kept] == ["trial.other"]
    assert cancel_appointments(olga) == 0


def test_all_of_a_thing_are_cancelled_together_and_nobody_elses(olga, diary):
    other = User.objects.create_user("otto@cast.example", name="Otto")
    soon(olga, "a", "b")
    soon(other)

    assert cancel_appointments(olga) == 2
    assert list(appointments_of(other).values_list("key", flat=True)) == [""]


def test_it_is_made_in_its_transaction_or_not_at_all(olga, diary):
    with rolled_back():
        soon(olga)

    assert keep_due() == 0


def test_an_unknown_kind_is_refused(olga, diary):
    with pytest.raises(UnknownAppointment):
        soon(olga, kind="trial.nobody")

    assert states() == []


def test_a_failure_leaves_nothing_and_harms_no_neighbour(olga, diary):
    diary.act = lambda due: due.key == "b" and 1 / 0
    soon(olga, "a", "b", "c")

    assert keep_due() == 2
    assert Group.objects.count() == 2
    assert states() == [("done", 1), ("waiting", 1), ("done", 1)]
    assert "ZeroDivisionError" in Appointment.objects.get(key="b").last_error


def test_poison_is_parked_after_five_tries_and_runs_again(cast, diary, client):
    diary.act = fail
    soon(cast.olga)
    for _ in range(8):
        keep_due()
        make_due()
    assert states() == [("parked", 5)]

    diary.act = bool
    client.force_login(cast.otto)
    assert "1 appointment" in client.get(reverse("admin:index")).content.decode()
    chosen = {"action": "run_again", "_selected_action": [Appointment.objects.get().pk]}
    client.post(reverse("admin:core_appointment_changelist"), chosen)
    assert states() == [("waiting", 0)]
    assert keep_due() == 1


def test_one_that_was_parked_is_tried_anew_when_it_is_moved(olga, diary):
    soon(olga)
    Appointment.objects.update(state=QueueState.PARKED, attempts=5)
    soon(olga)

    assert keep_due() == 1


def test_a_worker_that_dies_in_the_middle_leaves_it_to_the_next(olga, diary):
    diary.act = die
    soon(olga)
    with pytest.raises(SystemExit):
        keep_due()
    assert (states(), Group.objects.count()) == ([("running", 1)], 0)

    diary.act = bool
    assert keep_due() == 0  # its lease still runs
    make_due()
    assert keep_due() == 1
    assert (states(), Group.objects.count()) == ([("done", 2)], 1)


def test_five_dead_workers_park_it(olga, diary):
    soon(olga)
    Appointment.objects.update(state=QueueState.RUNNING, attempts=5, leased_until=Now())

    assert keep_due() == 0
    assert Appointment.objects.get().last_error == queue.SPENT


def test_a_worker_that_lost_its_claim_loses_its_effect(olga, diary):
    soon(olga)
    (late,) = queue.claim_new(Appointment, 10, PACE)
    make_due()
    assert keep_due() == 1

    assert not appointments.keep_one(late)
    assert Group.objects.count() == 1
    assert states() == [("done", 2)]


@pytest.mark.parametrize("meanwhile", ["moved", "cancelled"])
def test_what_changes_after_the_claim_is_not_kept(olga, diary, meanwhile):
    soon(olga)
    (claimed,) = queue.claim_new(Appointment, 10, PACE)
    if meanwhile == "moved":
        make_appointment("trial.ring", olga, timezone.now() + HOUR)
    else:
        cancel_appointments(olga)

    assert not appointments.keep_one(claimed)
    assert Group.objects.count() == 0
    assert states() == ([("waiting", 0)] if meanwhile == "moved" else [])


def test_a_handler_may_make_its_own_appointment_anew(olga, diary):
    again = timezone.now() + HOUR
    diary.act = lambda _due: make_appointment("trial.ring", olga, again)
    soon(olga)

    assert keep_due() == 1
    row = Appointment.objects.get()
    assert (row.state, row.attempts, row.due_at) == ("waiting", 0, again)


def test_a_handler_may_cancel_all_that_is_left(olga, diary):
    diary.act = lambda _due: cancel_appointments(olga)
    soon(olga, "a")
    make_appointment("trial.ring", olga, timezone.now() + HOUR, key="b")

    assert keep_due() == 1
    assert list(Appointment.objects.values_list("key", "state")) == [("a", "done")]


def test_a_kind_that_is_gone_parks_its_rows_and_is_found(olga, diary):
    soon(olga)
    appointments._handlers.clear()

    assert keep_due() == 0
    assert states() == [("parked", 1)]
    assert [found.message for found in findings(only=["appointments"])] == [
        "1 are parked.",
        "No installed app keeps appointments trial.ring.",
    ]


def test_the_rest_is_given_back_when_the_lease_grows_short(olga, diary, monkeypatch):
    monkeypatch.setattr(appointments, "SAFE_PART_OF_LEASE", -1.0)
    soon(olga, "a", "b")

    assert appointments.keep_claimed(queue.claim_new(Appointment, 10, PACE)) == 0
    assert states() == [("waiting", 0)] * 2


def test_many_are_made_with_one_statement(olga, diary, django_assert_num_queries):
    past = timezone.now() - HOUR
    with django_assert_num_queries(1):
        make_appointments(
            NewAppointment("trial.ring", olga, past, str(number)) for number in range(20)
        )
    assert keep_due() == 20


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_keep_each_once(olga, diary):
    soon(olga, *(str(number) for number in range(200)))

    def work():
        keep_due()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert sorted(int(due.key) for due in diary.kept) == list(range(200))
    assert set(states()) == {("done", 1)}


@pytest.mark.django_db(transaction=True)
def test_a_service_that_locks_its_thing_and_moves_it_waits_for_nobody(olga, diary):
    """The worker asks for the thing first as well, so neither holds what the other wants."""
    claimed, locked = threading.Event(), threading.Event()

    def act(due):
        claimed.set()
        locked.wait(10)
        User.objects.select_for_update().get(pk=due.subject_id)

    diary.act = act
    soon(olga)

    def work():
        keep_due(seconds=1)
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    assert claimed.wait(10)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=olga.pk)
        locked.set()
        make_appointment("trial.ring", olga, timezone.now() + HOUR)
    worker.join(20)

    assert Group.objects.count() == 0
    assert states() == [("waiting", 0)]
