"""How soon the vendor decides: what it has promised, and how long each decision took."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dealreg.models.deals import Deal
from dealreg.models.decisions import Decision
from dealreg.rules.clocks import Who


class ServiceLevel(models.Model):
    """What the vendor promises to the partners of a region and all below it (none: everywhere),
    in business days of the partner's calendar."""

    region = models.OneToOneField(
        "partners.Region",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
        help_text=_("Empty: everywhere."),
    )
    decision_days = models.PositiveSmallIntegerField(_("decision within"), default=2)
    evidence_days = models.PositiveSmallIntegerField(_("evidence within"), default=2)
    appeal_days = models.PositiveSmallIntegerField(_("appeal within"), default=5)

    class Meta:
        verbose_name = _("service level")
        verbose_name_plural = _("service levels")
        constraints = [
            models.UniqueConstraint(
                fields=["region"], nulls_distinct=False, name="service_level_once_in_region"
            ),
            models.CheckConstraint(
                condition=Q(decision_days__range=(1, 60))
                & Q(evidence_days__range=(1, 60))
                & Q(appeal_days__range=(1, 60)),
                name="service_level_days_in_bounds",
            ),
        ]

    def __str__(self) -> str:
        return str(self.region or _("Everywhere"))


class EscalationStep(models.Model):
    """Who is told when a case is still undecided after so many business days."""

    level = models.ForeignKey(
        ServiceLevel,
        on_delete=models.CASCADE,
        related_name="steps",
        verbose_name=_("service level"),
    )
    after_days = models.PositiveSmallIntegerField(_("after business days"))
    who = models.CharField(_("who is told"), max_length=8, choices=Who.choices)

    class Meta:
        verbose_name = _("step of escalation")
        verbose_name_plural = _("steps of escalation")
        ordering = ["after_days", "id"]
        constraints = [
            models.UniqueConstraint(fields=["level", "after_days", "who"], name="step_once"),
            models.CheckConstraint(condition=Q(who__in=Who.values), name="step_who_known"),
            models.CheckConstraint(
                condition=Q(after_days__range=(1, 60)), name="step_days_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.after_days}: {self.get_who_display()}"


class ReviewClock(models.Model):
    """One wait of a registration for a person, from the decision that sent it to review until
    the next one.

    `minutes` is the working time that passed, by the calendar of the partner's region on the day
    of the answer; it stays empty when the partner withdrew instead of waiting.
    """

    decision = models.OneToOneField(
        Decision, on_delete=models.CASCADE, primary_key=True, related_name="clock"
    )
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="clocks")
    region = models.ForeignKey("partners.Region", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    in_time = models.BooleanField(null=True, blank=True)

    class Meta:
        verbose_name = _("time to a decision")
        verbose_name_plural = _("times to a decision")
        constraints = [
            models.UniqueConstraint(
                fields=["deal"],
                condition=Q(stopped_at__isnull=True),
                name="review_clock_one_runs",
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True, in_time__isnull=True)
                | Q(minutes__isnull=False, in_time__isnull=False, stopped_at__isnull=False),
                name="review_clock_measured_is_stopped",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")),
                name="review_clock_runs_ahead",
            ),
        ]
        indexes = [
            models.Index(
                fields=["stopped_at"],
                name="review_clock_measured",
                condition=Q(minutes__isnull=False),
            )
        ]
