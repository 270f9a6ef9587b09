"""The catalogue of benefits: which tier brings what, version by version."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Tier
from partners.models.versions import DatedVersion, dated_ends, sound_versions
from partners.rules.benefits import Starts


class BenefitCatalogue(DatedVersion):
    """One version of what each tier brings."""

    starts = models.CharField(
        _("benefits follow a new tier"),
        max_length=8,
        choices=Starts.choices,
        default=Starts.AT_ONCE,
    )

    class Meta(DatedVersion.Meta):
        verbose_name = _("benefit catalogue")
        verbose_name_plural = _("benefit catalogues")
        constraints = [*sound_versions("catalogue"), dated_ends("catalogue")]


class BenefitGrant(models.Model):
    """What a tier brings of one benefit (rules/benefits.py): a number or a word."""

    catalogue = models.ForeignKey(BenefitCatalogue, on_delete=models.CASCADE, related_name="grants")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    benefit = models.CharField(max_length=40)
    number = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    word = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["catalogue", "tier", "benefit"], name="grant_once_a_tier"
            ),
            models.CheckConstraint(
                condition=(Q(number__isnull=True) & ~Q(word=""))
                | Q(number__isnull=False, number__gte=0, word=""),
                name="grant_has_one_value",
            ),
        ]
