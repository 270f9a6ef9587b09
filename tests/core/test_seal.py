import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core import seal
from core.models import Event, EventSeal, SealedEvent, User
from core.seal import seal_batch, seal_events, verify
from tests.core.trial import note

TABLES = ("core_event", "core_eventseal", "core_sealedevent")


def tamper(sql: str, *values: int) -> None:
    """What only the owner of the tables can do: get round the triggers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER keep_record")
        cursor.execute(sql, values)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER keep_record")


def found(**how) -> list[str]:
    return [finding.message for finding in verify(**how)]


@pytest.fixture
def sealed(olga, kinds, monkeypatch) -> list[int]:
    """Seven sealed events in seals of three; their numbers."""
    monkeypatch.setattr(seal, "BATCH", 3)
    events = note(*"abcdefg", subject=olga, heard=False)
    assert seal_events() == 7
    return [event.pk for event in events]


def test_an_untouched_record_verifies(sealed, capsys):
    assert list(EventSeal.objects.order_by("id").values_list("id", "count")) == [
        (1, 3), (2, 3), (3, 1),
    ]  # fmt: skip
    assert found() == []
    call_command("verify_events")
    assert "7 events in 3 seals are as written." in capsys.readouterr().out


def test_everything_is_sealed_once(sealed, olga):
    assert seal_events() == 0
    note("h", subject=olga, heard=False)
    assert seal_events() == 1
    assert SealedEvent.objects.count() == Event.objects.count() == 8
    assert found() == []


CHANGES = {
    "kind": "kind = 'trial.other'",
    "subject": "subject_id = subject_id + 1",
    "partner": "partner_id = 5",
    "actor": "actor_label = 'somebody else'",
    "payload": """payload = '{"text": "z", "amount": null}'""",
    "number inside": "payload = payload || '{\"amount\": 1.0000000000000000001}'",
    "moment": "occurred_at = occurred_at + interval '1 microsecond'",
    "written": "at = at - interval '1 day'",
    "request": "request_id = 'x'",
    "identity": "uid = gen_random_uuid()",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_any_changed_column_is_found_and_named(sealed, change):
    tamper(f"UPDATE core_event SET {change} WHERE id = %s", sealed[4])

    assert found() == [f"Event {sealed[4]} was changed or moved."]


def test_the_first_bad_event_is_named_first(sealed):
    tamper("UPDATE core_event SET actor_label = 'x' WHERE id IN (%s, %s)", sealed[5], sealed[1])

    assert found() == [
        f"Event {sealed[1]} was changed or moved.",
        f"Event {sealed[5]} was changed or moved.",
    ]


def test_a_removed_event_is_found(sealed):
    tamper("DELETE FROM core_event WHERE id = %s", sealed[2])

    assert found() == [f"Event {sealed[2]} was removed."]


def test_an_event_removed_with_its_place_is_found(sealed):
    tamper("DELETE FROM core_event WHERE id = %s", sealed[1])
    tamper("DELETE FROM core_sealedevent WHERE event_id = %s", sealed[1])

    assert found() == ["Place 2 of seal 1 is missing."]


def test_the_last_event_of_a_seal_removed_with_its_place_is_found(sealed):
    tamper("DELETE FROM core_event WHERE id = %s", sealed[2])
    tamper("DELETE FROM core_sealedevent WHERE event_id = %s", sealed[2])

    assert found()[0] == "Seal 1 does not fit its events."


def test_an_event_put_in_later_is_found(sealed):
    copy = (
        "INSERT INTO core_event (id, uid, kind, subject_type, subject_id, actor_kind, actor_label,"
        " payload, request_id, occurred_at, at) SELECT %s, gen_random_uuid(), kind, subject_type,"
        " subject_id, actor_kind, actor_label, payload, request_id, occurred_at, at"
        " FROM core_event WHERE id = %s"
    )
    tamper("DELETE FROM core_sealedevent WHERE event_id = %s", sealed[0])
    tamper("DELETE FROM core_event WHERE id = %s", sealed[0])
    tamper(copy, sealed[0], sealed[1])

    assert f"Event {sealed[0]} was put in after its time was sealed." in found()


def test_swapped_events_are_found(sealed):
    a, b = sealed[3], sealed[4]
    tamper("UPDATE core_event SET id = -1 WHERE id = %s", a)
    tamper("UPDATE core_event SET id = %s WHERE id = %s", a, b)
    tamper("UPDATE core_event SET id = %s WHERE id = -1", b)

    assert found() == [f"Event {a} was changed or moved.", f"Event {b} was changed or moved."]


def test_swapped_places_are_found(sealed):
    tamper("UPDATE core_sealedevent SET position = 99 WHERE event_id = %s", sealed[0])
    tamper("UPDATE core_sealedevent SET position = 1 WHERE event_id = %s", sealed[1])
    tamper("UPDATE core_sealedevent SET position = 2 WHERE event_id = %s", sealed[0])

    assert found()[0] == f"Event {sealed[1]} was changed or moved."


def test_a_removed_seal_is_found(sealed):
    tamper("UPDATE core_eventseal SET previous_id = NULL WHERE id = 3")
    tamper("DELETE FROM core_sealedevent WHERE seal_id = 2")
    tamper("DELETE FROM core_eventseal WHERE id = 2")

    assert found()[0] == "Seal 2 is missing."


@pytest.mark.parametrize("change", ["count = 2", "hash = '\\x00'", "complete_to = 0"])
def test_a_changed_seal_is_found(sealed, change):
    tamper(f"UPDATE core_eventseal SET {change} WHERE id = 2")

    assert found()[0] == "Seal 2 does not fit its events."


def test_a_chain_computed_anew_is_told_by_the_seal_in_the_logs(sealed, olga):
    last = EventSeal.objects.get(pk=3)
    witness = f"3:{bytes(last.hash).hex()}"
    call_command("verify_events", "--expect", witness)
    tamper("DELETE FROM core_sealedevent")
    tamper("DELETE FROM core_eventseal")
    tamper("UPDATE core_event SET actor_label = 'forged' WHERE id = %s", sealed[6])
    seal_events()

    assert found() == []
    with pytest.raises(CommandError, match="1 found"):
        call_command("verify_events", "--expect", witness)


def test_a_cut_off_end_is_told_by_the_seal_in_the_logs(sealed):
    last = EventSeal.objects.get(pk=3)
    tamper("DELETE FROM core_event WHERE id = %s", sealed[6])
    tamper("DELETE FROM core_sealedevent WHERE seal_id = 3")
    tamper("DELETE FROM core_eventseal WHERE id = 3")

    assert found(expect=(3, bytes(last.hash))) == ["Seal 3 is missing."]


def test_an_event_that_waits_too_long_for_its_seal_is_found(sealed, olga):
    (event,) = note("h", subject=olga, heard=False)
    assert found() == []
    tamper("UPDATE core_event SET at = at - interval '16 minutes' WHERE id = %s", event.pk)

    assert found() == [f"Event {event.pk} and later ones are still not sealed."]


@contextmanager
def writing(text: str, subject: User) -> Iterator[None]:
    """Another transaction that has drawn its event's number, and commits only at the end."""
    wrote, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            note(text, subject=subject, heard=False)
            wrote.set()
            go_on.wait(20)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    wrote.wait(20)
    yield
    go_on.set()
    writer.join(20)


