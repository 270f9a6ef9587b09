"""The record of events as a hash chain, sealed in batches after the fact.

Writers of events know nothing of it and never wait for it. A sealer, one at a time, takes
what was committed since the last seal and writes for each event

    hash = SHA-256(hash of the event before || canonical text of the event)

and for each batch a seal over its last hash, its number, its count and how far it is complete.
Whoever changes, removes, adds or moves an event breaks the chain at that place; whoever also
computes the rest of the chain anew ends with another last hash than the one in the logs, which
`verify_events --expect` compares.
"""

import datetime as dt
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import connection, transaction

from core.fsck import Finding
from core.models import EventSeal

log = structlog.get_logger(__name__)

BATCH = 5000
GRACE = dt.timedelta(minutes=15)
ADVISORY_LOCK = 0x5EA1
CHAIN_BEGINS = bytes(32)
# How long to wait for those who were just writing, before sealing without them.
WRITERS_PATIENCE = 2.0

COLUMNS = (
    "id", "uid", "kind", "subject_type", "subject_id", "partner_id", "actor_kind",
    "actor_user_id", "actor_label", "payload::text", "request_id", "occurred_at", "at",
)  # fmt: skip
EVENT_COLUMNS = ", ".join(f"e.{column}" for column in COLUMNS)


# --- the chain ------------------------------------------------------------------------------


def canonical(event: Sequence[Any]) -> bytes:
    """An event's columns as one text that no other columns have."""
    return json.dumps(
        [value if value is None else plain(value) for value in event], ensure_ascii=True
    ).encode()


def plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return str(value)


def event_hash(previous: bytes, event: Sequence[Any]) -> bytes:
    return hashlib.sha256(previous + canonical(event)).digest()


def seal_hash(last: bytes, number: int, count: int, complete_to: int) -> bytes:
    return hashlib.sha256(last + f"seal {number} {count} {complete_to}".encode()).digest()


# --- sealing --------------------------------------------------------------------------------


def seal_events() -> int:
    """Seals every event that is committed; returns how many. Does nothing when another process
    is at it."""
    sealed = 0
    while True:
        count = seal_batch()
        sealed += count
        if count < BATCH:
            return sealed


