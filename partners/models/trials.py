"""Policies that are tried out: they hold for those whom their roll-outs include, while these last,
and go before what the regions say."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models.distribution import DistributionTermsFields
from partners.models.policies import RegionPolicyFields


class TriedRegionPolicy(RegionPolicyFields):
    """What is empty is as the regions say."""

    title = models.CharField(_("title"), max_length=120)

    class Meta:
        verbose_name = _("region policy to try out")
        verbose_name_plural = _("region policies to try out")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approval_limit__isnull=True)
                | Q(approval_limit__gte=0, any_amount=False),
                name="tried_limit_or_any_amount",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^([A-Z]{3})?$"), name="tried_currency_spelling"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TriedDistributionPolicy(DistributionTermsFields):
    """It is whole: nothing of it is inherited."""

    title = models.CharField(_("title"), max_length=120)

    class Meta:
        verbose_name = _("distribution policy to try out")
        verbose_name_plural = _("distribution policies to try out")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_days__gte=1, answer_days__lte=90)
                & Q(endorse_days__gte=1, endorse_days__lte=30),
                name="tried_distribution_days",
            ),
        ]

    def __str__(self) -> str:
        return self.title
