"""Organisations, the people who work there, and where they stand in the programme."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor, StaffRole
from partners.rules import PartnerRole, PartnerStatus, PartnerType

STAFF_ROLES = [
    (StaffRole.CHANNEL_MANAGER.value, _("Channel manager")),
    (StaffRole.OPS.value, _("Partner operations")),
]


class Region(models.Model):
    """A part of the world in the vendor's own cut, as a tree.

    `path` is the codes from the root to here ("EMEA.DACH"), so that one prefix finds a
    whole subtree.
    """

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("region above"),
    )
    path = models.CharField(_("path"), max_length=200, editable=False)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["path"], name="region_path_unique"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z0-9-]+$"), name="region_code_spelling"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tier(models.Model):
    """A level of the programme; the highest `rank` is the best."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    rank = models.PositiveSmallIntegerField(_("rank"), unique=True)
    approval_limit = models.DecimalField(
        _("automatic approval up to"),
        max_digits=18,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("In the base currency. Empty means without limit."),
    )
    open_registrations_limit = models.PositiveIntegerField(
        _("open registrations at a time"),
        null=True,
        blank=True,
        help_text=_("A rule of engagement says what happens beyond. Empty means without limit."),
    )

    class Meta:
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        ordering = ["rank"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approval_limit__isnull=True) | Q(approval_limit__gte=0),
                name="tier_limit_not_negative",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PartnerQuerySet(models.QuerySet["Partner"]):
    def visible_to(self, actor: Actor) -> "PartnerQuerySet":
        """Staff see the partners of their regions, people at a partner see their own."""
        if actor.is_system:
            return self
        if actor.is_staff:
            return self.filter(in_regions(actor.region_paths, "region__path"))
        if actor.partner_id is not None:
            return self.filter(pk=actor.partner_id)
        return self.none()


def in_regions(paths: frozenset[str], field: str) -> Q:
    """The condition that the region path in `field` lies in one of the subtrees of `paths`.

    No paths means no bound.
    """
    bound = Q()
    for path in sorted(paths):
        bound |= Q(**{field: path}) | Q(**{f"{field}__startswith": f"{path}."})
    return bound


class Partner(models.Model):
    """A company that sells, builds on, or influences sales of the vendor's product."""

    name = models.CharField(_("name"), max_length=160)
    type = models.CharField(_("type"), max_length=16, choices=PartnerType.choices)
    status = models.CharField(
        _("status"), max_length=16, choices=PartnerStatus.choices, default=PartnerStatus.PROSPECT
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="partners", verbose_name=_("region")
    )
    tier = models.ForeignKey(
        Tier, on_delete=models.PROTECT, related_name="partners", verbose_name=_("tier")
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="managed_partners",
        verbose_name=_("channel manager"),
    )
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    objects: ClassVar[PartnerQuerySet] = PartnerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("name"), "region", name="partner_name_in_region"),
            models.CheckConstraint(
                condition=Q(status__in=PartnerStatus.values), name="partner_status_known"
            ),
            models.CheckConstraint(
                condition=Q(type__in=PartnerType.values), name="partner_type_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartnerDomain(models.Model):
    """An internet domain that belongs to one partner."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="domains", verbose_name=_("partner")
    )
    domain = models.CharField(_("domain"), max_length=253, unique=True)

    class Meta:
        verbose_name = _("partner domain")
        verbose_name_plural = _("partner domains")
        constraints = [
            models.CheckConstraint(
                condition=Q(domain__regex=r"^[a-z0-9.-]+\.[a-z0-9-]+$"),
                name="partner_domain_spelling",
            )
        ]

    def __str__(self) -> str:
        return self.domain


class Membership(models.Model):
    """A person's place at a partner. A person works at one partner at a time."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("user"),
    )
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("partner")
    )
    roles = ArrayField(
        models.CharField(max_length=12, choices=PartnerRole.choices), verbose_name=_("roles")
    )
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    # Of the roles: who changes them says which they have read.
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(left_at__isnull=True), name="membership_one_partner"
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=PartnerRole.values) & Q(roles__len__gt=0),
                name="membership_roles_known",
            ),
        ]
        indexes = [models.Index(fields=["partner", "left_at"], name="membership_of_partner")]

    def __str__(self) -> str:
        return f"{self.user} ({self.partner})"


class StaffDuty(models.Model):
    """What a person of the vendor does in the programme, and where (no region: everywhere)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="staff_duties",
        verbose_name=_("user"),
    )
    role = models.CharField(_("role"), max_length=20, choices=STAFF_ROLES)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="staff",
        verbose_name=_("region"),
    )

    class Meta:
        verbose_name = _("staff duty")
        verbose_name_plural = _("staff duties")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "region"],
                name="staff_duty_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role for role, _label in STAFF_ROLES]),
                name="staff_duty_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
