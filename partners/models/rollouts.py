"""Features tried out with some partners first."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Partner, Region


class RollOut(models.Model):
    """A feature switched on for a region and all below it, or for one partner, for a time.
    While a feature has any of these, nobody else has it."""

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
        ]
        indexes = [models.Index(fields=["feature"], name="rollouts_of_feature")]

    def __str__(self) -> str:
        return f"{self.feature}: {self.region or self.partner}"
