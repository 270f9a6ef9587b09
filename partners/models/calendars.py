"""When people work, region by region. A region without a calendar works by that of the region
above it; holidays add up on the way down."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models.users import valid_time_zone
from partners.models.organisations import Region
from partners.rules import Weekday


class RegionCalendar(models.Model):
    """The working week of a region and all below it. Without opening hours, whole days count."""

    region = models.OneToOneField(
        Region, on_delete=models.CASCADE, related_name="calendar", verbose_name=_("region")
    )
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[valid_time_zone])
    working_days = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday.choices), verbose_name=_("working days")
    )
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendar")
        constraints = [
            models.CheckConstraint(
                condition=Q(working_days__contained_by=Weekday.values) & Q(working_days__len__gt=0),
                name="calendar_working_days_known",
            ),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False, opens__lt=F("closes")),
                name="calendar_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return str(self.region)


class Holiday(models.Model):
    """A day on which a region, and all below it, does not work; or with `worked` one on which
    it does although the region above does not."""

    region = models.ForeignKey(
        Region, on_delete=models.CASCADE, related_name="holidays", verbose_name=_("region")
    )
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=80)
    worked = models.BooleanField(
        _("worked all the same"),
        default=False,
        help_text=_("The region above has a holiday that is none here."),
    )

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["region", "day"], name="holiday_once_in_region")
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"
