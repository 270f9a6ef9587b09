"""Scoring all partners, and trying a draft of the ideal partner profile on them, as rows of work.

As with tiers (partners/runs/recalculation.py): a batch's findings and the partner it got to are one
transaction, so a worker that is killed costs one batch, and progress is visible.
"""

import datetime as dt
import time
from collections import Counter
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from core import queue
from core.actor import Actor
from core.bell import ring, ring_on_commit
from core.events import record
from core.models import QueueState
from core.sql import Sql, rows_of
from partners.events.fit import ScoringAsked
from partners.measures import Among
from partners.models import FitMove, FitRun, IdealProfile, Partner, PartnerFit
from partners.models.fit import FitRunKind
from partners.queries.fit import covered, read_with_its_trial, scores_of
from partners.rules.fit import Level, level_of
from partners.runs.recalculation import END_OF_BATCH, visible
from partners.services.authority import require_operations
from partners.services.fit import score_partners

SCORE = "partners.tasks.score"
PACE = queue.Pace(lease=dt.timedelta(seconds=60), pauses=queue.seconds(5, 30, 120))
BATCH = 1_000
MOST_MOVES = 100_000


def ask_scoring(*, actor: Actor, cause: str) -> FitRun:
    """A scoring of all partners: the one that waits already, or a new one. One that works may
    have passed partners that changed since.

    Raises PermissionDenied for anyone but operations and the portal.
    """
    require_operations(actor)
    try:
        with transaction.atomic():
            return _new_run(actor, FitRunKind.SCORING, None, cause, Partner.objects.count())
    except IntegrityError:
        waiting = FitRun.objects.filter(kind=FitRunKind.SCORING, state=QueueState.WAITING).first()
        # A worker may have taken it between the two.
        return waiting or ask_scoring(actor=actor, cause=cause)


@transaction.atomic
def ask_trial(*, actor: Actor, profile_id: int) -> FitRun:
    """What a draft would make of the partners for whom it speaks. Raises PermissionDenied."""
    require_operations(actor)
    row = IdealProfile.objects.get(pk=profile_id)
    total = covered(read_with_its_trial(row)).count()
    return _new_run(actor, FitRunKind.TRIAL, row, "", total)


def _new_run(
    actor: Actor, kind: FitRunKind, row: IdealProfile | None, cause: str, total: int
) -> FitRun:
    run = FitRun.objects.create(
        kind=kind,
        profile=row,
        cause=(cause or actor.label)[:200],
        asked_by_id=actor.user_id,
        regions=sorted(actor.region_paths),
        total=total,
    )
    record(ScoringAsked(run.kind, row.version if row else 0), subject=run, actor=actor)
    ring_on_commit(SCORE)
    return run


def work_due(*, seconds: float = 60.0) -> int:
    """Works on the runs that are due for at most about so long; returns how many ended."""
    queue.park_spent(FitRun, PACE)
    deadline = time.monotonic() + seconds
    ended = 0
    while time.monotonic() < deadline:
        claimed = queue.claim_new(FitRun, 1, PACE)
        run = claimed[0] if claimed else queue.claim_again(FitRun, PACE)
        if run is None:
            break
        ended += work_on(run, deadline)
    return ended


def work_on(run: FitRun, deadline: float = float("inf")) -> bool:
    """Carries a claimed run on, batch by batch; gives it back at the deadline (a monotonic
    time). Returns whether it ended."""
    try:
        while time.monotonic() < deadline:
            if one_batch(run):
                return True
    except Exception as error:
        queue.fail(run, f"{type(error).__name__}: {error}", PACE)
        return False
    queue.give_back([run])
    ring(SCORE)
    return False


@transaction.atomic
def one_batch(run: FitRun) -> bool:
    """One batch, found and kept in one transaction; True when the run is over or lost."""
    if not queue.hold(FitRun, [run]):
        return True
    last, number = rows_of(Sql(END_OF_BATCH, {"after": run.last_id, "batch": BATCH}))[0]
    if last is not None:
        among = Among(after=run.last_id, upto=last)
        trial = run.kind == FitRunKind.TRIAL
        found = trial_batch(run, among) if trial else score_partners(among)
        run.result = dict(Counter(run.result) + found)
        run.done += found["seen"]
        run.last_id = last
        run.save(update_fields=["result", "done", "last_id"])
    if number < BATCH:
        queue.finish([run])
        return True
    FitRun.objects.filter(pk=run.pk).update(leased_until=Now() + PACE.lease)
    return False


def trial_batch(run: FitRun, among: Among) -> Counter[str]:
    """How the draft would score the partners of a batch. Counted by ten points before and after
    ("before|6", "after|unknown") and by level ("poor|good"); who would change its level is
    kept. Nothing is said to anybody."""
    assert run.profile is not None  # a trial has one
    ideal = read_with_its_trial(run.profile)
    rows = covered(ideal).filter(pk__gt=among.after, pk__lte=among.upto)
    partners = [
        one
        for one in rows.select_related("region").order_by("pk")
        if visible(one.region.path, run.regions)
    ]
    now = {
        fit.partner_id: fit
        for fit in PartnerFit.objects.filter(partner__in=partners, current=True).select_related(
            "profile"
        )
    }
    scored = scores_of(partners, ideal, timezone.localdate())
    found: Counter[str] = Counter({"seen": len(partners)})
    moves = []
    for key, (one, _facts) in scored.items():
        fit = now.get(key)
        before, after = fit.score if fit else None, one.score
        thresholds = (fit.profile.fair_from, fit.profile.good_from) if fit else (0, 0)
        was = level_of(before, *thresholds) if fit else Level.UNKNOWN
        becomes = level_of(after, ideal.fair_from, ideal.good_from)
        found[f"before|{tens(before)}"] += 1
        found[f"after|{tens(after)}"] += 1
        found[f"{was}|{becomes}"] += 1
        if was != becomes:
            move = FitMove(run=run, partner_id=key, before=before, after=after)
            move.level_before, move.level_after = was.value, becomes.value
            moves.append(move)
    room = max(MOST_MOVES - run.result.get("listed", 0), 0)
    found["listed"] += len(FitMove.objects.bulk_create(moves[:room], batch_size=2000))
    return found


def tens(score: Decimal | None) -> str:
    """Which ten points a score lies in: "0" to "9", 100 being in the last."""
    return "unknown" if score is None else str(min(int(score // 10), 9))
