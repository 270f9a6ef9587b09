"""What must happen later is a row: a kind, a thing, a moment.

An app says what it does when the moment has come::

    @falls_due("dealreg.lapse_protection")
    def lapse_protection(due: DueAppointment) -> None: ...

and makes the appointment in the transaction of what it follows from::

    make_appointment("dealreg.lapse_protection", deal, protection.until)

Due is what is due by the database's clock, whoever looks. The effect and the end of the row are
one transaction; a worker that lost its claim on the way loses its effect too.

A worker takes the row's lock last, not first: services lock their thing and then move or cancel
its appointments, and a worker does it in the same order, so neither waits for the other in a
circle. What was moved or cancelled while its handler waited for the thing is not kept.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass

import structlog
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from core import queue
from core.bell import ring_on_commit
from core.delivery import limit_handlers, told
from core.inserting import insert_all
from core.models import Appointment, QueueState

log = structlog.get_logger(__name__)

KEEP_APPOINTMENTS = "core.tasks.keep_appointments"
# The lease covers all that was claimed together; none is begun in its second half.
PACE = queue.Pace(lease=dt.timedelta(seconds=60), pauses=queue.seconds(5, 30, 120, 600))
BATCH = 50
SAFE_PART_OF_LEASE = 30.0


@dataclass(frozen=True, slots=True)
class DueAppointment:
    """An appointment as its handler keeps it; `at` is the moment it was made for."""

    kind: str
    subject_type: str
    subject_id: int
    key: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class NewAppointment:
    kind: str
    subject: models.Model
    at: dt.datetime
    key: str = ""


AT_ONCE = 2_000
IDENTITY = ("subject_type", "subject_id", "kind", "key")
RENEWED = ("state", "attempts", "due_at", "leased_until", "finished_at", "last_error")

Handler = Callable[[DueAppointment], None]
Identity = tuple[str, int, str, str]

_handlers: dict[str, Handler] = {}


@dataclass(slots=True)
class _Keeping:
    """The appointment whose handler runs, and the moment for which the handler made it anew."""

    row: Appointment
    again_at: dt.datetime | None = None


_keeping: ContextVar[_Keeping | None] = ContextVar("keeping", default=None)


class UnknownAppointment(LookupError):
    """No installed app keeps appointments of that kind."""


class ClaimLost(RuntimeError):
    """The appointment was moved, cancelled or taken by another worker on the way."""


def falls_due(kind: str) -> Callable[[Handler], Handler]:
    """Has the function below keep appointments of `kind`, which is stored in rows: keep it.

    It runs on a worker in one transaction with the end of its row, at its moment or later. It
    locks the thing first, looks whether there still is something to do, and does not talk to
    the outside (it queues a row for that).
    """

    def declare(handler: Handler) -> Handler:
        if kind in _handlers:
            raise ValueError(f"The appointment {kind} is declared twice.")
        _handlers[kind] = handler
        return handler

    return declare


def all_appointment_kinds() -> list[str]:
    return sorted(_handlers)


def make_appointment(kind: str, subject: models.Model, at: dt.datetime, *, key: str = "") -> None:
    """Has `kind` happen to `subject` at a moment, in the caller's transaction.

    There is one of a kind, thing and key: made again it is moved, and one that was kept, failed
    or parked begins anew. Raises UnknownAppointment.
    """
    make_appointments([NewAppointment(kind, subject, at, key)])


def make_appointments(news: Iterable[NewAppointment]) -> None:
    """Makes many, all different, with one statement for each 2,000. See `make_appointment`."""
    rows = sorted((_row(new) for new in news), key=_identity)
    keeping = _keeping.get()
    if keeping is not None:
        for row in rows:
            if _identity(row) == _identity(keeping.row):
                keeping.again_at = row.due_at
        rows = [row for row in rows if _identity(row) != _identity(keeping.row)]
    for start in range(0, len(rows), AT_ONCE):
        insert_all(rows[start : start + AT_ONCE], known_by=IDENTITY, renewed=RENEWED)
    if any(row.due_at <= timezone.now() for row in rows):
        ring_on_commit(KEEP_APPOINTMENTS)


def _row(new: NewAppointment) -> Appointment:
    if new.kind not in _handlers:
        raise UnknownAppointment(f"No installed app keeps appointments {new.kind}.")
    return Appointment(
        kind=new.kind,
        subject_type=new.subject._meta.label_lower,
        subject_id=new.subject.pk,
        key=new.key,
        due_at=new.at,
    )


def _identity(row: Appointment) -> Identity:
    return row.subject_type, row.subject_id, row.kind, row.key


def cancel_appointments(subject: models.Model, *kinds: str) -> int:
    """Removes what has not happened to `subject` yet (of all kinds when none is named); returns
    how many. What was kept stays, as history."""
    pending = _of(subject).exclude(state=QueueState.DONE)
    if kinds:
        pending = pending.filter(kind__in=kinds)
    keeping = _keeping.get()
    if keeping is not None:
        keeping.again_at = None
        pending = pending.exclude(pk=keeping.row.pk)
    # Locked in one order, so that two who cancel do not wait for each other.
    keys = list(pending.select_for_update().order_by("pk").values_list("pk", flat=True))
    return Appointment.objects.filter(pk__in=keys).delete()[0] if keys else 0


def appointments_of(subject: models.Model) -> "models.QuerySet[Appointment]":
    """What is still to happen to `subject`, soonest first."""
    return _of(subject).exclude(state=QueueState.DONE).order_by("due_at", "pk")


def _of(subject: models.Model) -> "models.QuerySet[Appointment]":
    return Appointment.objects.filter(
        Q(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    )


def keep_due(*, seconds: float = 20.0) -> int:
    """Keeps what is due until nothing is or the time is up; returns how many were kept.

    Safe to run anywhere, any number of times at once.
    """
    stop = time.monotonic() + seconds
    kept = 0
    queue.park_spent(Appointment, PACE)
    while time.monotonic() < stop:
        rows = queue.claim_new(Appointment, BATCH, PACE)
        again = queue.claim_again(Appointment, PACE)
        if again:
            rows.append(again)
        if not rows:
            break
        kept += keep_claimed(rows)
    return kept


def keep_claimed(rows: list[Appointment]) -> int:
    until = time.monotonic() + SAFE_PART_OF_LEASE
    kept = 0
    for place, row in enumerate(rows):
        if time.monotonic() > until:
            for left in rows[place:]:
                queue.give_back([left])
            break
        kept += keep_one(row)
    return kept


def keep_one(row: Appointment) -> bool:
    """One appointment in a transaction of its own; whether it was kept."""
    keeping = _Keeping(row)
    token = _keeping.set(keeping)
    try:
        with transaction.atomic(durable=True):
            limit_handlers()
            handler_of(row.kind)(
                DueAppointment(row.kind, row.subject_type, row.subject_id, row.key, row.due_at)
            )
            end(keeping)
    except ClaimLost:
        log.info("appointment_not_kept", appointment=row.pk, kind=row.kind)
        return False
    except UnknownAppointment as error:
        queue.park(row, str(error))
        return False
    except Exception as error:
        queue.fail(row, told(error), PACE)
        log.warning(
            "appointment_failed",
            appointment=row.pk,
            kind=row.kind,
            attempt=row.attempts,
            exc_info=error,
        )
        return False
    finally:
        _keeping.reset(token)
    return True


def handler_of(kind: str) -> Handler:
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownAppointment(f"No installed app keeps appointments {kind}.") from None


def end(keeping: _Keeping) -> None:
    """Marks the row kept, or has it wait for the moment its handler made it for. Raises ClaimLost
    when it is no longer this worker's, which undoes what the handler did."""
    if not queue.finish([keeping.row]):
        raise ClaimLost
    if keeping.again_at is not None:
        Appointment.objects.filter(pk=keeping.row.pk).update(
            state=QueueState.WAITING, attempts=0, due_at=keeping.again_at, finished_at=None
        )
