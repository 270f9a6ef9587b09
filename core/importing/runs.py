"""An import's way: file, columns, trial, taking, and back again for a week.

Rows are worked in batches, each committed with its results and the run's place in the file, so
that a worker that dies loses one batch and doubles nothing.
"""

import datetime as dt
import time
from collections import Counter
from collections.abc import Sequence

import structlog
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from core import queue
from core.actor import Actor
from core.bell import ring_on_commit
from core.delivery import told
from core.events import record
from core.facts import ImportBegun, ImportTaken, ImportUndone
from core.files import RefusedFile, recognised
from core.importing.contract import Importer, RowOutcome, RowResult, SheetRow, importer_named
from core.importing.sheets import Unreadable, guessed, rows_of
from core.models import ImportedRow, ImportPhase, ImportRun, QueueState
from core.permissions import acting

log = structlog.get_logger(__name__)

WORK_IMPORTS = "core.tasks.work_imports"
PACE = queue.Pace(lease=dt.timedelta(seconds=120), pauses=queue.seconds(5, 30, 120))
BATCH = 500
UNDONE_WITHIN = dt.timedelta(days=7)
SHEETS = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
QUEUED = (ImportPhase.CHECKING, ImportPhase.TAKING, ImportPhase.UNDOING)


class NotNow(ValueError):
    """The import is at another point; the message says what is possible."""


def begin(*, actor: Actor, importer: str, upload: "UploadedFile[bytes]") -> ImportRun:
    """Reads a file into rows, with a guess of its columns. Nothing is taken yet.

    Raises PermissionDenied, RefusedFile, Unreadable; nothing is kept then.
    """
    chosen = require(actor, importer)
    kind = recognised(upload)
    if kind.value not in SHEETS:
        raise RefusedFile(_("Send a spreadsheet: CSV in UTF-8, or XLSX."), code="type")
    upload.seek(0)
    rows = list(enumerate(rows_of(upload.read(), kind.value), start=1))
    filled = [(number, cells) for number, cells in rows if cells]
    if len(filled) < 2:
        raise Unreadable(_("The file has no rows below its headings."))
    headings = [cell.strip()[:200] for cell in filled[0][1]]
    with transaction.atomic():
        run = ImportRun.objects.create(
            importer=importer,
            file_name=str(upload.name or "")[:200],
            headings=headings,
            mapping=remembered(importer, headings) or guessed(headings, chosen.columns()),
            total=len(filled) - 1,
            asked_by_id=actor.user_id,
            state=QueueState.DONE,
            finished_at=Now(),
        )
        ImportedRow.objects.bulk_create(
            [ImportedRow(run=run, number=number, cells=cells) for number, cells in filled[1:]],
            batch_size=2000,
        )
        record(
            ImportBegun(what=importer, file=run.file_name, rows=run.total), subject=run, actor=actor
        )
    return run


def remembered(importer: str, headings: Sequence[str]) -> list[str] | None:
    """How the columns of such a file were named the last time."""
    before = ImportRun.objects.filter(importer=importer, headings=list(headings))
    known = before.exclude(phase=ImportPhase.MAPPING).order_by("-id").first()
    return list(known.mapping) if known else None


def require(actor: Actor, importer: str) -> Importer:
    chosen = importer_named(importer)
    if not chosen.may(actor):
        raise PermissionDenied(_("Importing needs the duty Partner operations."))
    return chosen


@transaction.atomic
def try_out(*, actor: Actor, run_id: int, mapping: Sequence[str]) -> ImportRun:
    """Names the columns and has every row tried. Raises NotNow, PermissionDenied."""
    run = held(actor, run_id, ImportPhase.MAPPING, ImportPhase.CHECKED)
    columns = importer_named(run.importer).columns()
    named = [field for field in mapping if field]
    known = {column.field for column in columns}
    if len(set(named)) != len(named) or not set(named) <= known:
        raise NotNow(_("Each field can come from one column only."))
    missing = [str(each.label) for each in columns if each.required and each.field not in named]
    if missing:
        raise NotNow(_("Name the column of: %(fields)s.") % {"fields": ", ".join(missing)})
    run.mapping = [*mapping, *[""] * len(run.headings)][: len(run.headings)]
    queue_up(run, ImportPhase.CHECKING, "mapping")
    return run


@transaction.atomic
def go_ahead(*, actor: Actor, run_id: int) -> ImportRun:
    """Has the rows taken that were found right. Raises NotNow, PermissionDenied."""
    run = held(actor, run_id, ImportPhase.CHECKED)
    queue_up(run, ImportPhase.TAKING)
    return run


@transaction.atomic
def undo(*, actor: Actor, run_id: int) -> ImportRun:
    """Has taken back what nobody has touched since, within a week. Raises NotNow."""
    run = held(actor, run_id, ImportPhase.TAKEN)
    if not may_be_undone(run):
        raise NotNow(_("An import can be taken back for a week."))
    queue_up(run, ImportPhase.UNDOING)
    return run


def may_be_undone(run: ImportRun) -> bool:
    taken = run.taken_at
    within = taken is not None and taken > timezone.now() - UNDONE_WITHIN
    return run.phase == ImportPhase.TAKEN and within


def held(actor: Actor, run_id: int, *phases: ImportPhase) -> ImportRun:
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    require(actor, run.importer)
    if run.phase not in phases:
        raise NotNow(_("The import has gone on meanwhile. Look again."))
    return run


