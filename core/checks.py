"""What fsck checks of this floor."""

import datetime as dt
import hashlib
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from core import seal
from core.appointments import all_appointment_kinds
from core.events import all_kinds, handlers_of
from core.files import unowned
from core.fsck import Finding, check
from core.models import (
    Appointment,
    Event,
    EventDelivery,
    ImportRun,
    OutgoingMail,
    QueuedRow,
    QueueState,
    StoredFile,
)

# What is due longer than this is not being worked on: workers or beat are not running.
LATE = dt.timedelta(minutes=15)
AN_HOUR = dt.timedelta(hours=1)
MOST_NAMED = 20


@check("events.deliveries", "Every delivery is done in time; none is parked or abandoned.")
def deliveries() -> Iterator[Finding]:
    yield from queue_state("events.deliveries", EventDelivery)


@check("events.heard", "Every event has its deliveries to the handlers of its kind.")
def heard() -> Iterator[Finding]:
    """Only news, of the last day, and after the handler's first: a handler does not hear
    imported history nor what happened before it was installed."""
    for kind in all_kinds():
        for handler in handlers_of(kind.name):
            yield from unheard(kind.name, handler)


def unheard(kind: str, handler: str) -> Iterator[Finding]:
    since = timezone.now() - dt.timedelta(days=1)
    first = EventDelivery.objects.filter(handler=handler, event__kind=kind).order_by("id").first()
    if first is None:
        return
    news = Event.objects.filter(
        kind=kind, at__gte=since, occurred_at__gte=F("at") - AN_HOUR, pk__gt=first.event_id
    )
    told = EventDelivery.objects.filter(handler=handler, event=OuterRef("pk"))
    missed = news.filter(~Exists(told))
    rows = tuple(missed.order_by("pk").values_list("pk", flat=True)[:MOST_NAMED])
    if rows:
        yield Finding("events.heard", f"{handler} has no delivery of {kind} events.", rows)


@check("mail", "Every message is sent in time; none is parked or abandoned.")
def mail() -> Iterator[Finding]:
    yield from queue_state("mail", OutgoingMail)


@check("appointments", "Every appointment is kept in time; none is parked or abandoned.")
def appointments() -> Iterator[Finding]:
    yield from queue_state("appointments", Appointment)
    unknown = (
        Appointment.objects.exclude(state=QueueState.DONE)
        .exclude(kind__in=all_appointment_kinds())
        .order_by("kind")
        .values_list("kind", flat=True)
        .distinct()
    )
    for kind in unknown[:MOST_NAMED]:
        yield Finding("appointments", f"No installed app keeps appointments {kind}.")


@check("imports", "Every import is worked in time; none is parked.")
def imports() -> Iterator[Finding]:
    yield from queue_state("imports", ImportRun)


def queue_state(name: str, model: type[QueuedRow]) -> Iterator[Finding]:
    before = timezone.now() - LATE
    wrong = {
        "are parked": Q(state=QueueState.PARKED),
        "are overdue": Q(state=QueueState.WAITING, due_at__lt=before),
        "were abandoned": Q(state=QueueState.RUNNING, leased_until__lt=before),
    }
    for words, condition in wrong.items():
        found = model._default_manager.filter(condition)
        if rows := tuple(found.order_by("due_at").values_list("pk", flat=True)[:MOST_NAMED]):
            yield Finding(name, f"{found.count()} {words}.", rows)


@check("events.chain", "The sealed record of events is as it was written.")
def chain() -> Iterator[Finding]:
    yield from seal.verify()


@check("files.rows", "Every file's content is on the storage in its full size.")
def file_rows() -> Iterator[Finding]:
    for stored in StoredFile.objects.order_by("pk").iterator():
        try:
            size = default_storage.size(str(stored.content.name))
        except FileNotFoundError:
            yield Finding("files.rows", f"The content of {stored.name} is missing.", (stored.pk,))
            continue
        if size != stored.size:
            message = f"{stored.name} has {size} bytes instead of {stored.size}."
            yield Finding("files.rows", message, (stored.pk,))


@check("files.unowned", "Every content on the storage belongs to a file.")
def unowned_files() -> Iterator[Finding]:
    for path in unowned(dt.timedelta(hours=3)):
        yield Finding("files.unowned", f"{path} belongs to no file.")


@check("files.content", "Every file's content is what was uploaded.", deep=True)
def file_content() -> Iterator[Finding]:
    for stored in StoredFile.objects.order_by("pk").iterator():
        try:
            with default_storage.open(str(stored.content.name)) as content:
                found = hashlib.file_digest(content, "sha256").hexdigest()
        except FileNotFoundError:
            continue  # files.rows says so
        if found != stored.sha256:
            yield Finding("files.content", f"The content of {stored.name} changed.", (stored.pk,))
