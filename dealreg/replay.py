"""Replay: what one version of the rules would have decided about past registrations.

Decisions are read in batches in the order of time, each judged from the facts that it stored.
A batch's findings, the list of changed decisions and the place that was reached are committed
together, so progress is visible, memory stays flat and a worker that dies costs one batch.
"""

import datetime as dt
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

import orjson
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from core import queue
from core.bell import ring
from dealreg.books import read_book
from dealreg.models import ReplayChange, ReplayRun, RuleBook
from dealreg.models.rulebooks import BookStatus
from dealreg.rules.compiled import compile_book, compile_reader
from dealreg.rules.engagement import Book, Rule

REPLAY_DECISIONS = "dealreg.tasks.replay_decisions"
PACE = queue.Pace(lease=dt.timedelta(seconds=60), pauses=queue.seconds(10, 60, 300))
BATCH = 10_000
# The list of changed decisions ends here; the counts do not.
MOST_CHANGES = 50_000
BANDS = (10_000, 50_000, 250_000)
UNKNOWN_BAND = -1

READ = """
SELECT decision.id, decision.decided_at, decision.deal_id, deal.partner_id,
       deal.product_line_id, decision.outcome, decision.rule, decision.facts::text
FROM dealreg_decision AS decision JOIN dealreg_deal AS deal ON deal.id = decision.deal_id
WHERE decision.origin = 'rule' AND decision.decided_at < %(until)s
  AND (decision.decided_at, decision.id) > (%(last_at)s, %(last_id)s)
ORDER BY decision.decided_at, decision.id LIMIT %(batch)s
"""
COUNT = """
SELECT count(*) FROM dealreg_decision
WHERE origin = 'rule' AND decided_at >= %(since)s AND decided_at < %(until)s
"""

Place = tuple[dt.datetime, int]
StoredDecision = tuple[int, dt.datetime, int, int, int | None, str, str, str]


class Changed(NamedTuple):
    deal_id: int
    decided_at: dt.datetime
    before: str
    after: str
    rule_before: str
    rule_after: str


@dataclass(slots=True)
class Tally:
    """What was counted. A cell is (region, tier, amount band, before, after); `partners` counts
    changed decisions, `missing` decisions that had not stored a fact that the rules ask."""

    cells: Counter[tuple[str, str, int, str, str]] = field(default_factory=Counter)
    partners: Counter[int] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    outside: int = 0

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Tally":
        cells = Counter({tuple(row[:5]): row[5] for row in data.get("cells", [])})
        partners = Counter({int(key): n for key, n in data.get("partners", {}).items()})
        return cls(cells, partners, Counter(data.get("missing", {})), data.get("outside", 0))

    def to_json(self) -> dict[str, Any]:
        return {
            "cells": [[*cell, number] for cell, number in sorted(self.cells.items())],
            "partners": {str(key): number for key, number in self.partners.items()},
            "missing": dict(self.missing),
            "outside": self.outside,
        }


@dataclass(frozen=True, slots=True)
class BookScope:
    """The region ("" for all) and product line (None for all) of a book."""

    region: str
    product_line_id: int | None

    def covers(self, region: str, product_line_id: int | None) -> bool:
        inside = not self.region or f"{region}.".startswith(f"{self.region}.")
        return inside and self.product_line_id in (None, product_line_id)

    @property
    def depth(self) -> tuple[int, bool]:
        """The deeper of two that cover the same decides."""
        codes = self.region.count(".") + 1 if self.region else 0
        return codes, self.product_line_id is not None


class Replay:
    """Judges stored decisions by one book and counts what changes. Pure but for its tally."""

    def __init__(
        self,
        book: Book,
        *,
        scope: BookScope,
        others: Sequence[BookScope] = (),
        regions: Sequence[str] = (),
        tally: Tally | None = None,
    ) -> None:
        self.deciding: Callable[[Mapping[str, Any]], Rule] = compile_book(book)
        self.names = book.facts()
        self.read = compile_reader(self.names)
        self.scope, self.regions = scope, tuple(regions)
        self.deeper = [other for other in others if other.depth > scope.depth]
        self.tally = tally or Tally()
        self._mine: dict[tuple[str, int | None], bool] = {}

    def judge(self, rows: Iterable[StoredDecision]) -> list[Changed]:
        """Counts `rows` and returns those that the book decides otherwise."""
        changed: list[Changed] = []
        cells, mine, names = self.tally.cells, self._mine, self.names
        read, deciding, load = self.read, self.deciding, orjson.loads
        for _id, decided_at, deal_id, partner_id, line, before, rule_before, stored in rows:
            raw = load(stored)
            region = raw.get("partner.region", "")
            where = (region, line)
            if where not in mine:
                mine[where] = self._decides_here(*where)
            if not mine[where]:
                self.tally.outside += 1
                continue
            if not names <= raw.keys():
                self.tally.missing.update(names - raw.keys())
            rule = deciding(read(raw))
            after = rule.outcome.value
            cells[region, raw.get("partner.tier", ""), band(raw), before, after] += 1
            if after != before:
                self.tally.partners[partner_id] += 1
                changed.append(Changed(deal_id, decided_at, before, after, rule_before, rule.code))
        return changed

    def _decides_here(self, region: str, product_line_id: int | None) -> bool:
        """Whether this book, once published, would decide there, and the reader may see it."""
        seen = not self.regions or any(f"{region}.".startswith(f"{path}.") for path in self.regions)
        deeper = any(other.covers(region, product_line_id) for other in self.deeper)
        return seen and not deeper and self.scope.covers(region, product_line_id)


