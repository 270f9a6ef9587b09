"""Recalculations and simulations of all partners, as rows of work.

A run goes through the partners in the order of their keys. What a batch finds and the key it
got to are one transaction, so a worker that is killed costs one batch, a second worker cannot
do the same batch, and progress is visible. One recalculation waits or runs at a time (a
constraint); who asks for another is shown the one there is.
"""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from core import queue
from core.actor import Actor
from core.bell import ring, ring_on_commit
from core.events import record
from core.models import QueueState
from core.sql import Sql, rows_of
from partners.events.tiers import RecalculationAsked
from partners.measures import Among
from partners.models import Partner, TierMove, TierProgramme, TierRun
from partners.models.tier_runs import RunKind
from partners.queries.judging import judged
from partners.queries.programmes import covered, in_force, read_with_its_trial
from partners.queries.simulation import Moved, costs_of
from partners.queries.versions import precedence
from partners.services.assessing import assess
from partners.services.authority import require_operations

RECALCULATE = "partners.tasks.recalculate"
PACE = queue.Pace(lease=dt.timedelta(seconds=60), pauses=queue.seconds(5, 30, 120))
BATCH = 5_000
MOST_MOVES = 100_000
WORKING = [QueueState.WAITING, QueueState.RUNNING]

# Where a batch ends: the key of its last partner.
END_OF_BATCH = """
SELECT max(id), count(*) FROM (
    SELECT id FROM partners_partner WHERE id > %(after)s ORDER BY id LIMIT %(batch)s) AS ids
"""
SIMULATE = """
WITH {judged}
SELECT j.id, p.type, r.path, j.tier_id, j.reached_id
FROM judged j JOIN partners_partner p ON p.id = j.id JOIN partners_region r ON r.id = p.region_id
ORDER BY j.id
"""


def ask_recalculation(*, actor: Actor, cause: str) -> TierRun:
    """The recalculation that works or waits; a new one when there is none.

    Raises PermissionDenied for anyone but operations and the portal.
    """
    require_operations(actor)
    try:
        with transaction.atomic():
            run = _new_run(actor, RunKind.RECALCULATION, None, cause, Partner.objects.count())
            record(RecalculationAsked(run.kind, 0), subject=run, actor=actor)
            return run
    except IntegrityError:
        working = TierRun.objects.filter(kind=RunKind.RECALCULATION, state__in=WORKING).first()
        # It may have ended between the two; whoever asked gets a newer one then.
        return working or ask_recalculation(actor=actor, cause=cause)


@transaction.atomic
def ask_simulation(*, actor: Actor, programme_id: int) -> TierRun:
    """What a version would make of its partners, found by a worker. Raises PermissionDenied."""
    require_operations(actor)
    programme = TierProgramme.objects.get(pk=programme_id)
    run = _new_run(
        actor, RunKind.SIMULATION, programme, "", covered(read_with_its_trial(programme)).count()
    )
    record(RecalculationAsked(run.kind, programme.version), subject=run, actor=actor)
    return run


def _new_run(
    actor: Actor, kind: RunKind, programme: TierProgramme | None, cause: str, total: int
) -> TierRun:
    run = TierRun.objects.create(
        kind=kind,
        programme=programme,
        cause=(cause or actor.label)[:200],
        asked_by_id=actor.user_id,
        regions=sorted(actor.region_paths),
        total=total,
    )
    ring_on_commit(RECALCULATE)
    return run


def work_due(*, seconds: float = 60.0) -> int:
    """Works on the runs that are due for at most about so long; returns how many ended."""
    queue.park_spent(TierRun, PACE)
    deadline = time.monotonic() + seconds
    ended = 0
    while time.monotonic() < deadline:
        run = claim()
        if run is None:
            break
        ended += work_on(run, deadline)
    return ended


