"""D2: Redis killed (-9) and emptied under load: nothing lost, drained within 2 minutes of its
return, and whoever commits meanwhile hardly notices."""

import time
from collections import Counter

import pytest

from tests.faults.rig import (
    Rig,
    count,
    doubled,
    faults_found,
    missing,
    numbers,
    unfinished,
    wait_for,
)

pytestmark = [pytest.mark.slow]

JOBS = 1500
DRAINED_WITHIN = 120
# A commit waits for a Redis that is away at most this long (seconds).
SLOWEST_COMMIT = 3.0


def work_while_redis_is_lost(rig: Rig, how: str) -> tuple[Counter[int], float]:
    """The effects, and the slowest commit in seconds. The worker is never restarted."""
    rig.beat()
    rig.worker()
    load = rig.load(how, 0, JOBS, pause=0.005, seconds=0.02)
    wait_for(lambda: count("trial_effect") > 50, 60)
    rig.kill_valkey(emptied=True)
    time.sleep(4)
    rig.start_valkey()
    assert load.wait(90) == 0
    if how == "event":
        wait_for(lambda: unfinished() == 0, DRAINED_WITHIN)
    else:
        wait_for_quiet()
    assert load.stdout
    return numbers("trial_effect"), float(load.stdout.read())


def wait_for_quiet() -> None:
    while True:
        before = count("trial_effect")
        time.sleep(20)
        if count("trial_effect") == before:
            return


def test_d2_nothing_is_lost_with_redis(rig):
    effects, slowest = work_while_redis_is_lost(rig, "event")

    assert missing(effects, range(JOBS)) == []
    assert doubled(effects) == []
    assert slowest < SLOWEST_COMMIT
    assert faults_found() == []


def test_d2_a_worker_that_loses_redis_at_work_comes_back_by_itself(rig):
    worker = rig.worker()
    rig.load("event", 0, 1, seconds=3)
    wait_for(lambda: count("core_eventdelivery", "state = 'running'"), 60)
    rig.kill_valkey(emptied=True)
    wait_for(lambda: count("trial_effect") == 1, 30)
    rig.start_valkey()

    wait_for(lambda: rig.listens(), DRAINED_WITHIN)
    rig.load("event", 1, 21)  # without beat: only a bell that is heard does this
    wait_for(lambda: count("trial_effect") == 21, DRAINED_WITHIN)
    assert worker.poll() is None


def test_control_jobs_that_are_only_messages_are_lost_with_redis(rig):
    effects, _slowest = work_while_redis_is_lost(rig, "forgetful")

    assert missing(effects, range(JOBS)) != []
