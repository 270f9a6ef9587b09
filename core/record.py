"""Reads of the record for the back office, and having parked work run again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from core import appointments, mail, queue
from core.actor import Actor
from core.bell import ring_on_commit
from core.events import DELIVER_EVENTS, record
from core.facts import WorkRunAgain
from core.models import (
    Appointment,
    Event,
    EventDelivery,
    ImportRun,
    OutgoingMail,
    QueueState,
    User,
)
from core.models.queue import QueuedRow
from core.queries import timeline_entry
from core.ui import TimelineEntry

STORY_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a recorded change; `old` is empty for what was new."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One event of a row's story with the fields it changed."""

    entry: TimelineEntry
    event_id: int
    changes: tuple[Change, ...]


def story(subject: models.Model, actor: Actor) -> list[StoryEntry]:
    """What happened to `subject`, newest first (at most 200), for staff."""
    events = Event.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk
    ).order_by("-occurred_at", "-id")[:STORY_LENGTH]
    told = ((event, timeline_entry(event, actor)) for event in events)
    return [
        StoryEntry(entry, event.pk, tuple(changes_in(event.payload)))
        for event, entry in told
        if entry is not None
    ]


def changes_in(payload: dict[str, Any]) -> Iterable[Change]:
    """The fields that an event's payload says have changed, however it says so."""
    for field, pair in dict(payload.get("changes") or {}).items():
        yield Change(field, str(pair[0]), str(pair[1]))
    for field, value in dict(payload.get("values") or {}).items():
        yield Change(field, "", str(value))
    old, new = payload.get("old"), payload.get("new")
    if isinstance(old, dict) and isinstance(new, dict):
        for field, value in new.items():
            yield Change(field, str(old.get(field, "")), str(value))
    elif isinstance(old, str) and isinstance(new, str):
        yield Change("", old, new)


@dataclass(frozen=True, slots=True)
class Parked:
    """Work that stopped after its last attempt, by queue."""

    deliveries: int
    mails: int
    appointments: int


MOST_COUNTED = 1000


def parked() -> Parked:
    """How much is parked, counted up to 1,000 of each. Three queries on partial indexes."""
    return Parked(_parked(EventDelivery), _parked(OutgoingMail), _parked(Appointment))


def _parked(model: type[QueuedRow]) -> int:
    rows = model._default_manager.filter(state=QueueState.PARKED).order_by()
    return rows[:MOST_COUNTED].count()


BELLS: dict[type[QueuedRow], str] = {
    EventDelivery: DELIVER_EVENTS,
    OutgoingMail: mail.SEND_MAIL,
    Appointment: appointments.KEEP_APPOINTMENTS,
    ImportRun: "core.tasks.work_imports",
}


def rung_by(model: type[QueuedRow], bell: str) -> None:
    """Names the bell of a queue of another floor, so that its parked rows can be run again."""
    BELLS[model] = bell


@transaction.atomic
def run_again(*, actor: Actor, model: type[QueuedRow], keys: Iterable[Any]) -> int:
    """Puts parked rows back into their queue with all attempts; returns how many were parked."""
    wanted = list(
        model._default_manager.select_for_update()
        .filter(pk__in=list(keys), state=QueueState.PARKED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not wanted:
        return 0
    number = queue.rerun(model, wanted)
    fact = WorkRunAgain(str(model._meta.verbose_name_plural), tuple(str(key) for key in wanted))
    record(fact, subject=User(pk=actor.user_id), actor=actor)
    ring_on_commit(BELLS[model])
    return number
