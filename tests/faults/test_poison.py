"""D4: a poison job is parked after at most five tries, visible and re-runnable; the jobs
around it are done, once each."""

import pytest
from django.core.management import call_command
from django.db import transaction

from core.actor import system
from core.events import record
from core.models import EventDelivery, QueueState, User
from core.queue import SPENT
from tests.faults.kinds import TrialJob, poison
from tests.faults.rig import Rig, count, doubled, faults_found, missing, numbers, sql, wait_for

pytestmark = [pytest.mark.slow]

TRIES = 5
POISON = 500


def commit_around_poison(harm: str) -> None:
    with transaction.atomic():
        for number in [*range(30), POISON, *range(30, 60)]:
            job = TrialJob(number, harm=harm if number == POISON else "")
            record(job, subject=User(pk=1), actor=system("trial"))


def parked() -> list[EventDelivery]:
    return list(EventDelivery.objects.filter(state=QueueState.PARKED))


def work_until_parked(rig: Rig, harm: str) -> EventDelivery:
    commit_around_poison(harm)
    rig.beat()
    rig.worker()
    wait_for(parked, 180)
    wait_for(lambda: count("trial_effect") >= 60, 30)
    (delivery,) = parked()
    return delivery


@pytest.mark.parametrize(("harm", "told"), [("raise", "RuntimeError: poison"), ("exit", SPENT)])
def test_d4_poison_is_parked_and_harms_no_other(rig, harm, told):
    poisoned = work_until_parked(rig, harm)

    assert told in poisoned.last_error
    assert numbers("trial_run")[POISON] == TRIES
    effects = numbers("trial_effect")
    assert missing(effects, range(60)) == []
    assert doubled(effects) == []
    assert POISON not in effects
    assert [found.check for found in faults_found()] == ["events.deliveries"]


def test_d4_cured_poison_runs_again(rig):
    poisoned = work_until_parked(rig, "raise")
    sql("INSERT INTO trial_cured VALUES (%s)", POISON)

    call_command("redeliver", "--id", str(poisoned.pk))

    wait_for(lambda: numbers("trial_effect")[POISON] == 1, 30)
    assert parked() == []
    assert faults_found() == []


def test_control_a_poison_message_never_stops(rig):
    rig.worker()
    rig.send(poison.name, 1)

    wait_for(lambda: count("trial_run") > TRIES, 60)
