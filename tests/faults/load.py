"""A process that commits jobs: python -m tests.faults.load HOW FIRST LAST PAUSE SECONDS

HOW: event (as the portal does), unguarded, forgetful (a Celery message after commit),
hasty (a Celery message before commit). Every fourth job is rolled back, except with FIRST
below 1,000,000. Prints the slowest commit in seconds.
"""

import sys
import time
from contextlib import suppress

import django
from django.db import transaction

ROLLS_BACK_FROM = 1_000_000


def main() -> None:
    django.setup()
    how, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    pause, seconds = float(sys.argv[4]), float(sys.argv[5])
    slowest = 0.0
    for number in range(first, last):
        began = time.monotonic()
        commit(how, number, seconds)
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(pause)
    sys.stdout.write(f"{slowest:.3f}\n")


class GaveUp(Exception):
    """The job's transaction is rolled back."""


def commit(how: str, number: int, seconds: float) -> None:
    from tests.faults.kinds import execute

    with suppress(GaveUp), transaction.atomic():
        execute("INSERT INTO trial_commit VALUES (%s)", number)
        tell(how, number, seconds)
        if number >= ROLLS_BACK_FROM and number % 4 == 0:
            raise GaveUp


def tell(how: str, number: int, seconds: float) -> None:
    from core.actor import system
    from core.events import record
    from core.models import User
    from tests.faults.kinds import TrialJob, UnguardedJob, fire_and_forget

    if how == "event":
        job: object = TrialJob(number, seconds, mail=number % 10 == 0)
    else:
        job = UnguardedJob(number, seconds)
    if how in {"event", "unguarded"}:
        record(job, subject=User(pk=1), actor=system("trial"))
    elif how == "forgetful":
        transaction.on_commit(lambda: send(fire_and_forget, number, seconds))
    else:
        send(fire_and_forget, number, seconds)


def send(task: object, number: int, seconds: float) -> None:
    # Fire and forget: a failure to send is exactly what the control is about.
    with suppress(Exception):
        task.apply_async((number, seconds), retry=False)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
