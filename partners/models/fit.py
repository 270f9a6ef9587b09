"""The ideal partner profile, version by version, and how well each partner fits it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Partner
from partners.models.runs import PartnersRun
from partners.models.versions import DatedVersion, dated_ends, sound_versions
from partners.rules.fit import Unknown


class IdealProfile(DatedVersion):
    """One version of what the ideal partner is like."""

    months = models.PositiveSmallIntegerField(
        _("months that measures count over"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    fair_from = models.PositiveSmallIntegerField(_("fits in part from"), default=40)
    good_from = models.PositiveSmallIntegerField(_("fits well from"), default=70)
    shown = models.BooleanField(_("partners see their score and its reasons"), default=False)

    class Meta(DatedVersion.Meta):
        verbose_name = _("ideal partner profile")
        verbose_name_plural = _("ideal partner profiles")
        constraints = [*sound_versions("ideal"), dated_ends("ideal")]


class IdealCriterion(models.Model):
    """One thing that a version looks at (rules/fit.py). The band at a place of `bounds` brings
    the percentage at the same place of `shares`. `key` stays the same in copies."""

    profile = models.ForeignKey(IdealProfile, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=16)
    source = models.CharField(max_length=80)
    label = models.CharField(max_length=160)
    weight = models.PositiveSmallIntegerField()
    unknown = models.CharField(max_length=10, choices=Unknown.choices, default=Unknown.LEFT_OUT)
    bounds = ArrayField(models.DecimalField(max_digits=18, decimal_places=3), default=list)
    shares = ArrayField(models.PositiveSmallIntegerField(), default=list)
    members = ArrayField(models.CharField(max_length=20), default=list)
    needed = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "key"], name="criterion_once_a_profile"),
            models.CheckConstraint(
                condition=Q(unknown__in=Unknown.values), name="criterion_unknown_known"
            ),
            models.CheckConstraint(
                condition=Q(bounds__len=models.F("shares__len")), name="criterion_bands_are_whole"
            ),
        ]


class FitAnswer(models.Model):
    """What a person at the vendor answered about a partner. `question` is rules/fit.question_key
    of the `wording`, so the answer holds in every version that asks the same."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="fit_answers")
    question = models.CharField(max_length=16)
    wording = models.CharField(max_length=160)
    yes = models.BooleanField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_label = models.CharField(max_length=200)
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer about a partner")
        verbose_name_plural = _("answers about partners")
        constraints = [
            models.UniqueConstraint(fields=["partner", "question"], name="answer_once_a_partner")
        ]


class PartnerFit(models.Model):
    """How well a partner fits one version: the last score by each version stays, and one at most
    is `current`. `reasons` are what each criterion saw and added (partners/queries/fit.py)."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="fits", verbose_name=_("partner")
    )
    profile = models.ForeignKey(IdealProfile, on_delete=models.PROTECT, related_name="fits")
    current = models.BooleanField(default=True)
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=1, null=True)
    reasons = models.JSONField(default=list)
    scored_at = models.DateTimeField(_("scored"), default=timezone.now)

    class Meta:
        verbose_name = _("score of a partner")
        verbose_name_plural = _("scores of partners")
        constraints = [
            models.UniqueConstraint(fields=["partner", "profile"], name="fit_once_a_version"),
            models.UniqueConstraint(
                fields=["partner"], condition=Q(current=True), name="fit_one_current"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100),
                name="fit_score_in_range",
            ),
        ]
        indexes = [
            # the list by score
            models.Index(fields=["-score", "id"], name="fit_by_score", condition=Q(current=True))
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {'–' if self.score is None else self.score}"


class FitRunKind(models.TextChoices):
    SCORING = "score", _("Scoring")
    TRIAL = "trial", _("Trial")


class FitRun(PartnersRun):
    """A scoring of all partners, or a trial of a draft on them (partners/runs/scoring.py).
    One scoring waits at a time."""

    kind = models.CharField(_("kind"), max_length=8, choices=FitRunKind.choices)
    profile = models.ForeignKey(
        IdealProfile,
        on_delete=models.CASCADE,
        null=True,
        related_name="runs",
        verbose_name=_("ideal partner profile"),
    )

    class Meta(PartnersRun.Meta):
        verbose_name = _("scoring of partners")
        verbose_name_plural = _("scorings of partners")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind="score", state="waiting"),
                name="fit_run_one_waits",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="fit_run_due",
                condition=Q(state__in=["waiting", "running"]),
            ),
            models.Index(fields=["profile", "-id"], name="fit_run_of_profile"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class FitMove(models.Model):
    """A partner that a draft which was tried would place on another level than now."""

    run = models.ForeignKey(FitRun, on_delete=models.CASCADE, related_name="moves")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    before = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    after = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    level_before = models.CharField(max_length=8)
    level_after = models.CharField(max_length=8)

    class Meta:
        indexes = [models.Index(fields=["run", "id"], name="fit_moves_of_run")]
