"""The migrated database that the tests' databases are copies of, and how one is made whole again.

Running all migrations takes many seconds and gives the same result each time, so it is done once
per set of migrations; each worker's database is a copy that PostgreSQL makes in a moment.
"""

import time
from hashlib import sha256
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader

CHECKOUT = Path(__file__).parents[1]
PREFIX = "prm_migrated_"
LOCK = 7_426_911  # held while the template is made; any number that nothing else takes


def migrated_template() -> str:
    """The name of a database with all migrations of this checkout, made now if there is none."""
    name = PREFIX + digest_of_migrations()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        there = {row[0] for row in cursor.fetchall()}
        if name not in there:
            for old in there:
                cursor.execute(f"DROP DATABASE {old}")
            make(cursor, f"{name}_unfinished")
            cursor.execute(f"ALTER DATABASE {name}_unfinished RENAME TO {name}")
    return name


def digest_of_migrations() -> str:
    """Changes with the text of our own migrations and with the names of everybody's."""
    digest = sha256()
    for app, name in sorted(MigrationLoader(None).disk_migrations):
        own = CHECKOUT / app / "migrations" / f"{name}.py"
        digest.update(f"{app}.{name}".encode())
        digest.update(own.read_bytes() if own.is_file() else b"")
    return digest.hexdigest()[:16]


def make(cursor: CursorWrapper, name: str) -> None:
    """Creates the database `name` and runs every migration in it."""
    cursor.execute(f"CREATE DATABASE {name}")
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


# --- after a test that commits --------------------------------------------------------------

# As the migrations made them, and the same after any test.
KEPT = {"django_content_type", "auth_permission"}


def contents() -> dict[str, str]:
    """What the migrations wrote, by table."""
    held = {}
    with connection.cursor() as cursor:
        for name in filled(cursor):
            cursor.copy_expert(f"COPY {name} TO STDOUT", rows := StringIO())
            held[name] = rows.getvalue()
    return held


def restore(held: dict[str, str]) -> None:
    """Removes all rows that a test committed, and puts back what the migrations wrote. Django's
    own way empties some hundred tables, of which few hold anything, and makes the content types
    and permissions anew."""
    with transaction.atomic(), connection.cursor() as cursor:
        # In any order, and also the rows that triggers keep.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in filled(cursor):
            cursor.execute(f"DELETE FROM {name}")
        for name, rows in held.items():
            cursor.copy_expert(f"COPY {name} FROM STDIN", StringIO(rows))


def filled(cursor: CursorWrapper) -> list[str]:
    """The tables with rows that a test may change."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    looking = [f"SELECT '{one}' WHERE EXISTS (SELECT FROM {one})" for one in names]
    cursor.execute(" UNION ALL ".join(looking))
    return [name for (name,) in cursor.fetchall() if name not in KEPT]


def may_restore() -> bool:
    """Whether the server lets us: the tests' own does, and any whose user is a superuser."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        row = cursor.fetchone()
    return bool(row and row[0])


def send_others_away() -> None:
    """Ends the connections that others still have to the tests' database, such as those of a
    killed worker, so that it can be dropped."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) {others} AND usename = current_user")
        while time.monotonic() < until:
            cursor.execute(f"SELECT 1 {others} AND usename = current_user")
            if cursor.fetchone() is None:
                return
            time.sleep(0.05)