def claim(run_id: int | None = None) -> TierRun | None:
    """A run that is due (that one, if one is named), or one whose worker is gone."""
    if run_id is not None:
        with transaction.atomic(durable=True):
            row = (
                TierRun.objects.select_for_update(skip_locked=True)
                .filter(Q(state="waiting") | Q(state="running", leased_until__lte=Now()))
                .filter(pk=run_id)
                .first()
            )
            if row is not None:
                TierRun.objects.filter(pk=run_id).update(
                    state=QueueState.RUNNING,
                    attempts=F("attempts") + 1,
                    leased_until=Now() + PACE.lease,
                )
                row.refresh_from_db()
            return row
    new = queue.claim_new(TierRun, 1, PACE)
    return new[0] if new else queue.claim_again(TierRun, PACE)


def work_on(
    run: TierRun,
    deadline: float = float("inf"),
    tell: Callable[[TierRun], object] = lambda _run: None,
) -> bool:
    """Carries a claimed run on, batch by batch; gives it back at the deadline (a monotonic
    time). Returns whether it ended."""
    batch = simulate_batch if run.kind == RunKind.SIMULATION else recalculate_batch
    try:
        while time.monotonic() < deadline:
            over = _one_batch(run, batch)
            tell(run)
            if over:
                return True
    except Exception as error:
        queue.fail(run, f"{type(error).__name__}: {error}", PACE)
        return False
    queue.give_back([run])
    ring(RECALCULATE)
    return False


@transaction.atomic
def _one_batch(run: TierRun, batch: Callable[[TierRun, Among], Counter[str]]) -> bool:
    """One batch, found and kept in one transaction; True when the run is over or lost."""
    if not queue.hold(TierRun, [run]):
        return True
    last, number = rows_of(Sql(END_OF_BATCH, {"after": run.last_id, "batch": BATCH}))[0]
    if last is not None:
        found = batch(run, Among(after=run.last_id, upto=last))
        run.result = add_counts(run.result, found)
        run.done += int(found.get("seen", 0)) if run.kind == RunKind.SIMULATION else number
        run.last_id = last
        run.save(update_fields=["result", "done", "last_id"])
    if number < BATCH:
        run.result = run.result or {"seen": 0}
        run.save(update_fields=["result"])
        queue.finish([run])
        return True
    TierRun.objects.filter(pk=run.pk).update(leased_until=Now() + PACE.lease)
    return False


def add_counts(result: dict[str, Any], found: Counter[str]) -> dict[str, Any]:
    together = Counter(result)
    together.update(found)
    return dict(together)


def recalculate_batch(run: TierRun, among: Among) -> Counter[str]:
    outcome = assess(among, cause=f"run {run.pk}")
    counts = Counter({"seen": outcome.seen, "written": outcome.written})
    counts.update({str(action): number for action, number in outcome.actions.items()})
    return counts


def simulate_batch(run: TierRun, among: Among) -> Counter[str]:
    """Only those whose tier the version would decide: a draft with roll-outs speaks for these, and
    who tries another one out stays with that.

    Moves of the batch as rows, and counts by type, region and tiers: keys such as
    "reseller|EMEA.DACH|3|4", and what the benefits would cost more."""
    assert run.programme is not None  # a simulation has one
    one = read_with_its_trial(run.programme)
    now = timezone.now()
    deeper = [
        other
        for other in in_force(now)
        if other.id != one.id and precedence(other)[:3] < precedence(one)[:3]
    ]
    query = judged(one, deeper, among, timezone.localdate(now))
    rows = rows_of(Sql(SIMULATE.format(judged=query.text), query.values))
    seen = [row for row in rows if visible(row[2], run.regions)]
    listed = run.result.get("listed", 0)
    moved = [row for row in seen if row[3] != row[4]]
    moves = moved[: max(MOST_MOVES - listed, 0)]
    TierMove.objects.bulk_create(
        (
            TierMove(run=run, partner_id=key, before_id=before, after_id=after)
            for key, _type, _path, before, after in moves
        ),
        batch_size=2000,
    )
    found = Counter(f"{kind}|{path}|{before}|{after}" for _key, kind, path, before, after in seen)
    found.update({"seen": len(seen), "listed": len(moves)})
    found.update(costs_of([Moved(*row) for row in moved], now))
    return found


def visible(path: str, regions: Sequence[str]) -> bool:
    return not regions or any(f"{path}.".startswith(f"{region}.") for region in regions)