def band(facts: Mapping[str, Any]) -> int:
    """Which of BANDS the amount is below (0 to len(BANDS)), UNKNOWN_BAND without an amount."""
    amount = facts.get("deal.amount")
    return UNKNOWN_BAND if amount is None else bisect_right(BANDS, float(amount))


def replay_of(run: ReplayRun) -> Replay:
    """The replay where `run` stands."""
    book = run.book
    now = timezone.now()
    published = RuleBook.objects.filter(Q(effective_from__lte=now), status=BookStatus.PUBLISHED)
    return Replay(
        read_book(book),
        scope=scope_of(book),
        others=[scope_of(other) for other in published.select_related("region")],
        regions=run.regions,
        tally=Tally.from_json(run.result),
    )


def scope_of(book: RuleBook) -> BookScope:
    return BookScope(book.region.path if book.region else "", book.product_line_id)


def bounds(run: ReplayRun) -> tuple[dt.datetime, dt.datetime]:
    """The moments at which the run's period begins and has ended."""
    since = dt.datetime.combine(run.since, dt.time.min)
    until = dt.datetime.combine(run.until + dt.timedelta(days=1), dt.time.min)
    return timezone.make_aware(since), timezone.make_aware(until)


def count_decisions(run: ReplayRun) -> int:
    since, until = bounds(run)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"since": since, "until": until})
        return int(cursor.fetchone()[0])


def read_batch(last: Place, until: dt.datetime, batch: int = BATCH) -> list[StoredDecision]:
    """The next decisions behind `last` in time. One query on the index of the period."""
    values: dict[str, Any] = {
        "last_at": last[0],
        "last_id": last[1],
        "until": until,
        "batch": batch,
    }
    with connection.cursor() as cursor:
        cursor.execute(READ, values)
        rows: list[StoredDecision] = cursor.fetchall()
    return rows


def work_due(*, seconds: float = 60.0) -> int:
    """Works on the runs that are due for at most about so long; returns how many ended."""
    queue.park_spent(ReplayRun, PACE)
    deadline = time.monotonic() + seconds
    ended = 0
    while time.monotonic() < deadline:
        claimed = queue.claim_new(ReplayRun, 1, PACE)
        again = None if claimed else queue.claim_again(ReplayRun, PACE)
        runs = claimed or ([again] if again else [])
        if not runs:
            break
        ended += work_on(runs[0], deadline)
    return ended


def work_on(run: ReplayRun, deadline: float = float("inf")) -> bool:
    """Carries a claimed run on, batch by batch; gives it back at the deadline (a monotonic
    time). Returns whether it ended."""
    try:
        replay = replay_of(run)
        while time.monotonic() < deadline:
            if _batch(run, replay):
                return True
    except Exception as error:
        queue.fail(run, f"{type(error).__name__}: {error}", PACE)
        return False
    queue.give_back([run])
    ring(REPLAY_DECISIONS)
    return False


@transaction.atomic
def _batch(run: ReplayRun, replay: Replay) -> bool:
    """One batch, found and kept in one transaction; True when the run is over or lost."""
    if not queue.hold(ReplayRun, [run]):
        return True
    since, until = bounds(run)
    last = (run.last_at or since, run.last_id or -1)
    rows = read_batch(last, until)
    changed = replay.judge(rows)
    listed = run.changes.count()
    ReplayChange.objects.bulk_create(
        (
            ReplayChange(
                run=run,
                deal_id=one.deal_id,
                decided_at=one.decided_at,
                before=one.before,
                after=one.after,
                rule_before=one.rule_before,
                rule_after=one.rule_after,
            )
            for one in changed[: MOST_CHANGES - listed]
        ),
        batch_size=2000,
    )
    run.read += len(rows)
    run.result = replay.tally.to_json()
    if rows:
        run.last_at, run.last_id = rows[-1][1], rows[-1][0]
    run.save(update_fields=["read", "result", "last_at", "last_id"])
    if len(rows) < BATCH:
        queue.finish([run])
        return True
    ReplayRun.objects.filter(pk=run.pk).update(leased_until=Now() + PACE.lease)
    return False


# --- what a run found, for its page ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """Of `decided` decisions in a group, `changed` would have another outcome."""

    name: str
    decided: int
    changed: int

    @property
    def percent(self) -> Decimal:
        return Decimal(100 * self.changed) / self.decided if self.decided else Decimal(0)


def shares(tally: Tally, part: int) -> list[Share]:
    """The cells summed by region (0), tier (1) or amount band (2), in the order of the name."""
    decided: Counter[Any] = Counter()
    changed: Counter[Any] = Counter()
    for cell, number in tally.cells.items():
        decided[cell[part]] += number
        if cell[3] != cell[4]:
            changed[cell[part]] += number
    return [Share(str(key), decided[key], changed[key]) for key in sorted(decided)]


def matrix(tally: Tally) -> dict[tuple[str, str], int]:
    """(before, after) → decisions."""
    found: Counter[tuple[str, str]] = Counter()
    for cell, number in tally.cells.items():
        found[cell[3], cell[4]] += number
    return dict(found)
