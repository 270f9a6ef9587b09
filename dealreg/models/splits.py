"""How a deal is shared among partners: proposals, who is named in them, and their terms."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from dealreg.models.deals import Deal
from dealreg.rules.splits import OPEN, DefaultShare, SplitBasis, SplitRole, SplitStatus
from partners.queries import in_regions


class SplitQuerySet(models.QuerySet["Split"]):
    def visible_to(self, actor: Actor) -> "SplitQuerySet":
        """Partners see the splits that name them; staff those of deals in their regions.

        This says nothing about the deal itself: whoever is named in a split of somebody else's
        deal reads the split's page and no other.
        """
        if actor.is_system:
            return self
        if actor.is_staff:
            return self.filter(in_regions(actor.region_paths, "deal__partner__region__path"))
        if actor.partner_id is not None:
            named = SplitParty.objects.filter(split=OuterRef("pk"), partner_id=actor.partner_id)
            return self.filter(Exists(named))
        return self.none()


class Split(models.Model):
    """One attempt of partners to agree on how a deal is shared, and what came of it.

    `number` is the version of the terms on the table, or in force. `version` counts every
    change, so that nobody answers what they have not seen. What holds when `deadline` passes
    without agreement is written down at the beginning (`default_share`, `weights`), and so is
    whether the partners see each other's names.
    """

    deal = models.ForeignKey(
        Deal, on_delete=models.PROTECT, related_name="splits", verbose_name=_("deal")
    )
    status = models.CharField(
        _("status"), max_length=12, choices=SplitStatus.choices, default=SplitStatus.PROPOSED
    )
    basis = models.CharField(
        _("basis"), max_length=8, choices=SplitBasis.choices, default=SplitBasis.AGREED
    )
    number = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(_("version"), default=1)
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    default_share = models.CharField(
        max_length=12, choices=DefaultShare.choices, default=DefaultShare.REGISTRANT
    )
    weights = models.JSONField(default=dict, blank=True)
    names_shown = models.BooleanField(default=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    opened_by_partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, related_name="+"
    )
    opened_at = models.DateTimeField(_("proposed"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.CharField(max_length=200, blank=True, default="")
    reason = models.TextField(blank=True, default="")

    objects: ClassVar[SplitQuerySet] = SplitQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("split")
        verbose_name_plural = _("splits")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=SplitStatus.values), name="split_status_known"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=SplitBasis.values), name="split_basis_known"
            ),
            models.CheckConstraint(
                condition=Q(default_share__in=DefaultShare.values), name="split_default_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(OPEN))
                | Q(deadline__isnull=False, settled_at__isnull=True),
                name="split_open_has_deadline",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(OPEN)) | Q(settled_at__isnull=False),
                name="split_settled_is_dated",
            ),
            # Whoever wins a race: one proposal at a time, and one agreement.
            models.UniqueConstraint(
                fields=["deal"], condition=Q(status__in=sorted(OPEN)), name="split_one_open"
            ),
            models.UniqueConstraint(
                fields=["deal"],
                condition=Q(status=SplitStatus.IN_FORCE),
                name="split_one_in_force",
            ),
        ]
        indexes = [
            models.Index(fields=["deal", "-id"], name="split_of_deal"),
            # the lists, newest change first
            models.Index(fields=["-changed_at", "-id"], name="split_list"),
            models.Index(fields=["status", "-changed_at", "-id"], name="split_list_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.deal.reference} ({self.get_status_display()})"

    @property
    def reference(self) -> str:
        """How people call the split."""
        return f"SP-{self.pk}"


class SplitParty(models.Model):
    """One partner named in a split; who is named stays the same until it is settled.

    Without `partner` the invitation leads to nobody: `invited_as` is the domain that was typed,
    and whoever typed it is not told. `agreed_to` is the number of the terms that the partner
    agreed to last. `named`: it lets those who do so too see its name.
    """

    split = models.ForeignKey(Split, on_delete=models.CASCADE, related_name="parties")
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, related_name="+"
    )
    invited_as = models.CharField(max_length=253, blank=True, default="")
    named = models.BooleanField(default=False)
    agreed_to = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("partner in a split")
        verbose_name_plural = _("partners in splits")
        constraints = [
            models.UniqueConstraint(fields=["split", "partner"], name="split_names_partner_once"),
            models.CheckConstraint(
                condition=Q(partner__isnull=False) | ~Q(invited_as=""),
                name="split_party_is_somebody",
            ),
        ]
        indexes = [models.Index(fields=["partner", "split"], name="split_of_partner")]


class SplitTerms(models.Model):
    """A version of the terms of a split, as somebody wrote it (`by` None: the vendor or the
    default). Never changed; a deferred trigger has its parts add up to 100 per cent."""

    split = models.ForeignKey(Split, on_delete=models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey(SplitParty, on_delete=models.CASCADE, null=True, related_name="+")
    note = models.TextField(blank=True, default="")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("terms of a split")
        verbose_name_plural = _("terms of splits")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["split", "number"], name="split_terms_numbered")
        ]


class SplitPart(models.Model):
    """What one partner gets for one role, in per cent."""

    terms = models.ForeignKey(SplitTerms, on_delete=models.CASCADE, related_name="parts")
    party = models.ForeignKey(SplitParty, on_delete=models.CASCADE, related_name="parts")
    role = models.CharField(max_length=12, choices=SplitRole.choices)
    percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("part of a split")
        verbose_name_plural = _("parts of splits")
        constraints = [
            models.UniqueConstraint(fields=["terms", "party", "role"], name="split_role_once"),
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100), name="split_percent_positive"
            ),
            models.CheckConstraint(condition=Q(role__in=SplitRole.values), name="split_role_known"),
        ]


class SplitPolicy(models.Model):
    """How partners of a region (none: of all) come to a split: how long they may take, and what
    holds when they do not agree. The deepest region's row counts."""

    region = models.ForeignKey(
        "partners.Region",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
        help_text=_("Empty: wherever no other row says otherwise."),
    )
    answer_days = models.PositiveSmallIntegerField(
        _("days to agree"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    default_share = models.CharField(
        _("without agreement"),
        max_length=12,
        choices=DefaultShare.choices,
        default=DefaultShare.REGISTRANT,
    )
    weight_source = models.PositiveSmallIntegerField(_("weight of “source”"), default=20)
    weight_sell = models.PositiveSmallIntegerField(_("weight of “sell”"), default=50)
    weight_influence = models.PositiveSmallIntegerField(_("weight of “influence”"), default=10)
    weight_implement = models.PositiveSmallIntegerField(_("weight of “implement”"), default=15)
    weight_fulfil = models.PositiveSmallIntegerField(_("weight of “fulfil”"), default=5)
    names_shown = models.BooleanField(
        _("partners see each other's names"),
        default=False,
        help_text=_("Otherwise only those who both agreed to it."),
    )

    class Meta:
        verbose_name = _("split policy")
        verbose_name_plural = _("split policies")
        constraints = [
            models.UniqueConstraint(
                fields=["region"], nulls_distinct=False, name="split_policy_once_for_region"
            ),
            models.CheckConstraint(
                condition=Q(answer_days__gte=1, answer_days__lte=90), name="split_policy_days"
            ),
            models.CheckConstraint(
                condition=Q(default_share__in=DefaultShare.values),
                name="split_policy_default_known",
            ),
            models.CheckConstraint(
                condition=~Q(default_share=DefaultShare.WEIGHTS)
                | Q(weight_source__gt=0)
                | Q(weight_sell__gt=0)
                | Q(weight_influence__gt=0)
                | Q(weight_implement__gt=0)
                | Q(weight_fulfil__gt=0),
                name="split_policy_weighs",
                violation_error_message=_("Give at least one role a weight."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.region or _("All regions"))

    @property
    def weights(self) -> dict[str, int]:
        """Role → weight."""
        return {role: getattr(self, f"weight_{role}") for role in SplitRole.values}
