"""Migrations were started anew once; who has the former ones has everything they make."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

import core.migrations
import dealreg.migrations
import partners.migrations

FORMER = [*core.migrations.FORMER, *partners.migrations.FORMER, *dealreg.migrations.FORMER]


@pytest.fixture
def formerly_migrated(db) -> None:
    """The tests' database, as if the former migrations had made it."""
    recorder = MigrationRecorder(connection)
    for app, name in started_anew():
        recorder.record_unapplied(app, name)
    for app, name in FORMER:
        recorder.record_applied(app, name)


def started_anew() -> list[tuple[str, str]]:
    known = MigrationLoader(None).disk_migrations
    return [name for name, one in known.items() if one.replaces]


def test_a_formerly_migrated_database_has_nothing_to_do(formerly_migrated):
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_it_is_recorded_as_migrated_anew(formerly_migrated):
    MigrationExecutor(connection).migrate([])
    applied = MigrationRecorder(connection).applied_migrations()
    assert set(started_anew()) <= set(applied)


def test_no_name_means_two_migrations():
    assert not set(FORMER) & set(started_anew())
