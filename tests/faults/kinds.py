"""Trial facts, handlers and tasks that the fault tests' workers load (celery -I).

What a job did is a row of `trial_effect`, which has no constraint: a doubled effect shows.
The controls do the same work without the guard under test.
"""

import os
import time
from dataclasses import dataclass

from celery import shared_task
from django.db import connection

from core.events import RecordedEvent, event_kind, hears
from core.mail import queue_mail

TABLES = """
DROP TABLE IF EXISTS trial_effect, trial_commit, trial_run, trial_cured;
CREATE TABLE trial_effect (number int NOT NULL);
CREATE TABLE trial_commit (number int NOT NULL);
CREATE TABLE trial_run (number int NOT NULL);
CREATE TABLE trial_cured (number int NOT NULL);
"""


@event_kind("trial.job", sentence="job")
@dataclass(frozen=True, slots=True)
class TrialJob:
    number: int
    seconds: float = 0.0
    mail: bool = False
    harm: str = ""


@event_kind("trial.unguarded_job", sentence="job")
@dataclass(frozen=True, slots=True)
class UnguardedJob:
    number: int
    seconds: float = 0.0


@hears(TrialJob, name="trial.work")
def work(event: RecordedEvent[TrialJob]) -> None:
    job = event.payload
    if job.harm and not cured(job.number):
        aside("INSERT INTO trial_run VALUES (%s)", job.number)
        if job.harm == "exit":
            os._exit(9)
        raise RuntimeError("poison")
    execute("INSERT INTO trial_effect VALUES (%s)", job.number)
    if job.mail:
        queue_mail(
            once=f"trial:{job.number}",
            to_address=f"job{job.number}@trial.example",
            subject=f"Job {job.number}",
            template="core/mail/notification",
            context={"title": "Done", "url": "http://portal.example/"},
        )
    time.sleep(job.seconds)


@hears(UnguardedJob, name="trial.work_outside")
def work_outside(event: RecordedEvent[UnguardedJob]) -> None:
    """Control: the effect is not in the transaction of the delivery."""
    aside("INSERT INTO trial_effect VALUES (%s)", event.payload.number)
    time.sleep(event.payload.seconds)


@shared_task(name="trial.fire_and_forget", acks_late=False)
def fire_and_forget(number: int, seconds: float) -> None:
    """Control: the message is all there is of the job."""
    time.sleep(seconds)
    execute("INSERT INTO trial_effect VALUES (%s)", number)


@shared_task(name="trial.poison", acks_late=True, reject_on_worker_lost=True)
def poison(number: int) -> None:
    """Control: nobody counts how often it ran."""
    execute("INSERT INTO trial_run VALUES (%s)", number)
    os._exit(9)


def cured(number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM trial_cured WHERE number = %s)", [number])
        return bool(cursor.fetchone()[0])


def execute(sql: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [number])


def aside(sql: str, number: int) -> None:
    """Over another connection, so that no rollback takes it back."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(sql, [number])
    finally:
        other.close()
