from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import QueuedRow
from dealreg.models.deals import Deal
from dealreg.models.rulebooks import RuleBook
from dealreg.rules.states import Outcome


class ReplayRun(QueuedRow):
    """Past decisions judged anew by one version of the rules (dealreg/replay.py).

    `last_at` and `last_id` are where it stands in the decisions of the period, `counted` and
    `result` what it has found so far: each batch moves them in one transaction, so a worker
    that dies loses nothing and doubles nothing. `regions` are those that the person who asked
    may see; empty for all.
    """

    book = models.ForeignKey(RuleBook, on_delete=models.CASCADE, related_name="replays")
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    regions = models.JSONField(default=list, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    total = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)
    last_id = models.BigIntegerField(default=0)
    result = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("replay")
        verbose_name_plural = _("replays")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["book", "-id"], name="replay_of_book"),
            models.Index(
                fields=["due_at", "id"],
                name="replay_due",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.book.version}: {self.since} – {self.until}"


class ReplayChange(models.Model):
    """A past decision that the replayed rules would have made otherwise."""

    run = models.ForeignKey(ReplayRun, on_delete=models.CASCADE, related_name="changes")
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="+")
    decided_at = models.DateTimeField(_("decided"))
    before = models.CharField(_("before"), max_length=10, choices=Outcome.choices)
    after = models.CharField(_("after"), max_length=10, choices=Outcome.choices)
    rule_before = models.CharField(_("rule before"), max_length=60)
    rule_after = models.CharField(_("rule after"), max_length=60)

    class Meta:
        verbose_name = _("replayed decision")
        verbose_name_plural = _("replayed decisions")
        ordering = ["id"]
        indexes = [models.Index(fields=["run", "id"], name="replay_changes_of_run")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