@transaction.atomic
def seal_batch() -> int:
    """One seal over up to BATCH events, the lowest numbers first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        last = EventSeal.objects.order_by("-id").first()
        known_to = last.complete_to if last else 0
        settled_to = settled_number(cursor, known_to)
        events = unsealed(cursor, known_to)
        if not events:
            return 0
        if len(events) == BATCH:
            # There is more: complete only up to what is sealed now.
            settled_to = min(settled_to, events[-1][0])
        write_seal(cursor, last, events, settled_to)
    return len(events)


def settled_number(cursor: Any, known_to: int) -> int:
    """A number such that every event up to it is committed or never will be.

    Numbers are drawn by writers who hold a lock on the table until they end. So once all
    those are gone who held it after a number had been drawn, that number is settled. Nobody
    is made to wait but us, and not long: behind a long import we come back later.
    """
    cursor.execute("SELECT last_value, is_called FROM core_event_id_seq")
    number, drawn = cursor.fetchone()
    if not drawn:
        return known_to
    writing = writers(cursor)
    stop = time.monotonic() + WRITERS_PATIENCE
    while writing and time.monotonic() < stop:
        time.sleep(0.02)
        writing &= writers(cursor)
    return known_to if writing else int(number)


def writers(cursor: Any) -> set[str]:
    """The transactions, by their virtual ids, that may be writing events."""
    cursor.execute(
        "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND granted"
        " AND pid IS DISTINCT FROM pg_backend_pid()"
        " AND mode = 'RowExclusiveLock' AND relation = 'core_event'::regclass"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return {row[0] for row in cursor.fetchall()}


def unsealed(cursor: Any, known_to: int) -> list[tuple[Any, ...]]:
    cursor.execute(
        f"SELECT {EVENT_COLUMNS} FROM core_event e"  # noqa: S608 (names of our own columns)
        " WHERE e.id > %s AND NOT EXISTS (SELECT 1 FROM core_sealedevent s WHERE s.event_id = e.id)"
        " ORDER BY e.id LIMIT %s",
        [known_to, BATCH],
    )
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def write_seal(
    cursor: Any, last: EventSeal | None, events: list[tuple[Any, ...]], complete_to: int
) -> None:
    previous = bytes(last.hash) if last else CHAIN_BEGINS
    hashes = []
    for event in events:
        previous = event_hash(previous, event)
        hashes.append(previous)
    number = last.pk + 1 if last else 1
    seal = EventSeal(
        id=number,
        previous=last,
        count=len(events),
        complete_to=complete_to,
        hash=seal_hash(previous, number, len(events), complete_to),
    )
    seal.save(force_insert=True)
    cursor.execute(
        "INSERT INTO core_sealedevent (event_id, seal_id, position, hash)"
        " SELECT event_id, %s, place, hash FROM unnest(%s::bigint[], %s::bytea[])"
        " WITH ORDINALITY AS sealed (event_id, hash, place)",
        [number, [event[0] for event in events], hashes],
    )
    digest = bytes(seal.hash).hex()
    # The witness: logs leave this machine, so they outlast a chain that is computed anew.
    transaction.on_commit(
        lambda: log.info("events_sealed", seal=f"{number}:{digest}", count=len(events))
    )


# --- verification ---------------------------------------------------------------------------

CHECK = "events.chain"


@dataclass(slots=True)
class Chain:
    """Where a walk along the chain stands. `number` is the last whole seal."""

    number: int = 0
    hash: bytes = CHAIN_BEGINS
    complete_to: int = 0
    events: int = 0


def verify(
    chain: Chain | None = None,
    *,
    expect: tuple[int, bytes] | None = None,
    grace: dt.timedelta = GRACE,
) -> Iterator[Finding]:
    """What is wrong with the record, first seal first; memory is bounded by one seal.

    `chain` tells the caller how far it got. `expect` is a seal's number and hash from the
    logs. The walk goes on behind a fault from the stored hashes, so each fault is named once.
    """
    chain = chain or Chain()
    for seal in EventSeal.objects.order_by("id").iterator():
        yield from verify_seal(chain, seal)
        if expect and expect[0] == seal.pk and expect[1] != bytes(seal.hash):
            yield Finding(CHECK, f"Seal {seal.pk} is not the one in the logs.", (seal.pk,))
    if expect and expect[0] > chain.number:
        yield Finding(CHECK, f"Seal {expect[0]} is missing.", (expect[0],))
    yield from strangers(chain)
    yield from never_sealed(chain, grace)


def verify_seal(chain: Chain, seal: EventSeal) -> Iterator[Finding]:
    previous: bytes | None = chain.hash
    if seal.pk != chain.number + 1:
        yield Finding(CHECK, f"Seal {chain.number + 1} is missing.", (chain.number + 1,))
        previous = None  # it went with the seal
    if seal.previous_id != (seal.pk - 1 or None):
        yield Finding(CHECK, f"Seal {seal.pk} does not follow seal {seal.pk - 1}.", (seal.pk,))
    count = 0
    for place in places(seal):
        position, number, stored, *event = place
        count += 1
        stored = bytes(stored)
        if position != count:
            yield Finding(CHECK, f"Place {count} of seal {seal.pk} is missing.", (seal.pk,))
            count = position
        elif event[0] is None:
            yield Finding(CHECK, f"Event {number} was removed.", (number,))
        elif previous and event_hash(previous, event) != stored:
            yield Finding(CHECK, f"Event {number} was changed or moved.", (number,))
        previous = stored
    expected = seal_hash(previous or b"", seal.pk, seal.count, seal.complete_to)
    if count != seal.count or expected != bytes(seal.hash):
        yield Finding(CHECK, f"Seal {seal.pk} does not fit its events.", (seal.pk,))
    if seal.complete_to < chain.complete_to:
        yield Finding(CHECK, f"Seal {seal.pk} is complete to less than before.", (seal.pk,))
    chain.number, chain.hash = seal.pk, bytes(seal.hash)
    chain.complete_to = max(chain.complete_to, seal.complete_to)
    chain.events += count


def places(seal: EventSeal) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.position, s.event_id, s.hash, {EVENT_COLUMNS}"  # noqa: S608
            " FROM core_sealedevent s LEFT JOIN core_event e ON e.id = s.event_id"
            " WHERE s.seal_id = %s ORDER BY s.position",
            [seal.pk],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


MOST_NAMED = 20


def strangers(chain: Chain) -> Iterator[Finding]:
    """Events below the completed number that no seal knows: they were put in later."""
    for number in without_seal("e.id <= %s", [chain.complete_to]):
        yield Finding(CHECK, f"Event {number} was put in after its time was sealed.", (number,))


def never_sealed(chain: Chain, grace: dt.timedelta) -> Iterator[Finding]:
    waiting = without_seal("e.id > %s AND e.at < now() - %s", [chain.complete_to, grace])
    if waiting:
        message = f"Event {waiting[0]} and later ones are still not sealed."
        yield Finding(CHECK, message, tuple(waiting))


def without_seal(condition: str, values: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.id FROM core_event e WHERE {condition}"  # noqa: S608 (written above)
            " AND NOT EXISTS (SELECT 1 FROM core_sealedevent s WHERE s.event_id = e.id)"
            " ORDER BY e.id LIMIT %s",
            [*values, MOST_NAMED],
        )
        return [row[0] for row in cursor.fetchall()]
