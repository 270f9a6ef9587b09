"""The migrated database that the tests' databases are copies of.

Running all migrations takes many seconds and gives the same result each time, so it is done once
per set of migrations; each worker's database is a copy that PostgreSQL makes in a moment.
"""

from hashlib import sha256
from pathlib import Path

from django.core.management import call_command
from django.db import connection
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
