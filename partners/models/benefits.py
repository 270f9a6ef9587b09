"""The catalogue of benefits: which tier brings what, version by version."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Region, Tier
from partners.models.tiering import ProgrammeStatus
from partners.rules import PartnerType
from partners.rules.benefits import Starts


class BenefitCatalogue(models.Model):
    """One version of what each tier brings, for partners of a type (empty: every type) in a
    region and what lies in it (none: everywhere). The most specific published one counts.

    Never edited after publishing: database triggers refuse it. Of a past moment those count
    that were in force then: `retired_at` is when a version ceased to be.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ProgrammeStatus.choices,
        default=ProgrammeStatus.DRAFT,
    )
    partner_type = models.CharField(
        _("partner type"), max_length=16, choices=PartnerType.choices, blank=True, default=""
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
    )
    starts = models.CharField(
        _("benefits follow a new tier"),
        max_length=8,
        choices=Starts.choices,
        default=Starts.AT_ONCE,
    )
    effective_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # Published only for whom its roll-outs include while they last (partners/rollouts.py).
    tried = models.BooleanField(_("tried out"), default=False, editable=False)

    class Meta:
        verbose_name = _("benefit catalogue")
        verbose_name_plural = _("benefit catalogues")
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ProgrammeStatus.values), name="catalogue_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=ProgrammeStatus.DRAFT) | Q(effective_from__isnull=False),
                name="catalogue_published_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(status=ProgrammeStatus.RETIRED, retired_at__isnull=False)
                | (~Q(status=ProgrammeStatus.RETIRED) & Q(retired_at__isnull=True)),
                name="catalogue_retired_is_dated",
            ),
            models.UniqueConstraint(
                fields=["region", "partner_type", "effective_from"],
                condition=~Q(status=ProgrammeStatus.DRAFT) & Q(tried=False),
                nulls_distinct=False,
                name="catalogue_one_in_force_per_scope",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version} {self.title}"


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
