"""Features tried out with some partners first."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Partner, Region
from partners.rules.rollouts import ONE_AT_A_TIME


def one_at_a_time(prefix: str) -> ExclusionConstraint:
    """No two roll-outs of one kind for one partner overlap. One-point ranges of the ids are the
    equality that core GiST understands."""
    name = prefix.removeprefix("partners.").removesuffix(":")
    return ExclusionConstraint(
        name=f"rollout_one_{name}",
        expressions=[
            (Func(F("partner"), F("partner"), Value("[]"), function="int8range"), "&&"),
            (Func(F("first_day"), F("last_day"), Value("[]"), function="daterange"), "&&"),
        ],
        condition=Q(feature__startswith=prefix, partner__isnull=False),
        violation_error_message=_("The partner tries another one out at that time."),
    )


class RollOut(models.Model):
    """A feature switched on for a region and all below it, or for one partner, for a time.
    While a feature has any of these, nobody else has it.

    A partner tries one programme, one catalogue and so on at a time: of its own roll-outs
    constraints see to that, of those of regions services/rollouts.py under a lock.
    """

    feature = models.CharField(_("feature"), max_length=60)
    region = models.ForeignKey(
        Region,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
    )
    partner = models.ForeignKey(
        Partner,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("partner"),
    )
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until the end of"))

    class Meta:
        verbose_name = _("roll-out")
        verbose_name_plural = _("roll-outs")
        ordering = ["feature", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=False, partner__isnull=True)
                | Q(region__isnull=True, partner__isnull=False),
                name="rollout_to_a_region_or_a_partner",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="rollout_ends_after_it_begins"
            ),
            *(one_at_a_time(prefix) for prefix in ONE_AT_A_TIME),
        ]
        indexes = [models.Index(fields=["feature"], name="rollouts_of_feature")]

    def __str__(self) -> str:
        return f"{self.feature}: {self.region or self.partner}"