def queue_up(run: ImportRun, phase: ImportPhase, *fields: str) -> None:
    run.phase, run.done, run.state, run.attempts = phase, 0, QueueState.WAITING, 0
    run.due_at, run.last_error, run.finished_at = timezone.now(), "", None
    run.save(
        update_fields=[
            *("phase", "done", "state", "attempts", "due_at", "last_error", "finished_at"),
            *fields,
        ]
    )
    ring_on_commit(WORK_IMPORTS)


# --- the worker -----------------------------------------------------------------------------


class ClaimLost(RuntimeError):
    """Another worker has the run meanwhile."""


def work_due(*, seconds: float = 60.0) -> int:
    """Works until nothing is due or the time is up; returns how many runs were finished."""
    stop = time.monotonic() + seconds
    finished = 0
    queue.park_spent(ImportRun, PACE)
    while time.monotonic() < stop:
        again = queue.claim_again(ImportRun, PACE)
        rows = [again] if again else queue.claim_new(ImportRun, 1, PACE)
        if not rows:
            break
        finished += work_one(rows[0], stop)
    return finished


def work_one(run: ImportRun, stop: float) -> bool:
    """Batch after batch; whether the phase is finished. What the time did not suffice for is
    put back without counting an attempt."""
    try:
        while time.monotonic() < stop:
            if work_batch(run):
                return True
        queue.give_back([run])
    except ClaimLost:
        log.info("import_not_worked", run=run.pk)
    except Exception as error:
        queue.fail(run, told(error), PACE)
        log.warning("import_failed", run=run.pk, attempt=run.attempts, exc_info=error)
    return False


def work_batch(run: ImportRun) -> bool:
    """The next rows in a transaction with their results; whether they were the last."""
    with transaction.atomic(durable=True):
        if not queue.hold(ImportRun, [run]):
            raise ClaimLost
        run.refresh_from_db(fields=["done", "phase"])
        actor = acting(run.asked_by) if run.asked_by else None
        importer = importer_named(run.importer)
        if actor is None or not importer.may(actor):
            raise PermissionDenied("Whoever asked for the import may not import any more.")
        rows = next_rows(run)
        if not rows:
            end_phase(run, actor)
            return True
        work(run, importer, actor, rows)
        ImportRun.objects.filter(pk=run.pk).update(
            done=run.done + len(rows), leased_until=Now() + PACE.lease
        )
    return False


def next_rows(run: ImportRun) -> list[ImportedRow]:
    """By their place, so that what one batch changes does not move the next."""
    ordered = run.rows.order_by("number")
    return list(ordered[run.done : run.done + BATCH])


def work(run: ImportRun, importer: Importer, actor: Actor, rows: list[ImportedRow]) -> None:
    if run.phase == ImportPhase.UNDOING:
        take_back(importer, actor, rows)
        return
    fields = ["outcome", "message", "subject_id"]
    written = [sheet_row(run, row) for row in rows]
    results = importer.take(actor, written, dry=run.phase == ImportPhase.CHECKING)
    for row, result in zip(rows, results, strict=True):
        put(row, result)
    ImportedRow.objects.bulk_update(rows, fields, batch_size=BATCH)


def put(row: ImportedRow, result: RowResult) -> None:
    row.outcome, row.message = result.outcome, result.message
    row.subject_id = result.subject_id


def sheet_row(run: ImportRun, row: ImportedRow) -> SheetRow:
    pairs = zip(run.mapping, row.cells, strict=False)
    return SheetRow(row.number, {field: cell for field, cell in pairs if field})


def take_back(importer: Importer, actor: Actor, rows: list[ImportedRow]) -> None:
    added = [row for row in rows if row.outcome == RowOutcome.ADDED and row.subject_id]
    gone = importer.take_back(actor, [row.subject_id for row in added if row.subject_id])
    for row in added:
        row.outcome = RowOutcome.UNDONE if row.subject_id in gone else RowOutcome.KEPT
    ImportedRow.objects.bulk_update(added, ["outcome"], batch_size=BATCH)


AFTER = {
    ImportPhase.CHECKING: ImportPhase.CHECKED,
    ImportPhase.TAKING: ImportPhase.TAKEN,
    ImportPhase.UNDOING: ImportPhase.UNDONE,
}


def end_phase(run: ImportRun, actor: Actor) -> None:
    last: dict[str, object] = {"phase": AFTER[ImportPhase(run.phase)]}
    if run.phase == ImportPhase.TAKING:
        last["taken_at"] = timezone.now()
        added = counts_of(run)[RowOutcome.ADDED]
        record(ImportTaken(file=run.file_name, added=added), subject=run, actor=actor)
    if run.phase == ImportPhase.UNDOING:
        gone = counts_of(run)[RowOutcome.UNDONE]
        record(ImportUndone(file=run.file_name, removed=gone), subject=run, actor=actor)
    if not queue.finish([run], "", **last):
        raise ClaimLost


def counts_of(run: ImportRun) -> Counter[str]:
    """How many rows became what."""
    found = run.rows.exclude(outcome="").values_list("outcome").annotate(Count("id")).order_by()
    return Counter(dict(found))


def run_for_reading(actor: Actor, run_id: int) -> ImportRun:
    """Raises LookupError for what is not there or not for the actor."""
    run = ImportRun.objects.select_related("asked_by").filter(pk=run_id).first()
    if run is None or not importer_named(run.importer).may(actor):
        raise LookupError(run_id)
    return run