@pytest.mark.django_db(transaction=True)
def test_a_lower_number_that_commits_late_is_sealed_too(olga, kinds, monkeypatch):
    monkeypatch.setattr(seal, "WRITERS_PATIENCE", 0.1)
    with writing("late", olga):
        note("early", subject=olga, heard=False)
        assert seal_events() == 1

    assert seal_events() == 1
    assert found() == []
    assert EventSeal.objects.get(pk=2).complete_to == Event.objects.latest("id").pk


@pytest.mark.django_db(transaction=True)
def test_control_without_asking_for_writers_the_late_one_is_missed(olga, kinds, monkeypatch):
    monkeypatch.setattr(seal, "writers", lambda _cursor: set())
    with writing("late", olga):
        note("early", subject=olga, heard=False)
        assert seal_events() == 1

    assert seal_events() == 0
    assert "was put in after its time" in found()[0]


@pytest.mark.django_db(transaction=True)
def test_one_sealer_at_a_time(olga, kinds):
    note("a", subject=olga, heard=False)
    sealed = []

    def other():
        sealed.append(seal_batch())
        connection.close()

    with transaction.atomic():
        assert seal_batch() == 1
        sealer = threading.Thread(target=other)
        sealer.start()
        sealer.join(20)

    assert sealed == [0]
