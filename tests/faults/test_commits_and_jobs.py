"""D3: no job without commit, no commit without job, also when the writer is killed (-9)."""

import time
from collections import Counter
from functools import partial

import pytest

from tests.faults.load import ROLLS_BACK_FROM
from tests.faults.rig import Rig, count, kill_group, numbers, unfinished, wait_for

pytestmark = [pytest.mark.slow]

WRITERS = 6


def work_of_killed_writers(rig: Rig, how: str) -> tuple[Counter[int], Counter[int]]:
    """What was committed and what was done, with every fourth transaction rolled back."""
    rig.beat()
    rig.worker()
    for writer in range(WRITERS):
        first = ROLLS_BACK_FROM + writer * 100_000
        load = rig.load(how, first, first + 100_000, pause=0.002)
        wait_for(partial(count, "trial_commit", f"number > {first}"), 30)
        time.sleep(0.5 + writer / 7)
        kill_group(load)
    wait_for(lambda: unfinished() == 0, 60)
    time.sleep(3)
    wait_for(lambda: unfinished() == 0, 60)
    return numbers("trial_commit"), numbers("trial_effect")


def test_d3_effects_are_commits(rig):
    commits, effects = work_of_killed_writers(rig, "event")

    assert len(commits) > 100
    assert effects == commits


def test_control_a_message_sent_before_the_commit_works_without_one(rig):
    commits, effects = work_of_killed_writers(rig, "hasty")

    assert set(effects) - set(commits) != set()
