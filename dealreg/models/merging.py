"""Customers that turned out to be one: what a merge moved, and which pairs are worth a look."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealreg.models.accounts import Account
from dealreg.rules.facts import ConflictLevel


class AccountMerge(models.Model):
    """One customer taken for another: `loser` has become `survivor`.

    `moves` is what pointed to the loser and now points to the survivor, as
    {"table", "field", "ids"}; `changes` what the survivor took over, as {"field", "old", "new"};
    `alias_ids` the other names that the survivor got. Together they are what undoing reverses.
    """

    survivor = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept")
    )
    loser = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("merged")
    )
    moves = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    alias_ids = models.JSONField(default=list)
    merged_at = models.DateTimeField(_("when"), default=timezone.now)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("merge of customers")
        verbose_name_plural = _("merges of customers")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(survivor=F("loser")), name="merge_of_two"),
            models.UniqueConstraint(
                fields=["loser"], condition=Q(undone_at__isnull=True), name="merged_away_once"
            ),
        ]
        indexes = [models.Index(fields=["survivor", "-id"], name="merge_into")]

    def __str__(self) -> str:
        return f"{self.loser} → {self.survivor}"


class DuplicatePair(models.Model):
    """Two customers that may be one, found by the audit. `first` is the older of the two.

    `fields` says how alike they are ([name, score, agrees]). A pair that somebody has looked at
    and found to be two is `dismissed_at` and never proposed again.
    """

    first = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(
        max_length=10, choices=[(level.value, level.value) for level in ConflictLevel]
    )
    score = models.PositiveSmallIntegerField()
    fields = models.JSONField(default=list)
    found_at = models.DateTimeField(default=timezone.now)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("pair of customers that may be one")
        verbose_name_plural = _("pairs of customers that may be one")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_order"),
        ]
        indexes = [
            models.Index(
                fields=["-score", "id"],
                name="duplicate_pair_open",
                condition=Q(dismissed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class DuplicateAudit(models.Model):
    """How far the audit of duplicates has come: the last customer looked at. One row."""

    last_account_id = models.BigIntegerField(default=0)
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
