"""D1: workers killed (-9) in the middle of 1,000 jobs: every effect exactly once, mail never
lost and repeated only under its own Message-ID."""

import itertools
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable

import pytest

from tests.faults.rig import (
    Rig,
    children,
    count,
    doubled,
    faults_found,
    kill_group,
    missing,
    numbers,
    unfinished,
    unsent,
    wait_for,
)

pytestmark = [pytest.mark.slow]

JOBS = 1000
KILLS = 10


def work_under_kills(
    rig: Rig, how: str, jobs: int = JOBS, kills: int = KILLS, seconds: float = 0.02
) -> Counter[int]:
    """Commits jobs while workers are killed: in turn a whole worker and one pool child."""
    chance = random.Random(1)
    rig.beat()
    worker = rig.worker()
    load = rig.load(how, 0, jobs, pause=0.001, seconds=seconds)
    for whole in itertools.islice(itertools.cycle([False, True]), kills):
        seen = count("trial_effect")
        wait_for(more_than(seen, or_else=lambda: over(how, load)), 60)
        time.sleep(chance.uniform(0.05, 0.4))
        if whole or not children(worker.pid):
            kill_group(worker)
            worker = rig.worker()
        else:
            os.kill(chance.choice(children(worker.pid)), signal.SIGKILL)
    assert load.wait(60) == 0
    return settle(how)


def more_than(seen: int, or_else: Callable[[], bool]) -> Callable[[], bool]:
    return lambda: count("trial_effect") > seen or or_else()


def over(how: str, load: "subprocess.Popen[bytes]") -> bool:
    """Nothing is left for a kill to disturb."""
    return how != "forgetful" and load.poll() is not None and unfinished() == 0


def settle(how: str) -> Counter[int]:
    if how == "forgetful":
        wait_for_quiet()
    else:
        wait_for(lambda: unfinished() == 0 and unsent() == 0, 150)
    return numbers("trial_effect")


def wait_for_quiet(seconds: float = 6.0) -> None:
    """Until nothing more happens: what is then missing does not come any more."""
    while True:
        before = count("trial_effect")
        time.sleep(seconds)
        if count("trial_effect") == before:
            return


def test_d1_every_effect_exactly_once(rig):
    effects = work_under_kills(rig, "event")

    assert missing(effects, range(JOBS)) == []
    assert doubled(effects) == []
    assert faults_found() == []


def test_d1_mail_is_not_lost_and_repeats_itself_under_one_id(rig):
    work_under_kills(rig, "event", jobs=400, kills=6)

    wanted = {f"Job {number}" for number in range(0, 400, 10)}
    assert set(rig.mail.subjects) == wanted
    assert {len(ids) for ids in rig.mail.subjects.values()} == {1}


def test_control_an_effect_outside_the_transaction_is_doubled(rig):
    effects = work_under_kills(rig, "unguarded")

    assert doubled(effects) != []


def test_control_fire_and_forget_loses_jobs(rig):
    effects = work_under_kills(rig, "forgetful", jobs=500, kills=4, seconds=0.1)

    assert missing(effects, range(500)) != []
