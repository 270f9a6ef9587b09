"""The port through which mail comes in, and the one way from there into our table."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from django.db import transaction

from core.bell import ring_on_commit
from integrations.maildoor.reading import header, message_id_of, parsed, sender_of
from integrations.models import InboundMessage, MailWay

WORK_MAIL = "integrations.tasks.work_mail"
# Twenty megabytes of files, as they are written in a mail, and the text.
LARGEST = 30 * 1024 * 1024  # bytes
TOO_LARGE = "The message is larger than {limit} MB; only its head was kept."


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it lies outside. `raw` is the whole of it, or only its head when `size`
    (bytes) is more than we take. `key` is what the outside calls it."""

    key: str
    raw: bytes
    size: int


class InboundMail(Protocol):
    """Where mail for us lies. `taken` is called once the message is safe with us; whatever is
    not, comes again with the next `waiting`."""

    way: MailWay

    def waiting(self) -> Iterator[Received]: ...

    def taken(self, received: Received) -> None: ...


def take_all(source: InboundMail, *, seconds: float = 60.0) -> int:
    """Takes what waits until nothing does or the time is up; returns how many were new."""
    stop = time.monotonic() + seconds
    new = 0
    for received in source.waiting():
        new += take(received, source.way)
        source.taken(received)
        if time.monotonic() > stop:
            break
    return new


def take(received: Received, way: MailWay) -> bool:
    """Writes a message down, committed when this returns; False for one that is there already."""
    too_large = received.size > LARGEST
    head = parsed(received.raw[:64_000] if too_large else received.raw)
    row = InboundMessage(
        identity=identity_of(message_id_of(head), sender_of(head), received.raw),
        message_id=message_id_of(head)[:255],
        via=way,
        sender=sender_of(head),
        subject=header(head, "Subject")[:500],
        size=min(received.size, 2**31 - 1),
        raw=b"" if too_large else received.raw,
    )
    if too_large:
        row.reason = TOO_LARGE.format(limit=LARGEST // 1024 // 1024)
    known = InboundMessage.objects.filter(identity=row.identity)
    with transaction.atomic(durable=True):
        if known.exists():
            return False
        InboundMessage.objects.bulk_create([row], ignore_conflicts=True)
        ring_on_commit(WORK_MAIL)
    return True


def identity_of(message_id: str, sender: str, raw: bytes) -> str:
    """The same for the same message by whichever door. With the sender, so that nobody keeps
    another's message out by guessing its id."""
    told = f"{message_id} {sender}".encode() if message_id else raw
    return hashlib.sha256(told).hexdigest()
