import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from core.actor import system
from core.events import (
    OutsideTransaction,
    UnknownEventKind,
    event_kind,
    from_json,
    hears,
    record,
    recorded,
    to_json,
)
from core.models import Event, EventDelivery
from tests.core.trial import Noted, note, rolled_back

RECORD = ["core_event", "core_eventseal", "core_sealedevent"]


def test_a_fact_and_its_deliveries_are_written_together(olga, kinds):
    (event,) = note("hello", subject=olga)

    assert (event.kind, event.subject_type, event.subject_id) == (
        "trial.noted",
        "core.user",
        olga.pk,
    )
    assert event.payload == {"text": "hello", "amount": None}
    assert list(event.deliveries.values_list("handler", "state")) == [("trial.act", "waiting")]


def test_a_fact_goes_with_its_transaction(olga, kinds):
    with rolled_back():
        note("never", subject=olga)

    assert not Event.objects.filter(kind="trial.noted").exists()
    assert not EventDelivery.objects.filter(handler="trial.act").exists()


@pytest.mark.django_db(transaction=True)
def test_no_fact_outside_a_transaction(olga, kinds):
    with pytest.raises(OutsideTransaction):
        record(Noted("loose"), subject=olga, actor=system("trial"))

    assert not Event.objects.filter(kind="trial.noted").exists()


def test_an_undeclared_fact_is_refused(olga):
    @dataclass(frozen=True)
    class Undeclared:
        pass

    with pytest.raises(UnknownEventKind), transaction.atomic():
        record(Undeclared(), subject=olga, actor=system("trial"))

    assert not Event.objects.exists()


def test_imported_history_is_told_to_nobody(olga, kinds):
    (event,) = note("long ago", subject=olga, heard=False)

    assert not event.deliveries.exists()


def test_a_payload_comes_back_as_it_was(olga, kinds):
    with transaction.atomic():
        event = record(Noted("x", Decimal("0.10")), subject=olga, actor=system("trial"))

    heard = recorded(Event.objects.get(pk=event.pk))

    assert heard.payload == Noted("x", Decimal("0.10"))
    assert str(heard.payload.amount) == "0.10"


@dataclass(frozen=True)
class Rich:
    on: dt.date
    at: dt.datetime | None
    parts: tuple[Decimal, ...]
    later: str = "default"


def test_dates_and_tuples_come_back_and_new_fields_have_their_default():
    rich = Rich(dt.date(2026, 2, 28), dt.datetime(2026, 3, 1, tzinfo=dt.UTC), (Decimal("1.50"),))
    stored = to_json(rich)
    del stored["later"]

    assert from_json(Rich, stored) == rich


def test_names_are_taken_once(kinds):
    with pytest.raises(ValueError, match="declared twice"):
        event_kind("trial.noted", sentence="again")(Rich)
    with pytest.raises(ValueError, match="subscribed twice"):
        hears(Noted, name="trial.act")(print)


def test_a_field_that_is_not_there_cannot_be_public():
    with pytest.raises(TypeError, match="no field secret"):
        event_kind("trial.other", sentence="x", public={"secret"})(Rich)


@pytest.mark.parametrize("table", RECORD)
@pytest.mark.parametrize("act", ["UPDATE {} SET hash = hash", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_record(olga, kinds, table, act):
    note("stays", subject=olga)
    if table == "core_event":
        act = act.replace("hash = hash", "kind = 'other'")

    cursor = connection.cursor()
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        cursor.execute(act.format(table))

    assert Event.objects.get(kind="trial.noted").payload["text"] == "stays"


@pytest.mark.parametrize("table", RECORD)
def test_the_database_refuses_to_empty_the_record(olga, kinds, table):
    note("stays", subject=olga)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER keep_record_whole")
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER keep_record_whole")

    assert Event.objects.filter(kind="trial.noted").exists()


def test_one_ring_for_a_transaction(olga, kinds, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as bells, transaction.atomic():
        note("one", subject=olga)
        note("two", subject=olga)

    assert len(bells) == 1
