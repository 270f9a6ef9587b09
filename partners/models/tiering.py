"""The tier programme: its versions, and what each tier asks for."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Region, Tier
from partners.rules import PartnerType
from partners.rules.periods import PeriodKind
from partners.rules.tiers import Approval


class ProgrammeStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class TierProgramme(models.Model):
    """One version of what each tier asks for, for partners of a type (empty: every type) in a
    region and what lies in it (none: everywhere). The most specific published one decides.

    Never edited after publishing: database triggers refuse it, for its tiers and their
    requirements too. `effective_from` may lie ahead.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ProgrammeStatus.choices,
        default=ProgrammeStatus.DRAFT,
    )
    partner_type = models.CharField(
        _("partner type"), max_length=16, choices=PartnerType.choices, blank=True, default=""
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
    )
    effective_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    period = models.CharField(
        _("counted over"), max_length=8, choices=PeriodKind.choices, default=PeriodKind.ROLLING
    )
    months = models.PositiveSmallIntegerField(_("rolling months"), default=12)
    grace_days = models.PositiveSmallIntegerField(_("days of grace"), default=90)
    warn_days = models.PositiveSmallIntegerField(_("warned again before the end, days"), default=14)
    approval = models.CharField(
        _("a person approves"), max_length=4, choices=Approval.choices, default=Approval.NONE
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # Published only for whom its roll-outs include while they last (partners/rollouts.py).
    tried = models.BooleanField(_("tried out"), default=False, editable=False)

    class Meta:
        verbose_name = _("tier programme")
        verbose_name_plural = _("tier programmes")
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ProgrammeStatus.values), name="programme_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=ProgrammeStatus.DRAFT) | Q(effective_from__isnull=False),
                name="programme_published_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=60), name="programme_months_bounded"
            ),
            models.UniqueConstraint(
                fields=["region", "partner_type", "effective_from"],
                condition=~Q(status=ProgrammeStatus.DRAFT) & Q(tried=False),
                nulls_distinct=False,
                name="programme_one_in_force_per_scope",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version} {self.title}"


class TierLevel(models.Model):
    """A tier of a programme: reached with all its requirements, and so many points if any are
    asked for. The base tier asks for nothing."""

    programme = models.ForeignKey(TierProgramme, on_delete=models.CASCADE, related_name="levels")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveIntegerField(_("points"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "tier"], name="level_once_a_programme")
        ]


class TierRequirement(models.Model):
    """What a tier asks of one measure."""

    level = models.ForeignKey(TierLevel, on_delete=models.CASCADE, related_name="requirements")
    measure = models.CharField(max_length=60)
    at_least = models.DecimalField(max_digits=18, decimal_places=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "measure"], name="requirement_once_a_level")
        ]


class TierScore(models.Model):
    """So many points for each full `per` of a measure, up to `at_most` points."""

    programme = models.ForeignKey(TierProgramme, on_delete=models.CASCADE, related_name="scores")
    measure = models.CharField(max_length=60)
    per = models.DecimalField(max_digits=18, decimal_places=3)
    points = models.PositiveIntegerField()
    at_most = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "measure"], name="score_once_a_programme"),
            models.CheckConstraint(
                condition=Q(per__gt=0, points__gt=0), name="score_counts_something"
            ),
        ]
