"""Facts: declaring their kinds, recording them, and naming who wants to hear them.

An app declares its facts in its `events.py`::

    @event_kind("dealreg.deal_approved", sentence=_("%(actor)s approved the registration"),
                public={"message"}, tone="good")
    @dataclass(frozen=True, slots=True)
    class DealApproved:
        message: str

and a handler, in any app that may import it, in its `handlers.py`::

    @hears(DealApproved, name="dealreg.tell_partner_of_approval")
    def tell_partner(event: RecordedEvent[DealApproved]) -> None: ...

`record` writes the event and one delivery row for each handler in the caller's transaction,
so there is no fact without its change and no change without its fact. core/delivery.py
hears the bell afterwards.
"""

import datetime as dt
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from decimal import Decimal
from typing import Any, Generic, Literal, Protocol, TypeVar, get_type_hints

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import Promise
from structlog.contextvars import get_contextvars

from core.actor import Actor
from core.bell import ring_on_commit
from core.inserting import insert_all
from core.models import Event, EventDelivery
from core.standing import require_standing

AT_ONCE = 2000
DELIVER_EVENTS = "core.tasks.deliver_events"

P = TypeVar("P")
P_co = TypeVar("P_co", covariant=True)
Tone = Literal["neutral", "info", "good", "warn", "bad"]


class UnknownEventKind(LookupError):
    """The payload's class was never declared with `event_kind`."""


class OutsideTransaction(RuntimeError):
    """An event was recorded where its change could commit without it."""


