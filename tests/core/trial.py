"""A trial kind of event for the tests of the mechanism itself; it stays in a registry of the
test's own, see the fixture `kinds`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from core.actor import system
from core.events import NewEvent, RecordedEvent, event_kind, hears, record_many
from core.models import Event, User


@dataclass(frozen=True, slots=True)
class Noted:
    text: str
    amount: Decimal | None = None


@dataclass
class Ears:
    """What the trial handlers heard; `act` is what the handler "trial.act" does with it."""

    heard: list[str] = field(default_factory=list)
    act: Callable[[RecordedEvent[Noted]], object] = bool


def declare() -> Ears:
    ears = Ears()
    event_kind("trial.noted", sentence="%(actor)s noted %(text)s", public={"text"})(Noted)

    @hears(Noted, name="trial.act")
    def act(event: RecordedEvent[Noted]) -> None:
        ears.act(event)
        ears.heard.append(event.payload.text)

    return ears


def note(*texts: str, subject: User, **how: Any) -> list[Event]:
    """Commits one event for each text."""
    with transaction.atomic():
        news = [NewEvent(Noted(text), subject) for text in texts]
        return record_many(news, actor=system("trial"), **how)


class ChangedMind(Exception):
    """What a transaction of the tests is rolled back with."""


@contextmanager
def rolled_back() -> Iterator[None]:
    with suppress(ChangedMind), transaction.atomic():
        yield
        raise ChangedMind
