from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.importing.contract import RowOutcome
from core.models.queue import QueuedRow, QueueState


class ImportPhase(models.TextChoices):
    """How far an import is. A run waits for a worker in CHECKING, TAKING and UNDOING."""

    MAPPING = "mapping", _("Columns to be named")
    CHECKING = "checking", _("Being tried")
    CHECKED = "checked", _("Tried")
    TAKING = "taking", _("Being taken")
    TAKEN = "taken", _("Taken")
    UNDOING = "undoing", _("Being taken back")
    UNDONE = "undone", _("Taken back")


class ImportRun(QueuedRow):
    """A spreadsheet on its way into the portal. `mapping` is the field of each column, "" for
    none; `done` how many rows the present phase has worked, so that a worker that dies loses
    one batch; `counts` how many rows became what."""

    importer = models.CharField(_("what"), max_length=40)
    file_name = models.CharField(_("file"), max_length=200)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    phase = models.CharField(
        _("phase"), max_length=10, choices=ImportPhase.choices, default=ImportPhase.MAPPING
    )
    total = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("worked"), default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(phase__in=ImportPhase.values), name="import_phase_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=QueueState.values), name="import_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="import_due",
                condition=Q(state=QueueState.WAITING, attempts=0),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="import_again",
                condition=Q(state=QueueState.WAITING, attempts__gt=0),
            ),
            models.Index(
                fields=["leased_until"],
                name="import_leased",
                condition=Q(state=QueueState.RUNNING),
            ),
            models.Index(fields=["id"], name="import_parked", condition=Q(state=QueueState.PARKED)),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportedRow(models.Model):
    """A row of a file, and what became of it."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    outcome = models.CharField(max_length=8, choices=RowOutcome.choices, blank=True, default="")
    message = models.TextField(blank=True, default="")
    subject_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_row_once")]
        # runs.counts, and the list of what is wrong
        indexes = [models.Index(fields=["run", "outcome", "number"], name="import_row_outcome")]
