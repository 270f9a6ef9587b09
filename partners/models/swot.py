"""What a partner and the vendor think they are good and bad at together: four lists that both
write, each change a version."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Partner
from partners.models.plans import OfPartnersQuerySet
from partners.rules.plans import Side
from partners.rules.swot import Quadrant


class Swot(models.Model):
    """The four lists of a partner; `version` counts their changes."""

    partner = models.OneToOneField(Partner, on_delete=models.PROTECT, related_name="swot")
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.partner} v{self.version}"


class SwotPoint(models.Model):
    """A line of a list, as it stood from the version `since` until before `until`. It is never
    rewritten: a change is another line in its place, which names it."""

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="swot_points", verbose_name=_("partner")
    )
    quadrant = models.CharField(_("list"), max_length=12, choices=Quadrant.choices)
    text = models.CharField(_("text"), max_length=500)
    side = models.CharField(_("side"), max_length=8, choices=Side.choices)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    added_by_label = models.CharField(max_length=200)
    added_at = models.DateTimeField(_("when"), default=timezone.now)
    since = models.PositiveIntegerField(_("since version"))
    until = models.PositiveIntegerField(_("until version"), null=True, blank=True)
    ended_by_label = models.CharField(max_length=200, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    objects: ClassVar[OfPartnersQuerySet] = OfPartnersQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("point")
        verbose_name_plural = _("strengths and weaknesses")
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quadrant__in=Quadrant.values), name="swot_list_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="swot_point_says_something"),
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended_at__isnull=True)
                | Q(until__gt=F("since"), ended_at__isnull=False),
                name="swot_versions_in_order",
            ),
        ]
        indexes = [models.Index(fields=["partner", "until", "since"], name="swot_of_partner")]

    def __str__(self) -> str:
        return self.text
