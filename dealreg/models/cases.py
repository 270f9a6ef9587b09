"""Conflict cases. What each side says and shows stands in rows of its own, which the other side
never reads."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from dealreg.models.accounts import Account, ProductLine
from dealreg.models.deals import Deal
from dealreg.rules.cases import LIVE, CaseOrigin, CaseReason, CaseStatus, SideOutcome
from dealreg.rules.clocks import Who
from partners.queries import in_regions


class CaseQuerySet(models.QuerySet["ConflictCase"]):
    def visible_to(self, actor: Actor) -> "CaseQuerySet":
        """Partners see cases in which they are a side, staff those with a side in their
        regions."""
        if actor.is_system:
            return self
        if actor.is_staff:
            if not actor.region_paths:
                return self
            near = CaseSide.objects.filter(in_regions(actor.region_paths, "partner__region__path"))
            return self.filter(pk__in=near.values("case"))
        if actor.partner_id is not None:
            own = CaseSide.objects.filter(partner_id=actor.partner_id)
            return self.filter(pk__in=own.values("case"))
        return self.none()


class ConflictCase(models.Model):
    """The question which of several registrations a customer belongs to.

    `region` is that of the side that made it necessary: its calendar and its service level
    count. `due_at` is when the present decision is due: the first one, then the one on the
    appeal. `minutes` and `appeal_minutes` are the working time that these took. `grounds` are
    read by staff only; what a side reads stands at the side.
    """

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="cases", verbose_name=_("customer")
    )
    product_line = models.ForeignKey(
        ProductLine, on_delete=models.PROTECT, related_name="+", verbose_name=_("product line")
    )
    region = models.ForeignKey(
        "partners.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("region")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=CaseStatus.choices, default=CaseStatus.OPEN
    )
    origin = models.CharField(_("opened by"), max_length=8, choices=CaseOrigin.choices)
    opened_by = models.CharField(_("opened by"), max_length=200)
    opened_by_partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.TextField(_("why"))
    conflict_level = models.CharField(_("conflict"), max_length=10, default="none")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_cases",
        verbose_name=_("owner"),
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    due_at = models.DateTimeField(_("due"))
    evidence_due_at = models.DateTimeField(_("evidence until"), null=True, blank=True)

    reason = models.CharField(
        _("reason"), max_length=20, choices=CaseReason.choices, blank=True, default=""
    )
    grounds = models.TextField(_("grounds"), blank=True, default="")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    minutes = models.PositiveIntegerField(null=True, blank=True)
    in_time = models.BooleanField(null=True, blank=True)

    appeal_until = models.DateTimeField(_("appeal until"), null=True, blank=True)
    appealed_at = models.DateTimeField(_("appealed"), null=True, blank=True)
    appealed_by = models.ForeignKey(
        "dealreg.CaseSide", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    appeal = models.TextField(_("appeal"), blank=True, default="")
    appeal_reason = models.CharField(
        _("reason on appeal"), max_length=20, choices=CaseReason.choices, blank=True, default=""
    )
    appeal_grounds = models.TextField(_("grounds on appeal"), blank=True, default="")
    appeal_decided_at = models.DateTimeField(_("appeal decided"), null=True, blank=True)
    appeal_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("appeal decided by"),
    )
    appeal_minutes = models.PositiveIntegerField(null=True, blank=True)

    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects: ClassVar[CaseQuerySet] = CaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("conflict case")
        verbose_name_plural = _("conflict cases")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=CaseStatus.values), name="case_status_known"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=CaseOrigin.values), name="case_origin_known"
            ),
            models.UniqueConstraint(
                fields=["account", "product_line"],
                condition=Q(status__in=sorted(LIVE)),
                name="case_one_lives",
            ),
            models.CheckConstraint(
                condition=~Q(
                    status__in=[CaseStatus.DECIDED, CaseStatus.APPEALED, CaseStatus.CLOSED]
                )
                | Q(decided_at__isnull=False, decided_by__isnull=False, minutes__isnull=False)
                & ~Q(reason=""),
                name="case_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=CaseStatus.APPEALED)
                | Q(appealed_at__isnull=False, appealed_by__isnull=False),
                name="case_appealed_by_a_side",
            ),
            models.CheckConstraint(
                condition=Q(appeal_decided_at__isnull=True, appeal_decided_by__isnull=True)
                | Q(
                    appealed_at__isnull=False,
                    appeal_decided_at__isnull=False,
                    appeal_decided_by__isnull=False,
                    status=CaseStatus.CLOSED,
                ),
                name="case_appeal_decided_is_closed",
            ),
            # Nobody judges an appeal against their own decision.
            models.CheckConstraint(
                condition=Q(appeal_decided_by__isnull=True) | ~Q(appeal_decided_by=F("decided_by")),
                name="case_appeal_to_somebody_else",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[CaseStatus.CLOSED, CaseStatus.WITHDRAWN])
                | Q(closed_at__isnull=False),
                name="case_over_is_dated",
            ),
        ]
        indexes = [
            # the queue: due first
            models.Index(
                fields=["due_at", "id"],
                name="case_queue",
                condition=Q(status__in=["open", "waiting", "appealed"]),
            ),
            models.Index(fields=["-id"], name="case_newest"),
            # precedents: what was decided, by reason and product line
            models.Index(
                fields=["product_line", "-decided_at"],
                name="case_decided",
                condition=Q(decided_at__isnull=False),
            ),
            GinIndex(
                SearchVector("why", "grounds", "appeal_grounds", config="simple"),
                name="case_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.account}"

    @property
    def reference(self) -> str:
        """How people call the case."""
        return f"CC-{self.pk}"


class CaseSide(models.Model):
    """One partner in a case, with its registration. `outcome` and `message` are what it was
    told last; `first_outcome` what the first decision said. `asked` is the evidence that it was
    asked for."""

    case = models.ForeignKey(ConflictCase, on_delete=models.CASCADE, related_name="sides")
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="case_sides")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField(default=timezone.now)
    asked = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    first_outcome = models.CharField(
        max_length=8, choices=SideOutcome.choices, blank=True, default=""
    )
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=SideOutcome.choices, blank=True, default=""
    )
    message = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("side of a case")
        verbose_name_plural = _("sides of cases")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "partner"], name="side_once_a_partner"),
            models.UniqueConstraint(fields=["case", "deal"], name="side_once_a_deal"),
        ]
        # the partner's list
        indexes = [models.Index(fields=["partner", "-case"], name="side_of_partner")]

    def __str__(self) -> str:
        return f"CC-{self.case_id} · {self.partner}"


class CaseStatement(models.Model):
    """What a side said. Never changed."""

    side = models.ForeignKey(CaseSide, on_delete=models.CASCADE, related_name="statements")
    text = models.TextField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_label = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["id"]


class CaseEscalation(models.Model):
    """Who was told that a case is undecided, when and why. `step` tells one from another, so
    that none happens twice; `by` is empty when it was the clock."""

    case = models.ForeignKey(ConflictCase, on_delete=models.CASCADE, related_name="escalations")
    step = models.CharField(max_length=40)
    who = models.CharField(max_length=8, choices=Who.choices)
    told = models.JSONField(default=list)
    why = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "step"], name="escalation_once_a_step")
        ]
