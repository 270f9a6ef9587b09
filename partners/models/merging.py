"""Partners that turned out to be one: which pairs are worth a look, and what a merge moved."""

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Partner


class PartnerKey(models.Model):
    """A number under which a partner is found by how it is written."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    key = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "partner"], name="partner_key_once")]


class PartnerPair(models.Model):
    """Two partners that may be one; `first` is the older. `fields` says how alike they are
    ([name, score]). One that somebody found to be two is never proposed again."""

    first = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="+", verbose_name=_("one")
    )
    second = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="+", verbose_name=_("the other")
    )
    score = models.PositiveSmallIntegerField(_("likeness in percent"), default=0)
    fields = models.JSONField(default=list)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    dismissed_at = models.DateTimeField(_("found to be two"), null=True, blank=True)

    class Meta:
        verbose_name = _("pair of partners that may be one")
        verbose_name_plural = _("pairs of partners that may be one")
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="partner_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="partner_pair_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class PartnerMerge(models.Model):
    """One partner taken for another: `loser` has become `survivor`. `moves` is what was handed
    over, as {"table", "field", "ids"}; undoing reverses exactly that."""

    survivor = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept")
    )
    loser = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="+", verbose_name=_("merged")
    )
    moves = models.JSONField(default=list)
    old_status = models.CharField(max_length=16)
    merged_at = models.DateTimeField(_("when"), default=timezone.now)
    merged_by = models.CharField(_("who"), max_length=200)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge of partners")
        verbose_name_plural = _("merges of partners")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(survivor=F("loser")), name="partner_merge_of_two"),
            models.UniqueConstraint(
                fields=["loser"], condition=Q(undone_at__isnull=True), name="partner_merged_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loser} → {self.survivor}"


ALL_OF_IT = """
WITH RECURSIVE gone(id) AS (
    SELECT %s::bigint
    UNION
    SELECT merge.loser_id FROM partners_partnermerge merge JOIN gone ON merge.survivor_id = gone.id
    WHERE merge.undone_at IS NULL)
SELECT id FROM gone
"""


def all_of_it(partner_id: int) -> RawSQL:
    """A partner, those merged into it and those merged into these, as ids for a condition."""
    return RawSQL(ALL_OF_IT, [partner_id])  # noqa: S611


def merged_into(partner_id: int) -> "models.QuerySet[PartnerMerge, int]":
    """The ids of the partners that were merged into one, for a condition."""
    rows = PartnerMerge.objects.filter(survivor_id=partner_id, undone_at__isnull=True)
    return rows.values_list("loser_id", flat=True)
