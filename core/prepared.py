"""Statements that the database plans once for each connection, for the few places where working
out the plan takes as long as running it.

A statement is written as for `cursor.execute`, with %s or %(name)s, and without any other percent
sign. Types are the database's guess from where a value stands: cast it where that is not enough.

This needs a connection that stays one: a pooler must hand out sessions, not transactions
(docs/operations.md).
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from weakref import WeakKeyDictionary

from django.db.backends.utils import CursorWrapper

PLACE = re.compile(r"%s|%\((\w+)\)s")
# More would only fill the server's memory: beyond, the connection forgets them all.
MOST_PREPARED = 200

_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Prepared:
    """One statement. `run` is like `cursor.execute`."""

    def __init__(self, sql: str) -> None:
        self.named: list[str] = []
        places = 0

        def numbered(place: re.Match[str]) -> str:
            nonlocal places
            name = place.group(1)
            if name is not None and name in self.named:
                return f"${self.named.index(name) + 1}"
            if name is not None:
                self.named.append(name)
            places += 1
            return f"${places}"

        self.sql = PLACE.sub(numbered, sql)
        self.name = f"prm_{blake2b(self.sql.encode(), digest_size=8).hexdigest()}"
        values = f"({', '.join(['%s'] * places)})" if places else ""
        # How it begins stands behind it, for logs and for whoever counts queries.
        begins = " ".join(re.findall(r"\w+", self.sql)[:8])
        self.execute = f"EXECUTE {self.name}{values} -- {begins}"

    def run(self, cursor: CursorWrapper, values: Sequence[Any] | Mapping[str, Any] = ()) -> None:
        self._make_known(cursor)
        given = [values[name] for name in self.named] if isinstance(values, Mapping) else values
        cursor.execute(self.execute, given)

    def _make_known(self, cursor: CursorWrapper) -> None:
        own = cursor.db.connection
        known = _known.setdefault(own, set())
        if self.name in known:
            return
        # Past the wrappers: it is no query of the request's own, and is done once.
        with own.cursor() as apart:
            if len(known) >= MOST_PREPARED:
                apart.execute("DEALLOCATE ALL")
                known.clear()
            apart.execute(f"PREPARE {self.name} AS {self.sql}")
        known.add(self.name)


@lru_cache(maxsize=MOST_PREPARED)
def prepared(sql: str) -> Prepared:
    """The one of this text, for statements that are put together from a few parts."""
    return Prepared(sql)