@dataclass(frozen=True, slots=True)
class EventKind:
    """What is known about all events of one name.

    `sentence` is for people, with %(actor)s and the payload's fields as placeholders.
    `public` names the payload fields that a partner may see; a kind for staff only has
    `staff_only` set and never appears in a partner's timeline. A subject that is not `lasting`
    may be gone by the time somebody reads of it, so nothing links to it. `spoken` says how a
    stored field is put into the sentence, e.g. a status by its label.
    """

    name: str
    payload: type
    sentence: Promise | str
    public: frozenset[str]
    staff_only: bool
    tone: Tone
    lasting: bool = True
    spoken: Mapping[str, Callable[[str], str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordedEvent(Generic[P_co]):
    """An event as a handler hears it."""

    id: int
    uid: str
    kind: EventKind
    subject_type: str
    subject_id: int
    partner_id: int | None
    actor_user_id: int | None
    actor_label: str
    payload: P_co
    occurred_at: dt.datetime


class Handler(Protocol):
    def __call__(self, event: RecordedEvent[Any], /) -> None: ...


@dataclass(frozen=True, slots=True)
class Subscription:
    name: str
    kind: str
    handler: Handler


_kinds_by_payload: dict[type, EventKind] = {}
_kinds_by_name: dict[str, EventKind] = {}
_subscriptions: dict[str, Subscription] = {}
_names_by_kind: dict[str, list[str]] = {}


def event_kind(
    name: str,
    *,
    sentence: Promise | str,
    public: Iterable[str] = (),
    staff_only: bool = False,
    tone: Tone = "neutral",
    lasting: bool = True,
    spoken: Mapping[str, Callable[[str], str]] | None = None,
) -> Callable[[type[P]], type[P]]:
    """Declares the dataclass below as the payload of events called `name` ("app.fact")."""

    def declare(payload: type[P]) -> type[P]:
        if not is_dataclass(payload):
            raise TypeError(f"The payload of {name} must be a frozen dataclass.")
        unknown = {*public, *(spoken or ())} - {f.name for f in fields(payload)}
        if unknown:
            raise TypeError(f"{name} has no field {', '.join(sorted(unknown))} to show.")
        if name in _kinds_by_name:
            raise ValueError(f"The event kind {name} is declared twice.")
        kind = EventKind(
            name=name,
            payload=payload,
            sentence=sentence,
            public=frozenset(public),
            staff_only=staff_only,
            tone=tone,
            lasting=lasting,
            spoken=dict(spoken or {}),
        )
        _kinds_by_payload[payload] = _kinds_by_name[name] = kind
        return payload

    return declare


def hears(
    payload: type[P], *, name: str
) -> Callable[[Callable[[RecordedEvent[P]], None]], Callable[[RecordedEvent[P]], None]]:
    """Subscribes the function below to a kind. `name` is stored in delivery rows: keep it.

    The handler runs on a worker, in one transaction with its delivery row; it must be safe
    to run twice and must not talk to the outside (queue a row for that).
    """

    def subscribe(
        handler: Callable[[RecordedEvent[P]], None],
    ) -> Callable[[RecordedEvent[P]], None]:
        kind = kind_of(payload)
        if name in _subscriptions:
            raise ValueError(f"The handler {name} is subscribed twice.")
        _subscriptions[name] = Subscription(name, kind.name, handler)
        _names_by_kind.setdefault(kind.name, []).append(name)
        return handler

    return subscribe


def kind_of(payload: type) -> EventKind:
    try:
        return _kinds_by_payload[payload]
    except KeyError:
        raise UnknownEventKind(f"{payload.__name__} is not declared with event_kind.") from None


def kind_named(name: str) -> EventKind | None:
    """The kind called `name`, or None for one that no installed app declares any more."""
    return _kinds_by_name.get(name)


def all_kinds() -> list[EventKind]:
    return sorted(_kinds_by_name.values(), key=lambda kind: kind.name)


def subscription(name: str) -> Subscription | None:
    return _subscriptions.get(name)


def handlers_of(kind: str) -> tuple[str, ...]:
    """The names of the handlers that hear events of that kind."""
    return tuple(_names_by_kind.get(kind, ()))


def record(
    payload: object,
    *,
    subject: models.Model,
    actor: Actor,
    partner_id: int | None = None,
    occurred_at: dt.datetime | None = None,
) -> Event:
    """Writes one fact and its deliveries; returns the stored event.

    Raises UnknownEventKind for an undeclared payload, OutsideTransaction when no transaction is
    open, and PermissionDenied for somebody who lost their place at the partner on the way
    (core/standing.py). Costs one insert, and one more if anybody hears this kind.
    """
    return record_many([NewEvent(payload, subject, partner_id, occurred_at)], actor=actor)[0]


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One of several facts to be recorded at once. `actor` None is that of them all."""

    payload: object
    subject: models.Model
    partner_id: int | None = None
    occurred_at: dt.datetime | None = None
    actor: Actor | None = None


def record_many(news: Iterable[NewEvent], *, actor: Actor, heard: bool = True) -> list[Event]:
    """Writes many facts with two inserts. See `record`.

    `heard` is False for imported history, which is no news: no handler is told. Such facts
    have an `occurred_at` in the past.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction("Record an event inside the transaction of its change.")
    news = list(news)
    if heard:
        _require_standing(news, actor)
    events = [_row(new, new.actor or actor) for new in news]
    for start in range(0, len(events), AT_ONCE):
        insert_all(events[start : start + AT_ONCE])
    deliveries = [
        # Due by the database's clock, which is the one that claims.
        EventDelivery(event=event, handler=name, due_at=Now())
        for event in (events if heard else ())
        for name in handlers_of(event.kind)
    ]
    if deliveries:
        for start in range(0, len(deliveries), AT_ONCE):
            insert_all(deliveries[start : start + AT_ONCE])
        ring_on_commit(DELIVER_EVENTS)
    return events


def _require_standing(news: list[NewEvent], actor: Actor) -> None:
    """People at partners act for them until the end of the transaction, or not at all. What
    happened in the past is history, whoever did it."""
    acting = {
        (one, new.partner_id)
        for new in news
        if new.occurred_at is None
        and (one := new.actor or actor).partner_id is not None
        and new.partner_id is not None
    }
    for one, partner_id in sorted(acting, key=lambda pair: (pair[1], pair[0].user_id or 0)):
        require_standing(one, partner_id)


def _row(new: NewEvent, actor: Actor) -> Event:
    kind = kind_of(type(new.payload))
    return Event(
        kind=kind.name,
        subject_type=new.subject._meta.label_lower,
        subject_id=new.subject.pk,
        partner_id=new.partner_id,
        actor_kind=actor.kind.value,
        actor_user_id=actor.user_id,
        actor_label=actor.label[:200],
        payload=to_json(new.payload),
        request_id=str(get_contextvars().get("request_id", ""))[:64],
        occurred_at=new.occurred_at or timezone.now(),
    )


def recorded(event: Event) -> RecordedEvent[Any]:
    """The stored event with its payload typed again. Raises UnknownEventKind."""
    kind = kind_named(event.kind)
    if kind is None:
        raise UnknownEventKind(f"No installed app declares {event.kind}.")
    return RecordedEvent(
        id=event.pk,
        uid=str(event.uid),
        kind=kind,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        partner_id=event.partner_id,
        actor_user_id=event.actor_user_id,
        actor_label=event.actor_label,
        payload=from_json(kind.payload, event.payload),
        occurred_at=event.occurred_at,
    )


def to_json(payload: Any) -> dict[str, Any]:
    """A payload as JSON values: decimals and dates as strings, so that nothing is rounded."""
    return {name: _plain(value) for name, value in asdict(payload).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Promise):
        return str(value)
    return value


def from_json(payload: type[P], values: Mapping[str, Any]) -> P:
    """The reverse of `to_json`; fields that an older row does not have keep their default."""
    hints = get_type_hints(payload)
    known = {
        f.name: _typed(hints[f.name], values[f.name])
        for f in fields(payload)  # type: ignore[arg-type]
        if f.name in values
    }
    return payload(**known)


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        inner = next(arg for arg in typing.get_args(hint) if arg is not type(None))
        return _typed(inner, value)
    if origin is tuple:
        return tuple(_typed(typing.get_args(hint)[0], item) for item in value)
    if hint is Decimal:
        return Decimal(value)
    if hint is dt.datetime:
        return dt.datetime.fromisoformat(value)
    if hint is dt.date:
        return dt.date.fromisoformat(value)
    return value
