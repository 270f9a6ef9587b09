"""The tier programme: its versions, and what each tier asks for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Tier
from partners.models.versions import PolicyVersion, sound_versions
from partners.rules.periods import PeriodKind
from partners.rules.tiers import Approval


class TierProgramme(PolicyVersion):
    """One version of what each tier asks for. Its tiers and their requirements stay as they are
    with it."""

    period = models.CharField(
        _("counted over"), max_length=8, choices=PeriodKind.choices, default=PeriodKind.ROLLING
    )
    months = models.PositiveSmallIntegerField(_("rolling months"), default=12)
    grace_days = models.PositiveSmallIntegerField(_("days of grace"), default=90)
    warn_days = models.PositiveSmallIntegerField(_("warned again before the end, days"), default=14)
    approval = models.CharField(
        _("a person approves"), max_length=4, choices=Approval.choices, default=Approval.NONE
    )

    class Meta(PolicyVersion.Meta):
        verbose_name = _("tier programme")
        verbose_name_plural = _("tier programmes")
        constraints = [
            *sound_versions("programme"),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=60), name="programme_months_bounded"
            ),
        ]


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
