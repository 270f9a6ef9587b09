"""Which reseller works with which distributor, where and since when, and each region's terms."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from partners.models.organisations import Partner, Region, in_regions
from partners.rules.distribution import OPEN_LINK, DistributionTerms, LinkState, Side


class DistributionLinkQuerySet(models.QuerySet["DistributionLink"]):
    def visible_to(self, actor: Actor) -> "DistributionLinkQuerySet":
        """Partners see the relations that name them, staff those of their regions."""
        if actor.is_system:
            return self
        if actor.is_staff:
            return self.filter(
                in_regions(actor.region_paths, "reseller__region__path")
                | in_regions(actor.region_paths, "distributor__region__path")
            )
        if actor.partner_id is not None:
            return self.filter(Q(distributor=actor.partner_id) | Q(reseller=actor.partner_id))
        return self.none()


class DistributionLink(models.Model):
    """A reseller buys and sells through a distributor, in a region and between two days.

    One side proposes it by the other's web domain, `invited_as`; where that leads to nobody who
    could answer, the other side stays empty and the proposal expires like any other.
    """

    distributor = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        related_name="links_to_resellers",
        verbose_name=_("distributor"),
    )
    reseller = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        related_name="links_to_distributors",
        verbose_name=_("reseller"),
    )
    invited_as = models.CharField(_("invited as"), max_length=253, blank=True, default="")
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
        help_text=_("With all regions in it. Empty: everywhere."),
    )
    state = models.CharField(
        _("state"), max_length=12, choices=LinkState.choices, default=LinkState.PROPOSED
    )
    proposed_by = models.CharField(_("proposed by"), max_length=12, choices=Side.choices)
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    answer_until = models.DateTimeField(_("answer until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day."))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.CharField(
        _("settled by"), max_length=12, choices=Side.choices, blank=True, default=""
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")

    objects: ClassVar[DistributionLinkQuerySet] = DistributionLinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("distribution")
        verbose_name_plural = _("distribution")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=LinkState.values), name="distribution_state_known"
            ),
            models.CheckConstraint(
                condition=Q(distributor__isnull=False) | Q(reseller__isnull=False),
                name="distribution_names_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(distributor=F("reseller")), name="distribution_between_two"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LinkState.ACTIVE, LinkState.ENDED])
                | Q(distributor__isnull=False, reseller__isnull=False, starts_on__isnull=False),
                name="distribution_active_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(OPEN_LINK), settled_at__isnull=True)
                | (~Q(state__in=sorted(OPEN_LINK)) & Q(settled_at__isnull=False)),
                name="distribution_settled_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=LinkState.ENDED) | ~Q(reason=""),
                name="distribution_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="distribution_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["distributor", "reseller"],
                condition=Q(state__in=sorted(OPEN_LINK)),
                name="distribution_open_once",
            ),
            models.UniqueConstraint(
                fields=["distributor", "invited_as"],
                condition=Q(state=LinkState.PROPOSED, proposed_by=Side.DISTRIBUTOR),
                name="distribution_reseller_asked_once",
            ),
            models.UniqueConstraint(
                fields=["reseller", "invited_as"],
                condition=Q(state=LinkState.PROPOSED, proposed_by=Side.RESELLER),
                name="distribution_distributor_asked_once",
            ),
        ]
        indexes = [
            # who distributes to a reseller, and to whom a distributor does
            models.Index(fields=["reseller", "state"], name="distribution_of_reseller"),
            models.Index(fields=["distributor", "state"], name="distribution_of_distributor"),
        ]

    def __str__(self) -> str:
        return f"{self.distributor or self.invited_as} → {self.reseller or self.invited_as}"


class DistributionTermsFields(models.Model):
    """What can be laid down about distributors and their resellers."""

    partners_propose = models.BooleanField(
        _("partners propose it to each other"),
        default=True,
        help_text=_("Otherwise only the vendor says who works with whom."),
    )
    several = models.BooleanField(_("a reseller may have several distributors"), default=True)
    answer_days = models.PositiveSmallIntegerField(
        _("days to answer a proposal"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    customers_shown = models.BooleanField(
        _("distributors see the customers of deals that run through them"), default=True
    )
    amounts_shown = models.BooleanField(
        _("distributors see the amounts of deals that run through them"), default=False
    )
    may_keep = models.BooleanField(
        _("a reseller may keep a deal from its distributor"), default=False
    )
    endorses_first = models.BooleanField(
        _("the distributor endorses a registration first"),
        default=False,
        help_text=_("Only then the rules of engagement decide."),
    )
    endorse_days = models.PositiveSmallIntegerField(
        _("business days to endorse"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("After that the vendor goes on without the distributor."),
    )

    class Meta:
        abstract = True

    @property
    def terms(self) -> DistributionTerms:
        return DistributionTerms(
            partners_propose=self.partners_propose,
            several=self.several,
            answer_days=self.answer_days,
            customers_shown=self.customers_shown,
            amounts_shown=self.amounts_shown,
            may_keep=self.may_keep,
            endorses_first=self.endorses_first,
            endorse_days=self.endorse_days,
        )


class DistributionPolicy(DistributionTermsFields):
    """What a region (none: all) lays down about distributors and its resellers. The deepest
    region's row counts."""

    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
        help_text=_("Empty: wherever no other row says otherwise."),
    )

    class Meta:
        verbose_name = _("distribution policy")
        verbose_name_plural = _("distribution policies")
        constraints = [
            models.UniqueConstraint(
                fields=["region"], nulls_distinct=False, name="distribution_policy_once_for_region"
            ),
            models.CheckConstraint(
                condition=Q(answer_days__gte=1, answer_days__lte=90)
                & Q(endorse_days__gte=1, endorse_days__lte=30),
                name="distribution_policy_days",
            ),
        ]

    def __str__(self) -> str:
        return str(self.region or _("All regions"))
