"""The tier programme, what it made of each partner, and the recalculations."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import QueuedRow
from partners.models.organisations import Partner, Region, Tier
from partners.rules import PartnerType
from partners.rules.periods import PeriodKind
from partners.rules.tiers import Action, Approval


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
                condition=~Q(status=ProgrammeStatus.DRAFT),
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


class RunKind(models.TextChoices):
    RECALCULATION = "recalculate", _("Recalculation")
    SIMULATION = "simulate", _("Simulation")


class TierRun(QueuedRow):
    """A recalculation of all partners, or a simulation of a draft (partners/recalculation.py).

    `last_id` is the partner up to whom it has got; each batch moves it in the transaction of its
    findings, so a worker that dies loses nothing and doubles nothing. One recalculation waits or
    runs at a time. `regions` are those that whoever asked may see; empty for all.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=RunKind.choices)
    programme = models.ForeignKey(
        TierProgramme, on_delete=models.CASCADE, null=True, related_name="runs"
    )
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
        verbose_name = _("tier recalculation")
        verbose_name_plural = _("tier recalculations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind="recalculate", state__in=["waiting", "running"]),
                name="tier_run_one_at_a_time",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="tier_run_due",
                condition=Q(state__in=["waiting", "running"]),
            ),
            models.Index(fields=["programme", "-id"], name="tier_run_of_programme"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class TierMove(models.Model):
    """A partner that a simulated programme would place in another tier than it is in."""

    run = models.ForeignKey(TierRun, on_delete=models.CASCADE, related_name="moves")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    before = models.ForeignKey(Tier, on_delete=models.CASCADE, related_name="+")
    after = models.ForeignKey(Tier, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("simulated move")
        verbose_name_plural = _("simulated moves")
        ordering = ["id"]
        indexes = [models.Index(fields=["run", "id"], name="tier_moves_of_run")]


class TierAssessment(models.Model):
    """What a programme made of a partner at one moment, and what followed. Never changed; a new
    one is written when anything differs from the last.

    `measured` is measure → value as text (null: unknown), over the days of the period.
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="assessments")
    programme = models.ForeignKey(TierProgramme, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(_("why looked at"), max_length=200)
    first_day = models.DateField()
    last_day = models.DateField()
    measured = models.JSONField(default=dict)
    points = models.IntegerField(null=True)
    reached = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(_("what happened"), max_length=16, choices=Action.choices)
    at = models.DateTimeField(_("assessed"), default=timezone.now)

    class Meta:
        verbose_name = _("tier assessment")
        verbose_name_plural = _("tier assessments")
        ordering = ["-id"]
        indexes = [models.Index(fields=["partner", "-id"], name="assessment_of_partner")]


class TierStanding(models.Model):
    """Where a partner stands in its programme now: the newest assessment in short, and what is
    under way. One row a partner; its lock orders those who assess it."""

    partner = models.OneToOneField(
        Partner, on_delete=models.CASCADE, primary_key=True, related_name="standing"
    )
    programme = models.ForeignKey(TierProgramme, on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(TierAssessment, on_delete=models.PROTECT, related_name="+")
    measured = models.JSONField(default=dict)
    points = models.IntegerField(null=True)
    reached = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    grace_since = models.DateTimeField(_("in grace since"), null=True)
    grace_until = models.DateTimeField(_("grace ends"), null=True)
    warned_at = models.DateTimeField(_("warned again"), null=True)
    declined = models.ForeignKey(
        Tier, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("declined")
    )

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [
            models.CheckConstraint(
                condition=Q(grace_since__isnull=True, grace_until__isnull=True)
                | Q(grace_since__isnull=False, grace_until__isnull=False),
                name="standing_grace_has_both_ends",
            )
        ]


class TierStay(models.Model):
    """A partner's time in one tier: since when, why, and until when."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="stays")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    note = models.CharField(_("why"), max_length=1000, blank=True, default="")
    by = models.CharField(_("by"), max_length=200, blank=True, default="")
    assessment = models.ForeignKey(
        TierAssessment, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("time in a tier")
        verbose_name_plural = _("tier history")
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(until__isnull=True), name="stay_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="stay_ends_after_it_began",
            ),
        ]
        indexes = [models.Index(fields=["partner", "-since", "-id"], name="stays_of_partner")]


class TierException(models.Model):
    """Somebody at the vendor gives a partner a tier until a day, whatever it has reached, or
    (no tier) keeps it in the one it has. One at a time."""

    partner = models.ForeignKey(
        Partner,
        on_delete=models.CASCADE,
        related_name="tier_exceptions",
        verbose_name=_("partner"),
    )
    tier = models.ForeignKey(
        Tier,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tier"),
        help_text=_("Empty: the partner stays in its tier, whatever it reaches."),
    )
    reason = models.CharField(_("reason"), max_length=500)
    last_day = models.DateField(_("until the end of"))
    since = models.DateTimeField(_("since"), default=timezone.now)
    by = models.CharField(_("by"), max_length=200)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("tier exception")
        verbose_name_plural = _("tier exceptions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(ended_at__isnull=True), name="exception_one_open"
            )
        ]

    def __str__(self) -> str:
        tier = self.tier or _("held")
        return f"{self.partner}: {tier}"


class ProposalStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    OVERTAKEN = "overtaken", _("Overtaken")


class TierProposal(models.Model):
    """A move that the programme wants a person to approve."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="tier_proposals", verbose_name=_("partner")
    )
    before = models.ForeignKey(
        Tier, on_delete=models.PROTECT, related_name="+", verbose_name=_("from")
    )
    after = models.ForeignKey(
        Tier, on_delete=models.PROTECT, related_name="+", verbose_name=_("to")
    )
    assessment = models.ForeignKey(TierAssessment, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ProposalStatus.choices,
        default=ProposalStatus.WAITING,
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True, default="")
    note = models.CharField(_("note"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("proposed tier")
        verbose_name_plural = _("proposed tiers")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(status="waiting"), name="proposal_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(status="waiting") | Q(decided_at__isnull=False),
                name="proposal_decided_is_dated",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at", "id"], name="proposal_queue", condition=Q(status="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.before} → {self.after}"


class TierSchedule(models.Model):
    """When all partners are recalculated: on days at a time, as the clocks of a place show."""

    class Rhythm(models.TextChoices):
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every Monday")
        MONTHLY = "monthly", _("on the first of each month")

    rhythm = models.CharField(
        _("how often"), max_length=8, choices=Rhythm.choices, default=Rhythm.DAILY
    )
    at = models.TimeField(_("at"))
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("recalculation schedule")
        verbose_name_plural = _("recalculation schedules")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_rhythm_display()} {self.at:%H:%M} {self.time_zone}"


class MeasureValue(models.Model):
    """A measure's value for a partner from a day on, entered or imported by operations."""

    partner = models.ForeignKey(
        Partner,
        on_delete=models.CASCADE,
        related_name="measure_values",
        verbose_name=_("partner"),
    )
    measure = models.CharField(_("measure"), max_length=60)
    day = models.DateField(_("day"))
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=3)
    source = models.CharField(_("source"), max_length=120)
    entered_at = models.DateTimeField(_("entered"), default=timezone.now)

    class Meta:
        verbose_name = _("entered value")
        verbose_name_plural = _("entered values")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "measure", "day"], name="measure_value_once_a_day"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="measure_value_not_negative"),
        ]
        indexes = [
            # stored measures: the newest value of each partner
            models.Index(fields=["measure", "partner", "-day"], name="measure_value_newest")
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.measure} {self.value}"
