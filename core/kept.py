"""What operations define once and every request reads, kept in the process until it changes.

A trigger gives the table a new version within the transaction of the change. Whoever reads asks
for the versions, which is one small query, and takes what the process holds if they are the same.
So a change counts from its commit on in every process, and nobody has to be told.

    @kept_until_changed(ProductLine)
    def lines_by_code() -> dict[str, ProductLine]: ...

A table takes part once its app's migrations contain `counted(table)`. What is kept is shared by
all threads: it must not be changed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TypeVar

from django.db import connection, migrations, models

from core.prepared import Prepared

T = TypeVar("T")
Versions = dict[str, int]

READ_VERSIONS = Prepared('SELECT "table", version FROM core_tableversion')
_looked_at: ContextVar[Versions | None] = ContextVar("versions_looked_at", default=None)

COUNT = """
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION core_count_change();
INSERT INTO core_tableversion ("table", version)
VALUES ('{table}', nextval('core_tableversion_given'));
"""
COUNT_NO_MORE = """
DROP TRIGGER count_change ON {table};
DELETE FROM core_tableversion WHERE "table" = '{table}';
"""


def counted(table: str) -> migrations.RunSQL:
    """The migration that gives a table versions."""
    return migrations.RunSQL(COUNT.format(table=table), COUNT_NO_MORE.format(table=table))


def kept_until_changed(
    *tables: type[models.Model] | str,
) -> Callable[[Callable[[], T]], Callable[[], T]]:
    """For a function without arguments that reads these tables, and no others; those of another
    app by name."""
    names = [one if isinstance(one, str) else one._meta.db_table for one in tables]

    def keeping(read: Callable[[], T]) -> Callable[[], T]:
        held: tuple[list[object], T] | None = None

        @wraps(read)
        def kept() -> T:
            nonlocal held
            versions = _versions()
            now = [connection.settings_dict["NAME"], *(versions.get(name) for name in names)]
            known = held
            if known is not None and known[0] == now:
                return known[1]
            # Read after its version was: what came in between is read once more next time.
            found = read()
            held = (now, found) if None not in now else None
            return found

        return kept

    return keeping


@contextmanager
def looking_once() -> Iterator[None]:
    """Within it, versions are looked at once: what is changed meanwhile counts for whoever comes
    next. For one request, or one piece of work of some milliseconds."""
    if _looked_at.get() is not None:
        yield
        return
    token = _looked_at.set(_read_versions())
    try:
        yield
    finally:
        _looked_at.reset(token)


def _versions() -> Versions:
    seen = _looked_at.get()
    return _read_versions() if seen is None else seen


def _read_versions() -> Versions:
    with connection.cursor() as cursor:
        READ_VERSIONS.run(cursor)
        return dict(cursor.fetchall())
