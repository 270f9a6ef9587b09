"""Imports take turns, and go in batches."""

from django.db import connection

BATCH = 2000
ONE_IMPORT_AT_A_TIME = 7002


def wait_for_other_imports() -> None:
    """Two imports at once would both find a reference missing; the second waits its turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_IMPORT_AT_A_TIME])
