"""Values of measures that the portal cannot count."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Partner


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
