"""Joint business plans: what a partner and the vendor agree to reach in a period, and how."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from partners.models.merging import merged_into
from partners.models.organisations import Partner, in_regions
from partners.models.todos import Todo
from partners.rules.periods import Period
from partners.rules.plans import OPEN_PLAN, SIGNED, PlanStatus, Side


class OfPartnersQuerySet(models.QuerySet[Any]):
    """What a partner and the vendor have together. What a merge left with the partner that went
    is read at the one that was kept."""

    def visible_to(self, actor: Actor) -> "OfPartnersQuerySet":
        """Staff see those of their regions, people at a partner see their own."""
        if actor.is_system:
            return self
        if actor.is_staff:
            return self.filter(in_regions(actor.region_paths, "partner__region__path"))
        if actor.partner_id is not None:
            return self.filter(
                Q(partner_id=actor.partner_id) | Q(partner__in=merged_into(actor.partner_id))
            )
        return self.none()


class JointPlan(models.Model):
    """A plan for a partner and a period. What both sides signed stays; a change is a new
    revision, and the older one stays readable."""

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="plans", verbose_name=_("partner")
    )
    first = models.DateField(_("from"))
    last = models.DateField(_("until"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("what we want together"), max_length=4000, blank=True, default="")
    status = models.CharField(
        _("status"), max_length=12, choices=PlanStatus.choices, default=PlanStatus.DRAFT
    )
    proposed_by = models.CharField(max_length=8, choices=Side.choices, blank=True, default="")
    partner_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed for the partner by"),
    )
    partner_signed_at = models.DateTimeField(_("signed for the partner"), null=True, blank=True)
    vendor_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed for the vendor by"),
    )
    vendor_signed_at = models.DateTimeField(_("signed for the vendor"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("begun by"),
    )
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closing_note = models.TextField(_("what we learned"), max_length=4000, blank=True, default="")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[OfPartnersQuerySet] = OfPartnersQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("joint plan")
        verbose_name_plural = _("joint plans")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=PlanStatus.values), name="plan_status_known"
            ),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="plan_period_in_order"),
            models.UniqueConstraint(
                fields=["partner", "first", "last", "revision"], name="plan_revision_once"
            ),
            models.UniqueConstraint(
                fields=["partner", "first", "last"],
                condition=Q(status__in=OPEN_PLAN),
                name="plan_one_open",
            ),
            models.UniqueConstraint(
                fields=["partner", "first", "last"],
                condition=Q(status=PlanStatus.AGREED),
                name="plan_one_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=SIGNED)
                | Q(partner_signed_at__isnull=False, vendor_signed_at__isnull=False),
                name="plan_signed_by_both",
            ),
            models.CheckConstraint(
                condition=~Q(status=PlanStatus.DRAFT)
                | Q(partner_signed_at__isnull=True, vendor_signed_at__isnull=True),
                name="plan_draft_unsigned",
            ),
            models.CheckConstraint(
                condition=Q(status=PlanStatus.CLOSED, closed_at__isnull=False)
                | (~Q(status=PlanStatus.CLOSED) & Q(closed_at__isnull=True)),
                name="plan_closing_is_dated",
            ),
        ]
        indexes = [models.Index(fields=["partner", "-first", "-id"], name="plan_of_partner")]

    def __str__(self) -> str:
        return self.title

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)


class PlanGoal(models.Model):
    """A measure and what it is to reach in the plan's period. `result` is what it had reached
    when the plan was closed."""

    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="goals")
    position = models.PositiveSmallIntegerField()
    measure = models.CharField(_("measure"), max_length=60)
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=3)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    result = models.DecimalField(
        _("result"), max_digits=18, decimal_places=3, null=True, blank=True
    )

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "measure"], name="goal_once"),
            models.CheckConstraint(condition=Q(target__gt=0), name="goal_target_positive"),
        ]

    def __str__(self) -> str:
        return self.measure


class PlanActivity(models.Model):
    """What somebody does for the plan until a day. Once the plan is agreed it is a task too,
    which says whether it is done."""

    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="activities")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("activity"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("due on"))
    todo = models.ForeignKey(
        Todo, on_delete=models.PROTECT, null=True, blank=True, related_name="activities"
    )

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class PlanComment(models.Model):
    """What somebody of either side says about a plan."""

    plan = models.ForeignKey(JointPlan, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_label = models.CharField(max_length=200)
    side = models.CharField(max_length=8, choices=Side.choices)
    text = models.TextField(_("text"), max_length=4000)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:60]
