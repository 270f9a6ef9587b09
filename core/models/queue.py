from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class QueueState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    PARKED = "parked", _("Parked")


class QueuedRow(models.Model):
    """Work that must happen later, as a row. core/queue.py claims, finishes and parks it.

    `attempts` is also the fencing token: a worker may only finish the attempt it claimed.
    """

    state = models.CharField(
        _("state"), max_length=8, choices=QueueState.choices, default=QueueState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True, default="")

    class Meta:
        abstract = True
