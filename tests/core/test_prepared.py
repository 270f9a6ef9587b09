"""Statements that are planned once for each connection answer like any other."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import DataError

from core import prepared
from core.prepared import Prepared
from core.sql import Sql, rows_of

SUM = Prepared("SELECT %(one)s::int + %(other)s::int * %(one)s::int")
NAMES = "SELECT count(*) FROM pg_prepared_statements WHERE name = %s"


def ask(statement, values):
    with connection.cursor() as cursor:
        statement.run(cursor, values)
        return cursor.fetchone()[0]


def times_known(statement):
    with connection.cursor() as cursor:
        cursor.execute(NAMES, [statement.name])
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_named_values_may_stand_in_several_places():
    assert ask(SUM, {"one": 2, "other": 5, "unused": 1}) == 12
    assert ask(SUM, {"one": 3, "other": 1}) == 6
    assert times_known(SUM) == 1


@pytest.mark.django_db
def test_values_are_values_and_never_part_of_the_statement():
    text = Prepared("SELECT %s::text")

    assert ask(text, ["'; DROP TABLE core_user; --%s"]) == "'; DROP TABLE core_user; --%s"


@pytest.mark.django_db
def test_it_outlives_a_transaction_that_failed():
    divide = Prepared("SELECT 1 / %s::int")
    with pytest.raises(DataError), transaction.atomic():
        ask(divide, [0])

    assert ask(divide, [1]) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SELECT %(it)s + 1", dt.date(2026, 1, 31)),
        ("SELECT now() < %(it)s + 1", dt.date(2026, 1, 31)),
        ("SELECT %(it)s - interval '1 day'", dt.datetime(2026, 1, 31, tzinfo=dt.UTC)),
        ("SELECT %(it)s / 4", 10),
        ("SELECT %(it)s / 4", 2**40 + 1),
        ("SELECT %(it)s / 4", Decimal("10.5")),
        ("SELECT %(it)s = ANY(%(all)s)", "a"),
        ("SELECT NOT %(it)s", True),
    ],
)
def test_what_is_planned_once_answers_like_any_other(text, value):
    query = Sql(text, {"it": value, "all": ["a", "b"]})

    assert rows_of(query, planned_once=True) == rows_of(query)


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_learns_it_anew():
    assert ask(SUM, {"one": 1, "other": 1}) == 2
    connection.close()

    assert times_known(SUM) == 0
    assert ask(SUM, {"one": 1, "other": 1}) == 2


@pytest.mark.django_db
def test_a_connection_that_knows_too_many_begins_anew(monkeypatch):
    ask(SUM, {"one": 1, "other": 1})
    monkeypatch.setattr(prepared, "MOST_PREPARED", len(prepared._known[connection.connection]))

    assert ask(Prepared("SELECT 1::int + %s::int"), [1]) == 2
    assert times_known(SUM) == 0
    assert ask(SUM, {"one": 1, "other": 1}) == 2
