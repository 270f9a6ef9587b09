"""Recalculations of all partners, when they happen, and simulations of a draft."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Partner, Tier
from partners.models.runs import PartnersRun
from partners.models.tiering import TierProgramme


class RunKind(models.TextChoices):
    RECALCULATION = "recalculate", _("Recalculation")
    SIMULATION = "simulate", _("Simulation")


class TierRun(PartnersRun):
    """A recalculation of all partners, or a simulation of a draft (partners/runs/recalculation.py).
    One recalculation waits or runs at a time."""

    kind = models.CharField(_("kind"), max_length=12, choices=RunKind.choices)
    programme = models.ForeignKey(
        TierProgramme, on_delete=models.CASCADE, null=True, related_name="runs"
    )

    class Meta(PartnersRun.Meta):
        verbose_name = _("tier recalculation")
        verbose_name_plural = _("tier recalculations")
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
