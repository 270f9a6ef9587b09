"""The one clock that all processes share."""

import datetime as dt

from django.db import connection


def database_now() -> dt.datetime:
    """This moment by the database's clock, which moves on inside a transaction. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: dt.datetime = cursor.fetchone()[0]
    return now.astimezone(dt.UTC)
