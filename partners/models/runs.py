"""What all runs over all partners share (partners/runs)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import QueuedRow


class PartnersRun(QueuedRow):
    """A run over all partners in the order of their keys. `last_id` is the partner up to whom it
    has got; each batch moves it in the transaction of its findings, so a worker that dies loses
    nothing and doubles nothing. `regions` are those that whoever asked may see; empty for all."""

    cause = models.CharField(_("asked by"), max_length=200)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    regions = models.JSONField(default=list, blank=True)
    total = models.PositiveIntegerField(_("partners"), default=0)
    done = models.PositiveIntegerField(_("looked at"), default=0)
    last_id = models.BigIntegerField(default=0)
    result = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True
        ordering = ["-id"]
