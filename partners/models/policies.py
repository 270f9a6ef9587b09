"""What a region lays down for itself and all below it; what it leaves empty is inherited."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Region
from partners.rules.policies import LONGEST_KEPT, SHORTEST_KEPT


class RegionPolicyFields(models.Model):
    """What a region can lay down about its partners."""

    currency = models.CharField(
        _("currency"),
        max_length=3,
        blank=True,
        default="",
        help_text=_("Suggested for new registrations."),
    )
    language = models.CharField(
        _("language"),
        max_length=12,
        blank=True,
        default="",
        help_text=_("Of people at partners who are brought in without one."),
    )
    approval_limit = models.DecimalField(
        _("channel managers approve up to"),
        max_digits=18,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("In the base currency. What is above is approved by partner operations."),
    )
    any_amount = models.BooleanField(
        _("channel managers approve any amount"),
        default=False,
        help_text=_("Lifts a limit of the region above."),
    )

    class Meta:
        abstract = True


class RegionPolicy(RegionPolicyFields):
    """A region's own say. Its time zone is that of its calendar."""

    region = models.OneToOneField(
        Region, on_delete=models.CASCADE, related_name="policy", verbose_name=_("region")
    )
    lead_days = models.PositiveSmallIntegerField(
        _("days that leads are kept"),
        null=True,
        blank=True,
        help_text=_(
            "After the last change of a lead. Then who asked is erased; that somebody asked stays."
        ),
    )

    class Meta:
        verbose_name = _("region policy")
        verbose_name_plural = _("region policy")
        constraints = [
            models.CheckConstraint(
                condition=Q(approval_limit__isnull=True)
                | Q(approval_limit__gte=0, any_amount=False),
                name="region_limit_or_any_amount",
            ),
            models.CheckConstraint(
                condition=Q(lead_days__isnull=True)
                | Q(lead_days__gte=SHORTEST_KEPT, lead_days__lte=LONGEST_KEPT),
                name="region_lead_days_bounded",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^([A-Z]{3})?$"), name="region_currency_spelling"
            ),
        ]

    def __str__(self) -> str:
        return str(self.region)
