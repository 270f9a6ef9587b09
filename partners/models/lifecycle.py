"""How a partner came to stand where it stands, and how it is let go."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Partner
from partners.rules.lifecycle import OPEN_OFFBOARDING, OffboardingState, StepState
from partners.rules.organisations import PartnerStatus


class StatusMove(models.Model):
    """A partner moved from one status to another: when, why and by whom."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="status_moves", verbose_name=_("partner")
    )
    old = models.CharField(_("from"), max_length=16, choices=PartnerStatus.choices)
    new = models.CharField(_("to"), max_length=16, choices=PartnerStatus.choices)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    moved_at = models.DateTimeField(_("when"), default=timezone.now)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(old__in=PartnerStatus.values, new__in=PartnerStatus.values),
                name="status_move_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_old_display()} → {self.get_new_display()}"


class Offboarding(models.Model):
    """A partner is let go, step by step; until the last step it can be taken back."""

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="offboardings", verbose_name=_("partner")
    )
    reason = models.CharField(_("reason"), max_length=1000)
    begins_on = models.DateField(_("begins on"))
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=OffboardingState.choices,
        default=OffboardingState.RUNNING,
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    todos_go_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"is_staff": True, "is_active": True},
        verbose_name=_("open tasks go to"),
        help_text=_("Somebody with a duty in the partner’s region. Empty: they are dropped."),
    )
    deals_go_to = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("open registrations go to"),
        help_text=_("An active partner that takes them over. Empty: they are withdrawn."),
    )

    class Meta:
        verbose_name = _("offboarding")
        verbose_name_plural = _("offboardings")
        constraints = [
            models.UniqueConstraint(
                fields=["partner"],
                condition=Q(state__in=OPEN_OFFBOARDING),
                name="offboarding_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OffboardingState.values), name="offboarding_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_OFFBOARDING, ended_at__isnull=True)
                | (~Q(state__in=OPEN_OFFBOARDING) & Q(ended_at__isnull=False)),
                name="offboarding_end_is_dated",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="offboarding_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(partner=models.F("deals_go_to")), name="offboarding_heir_is_another"
            ),
        ]

    def __str__(self) -> str:
        return str(self.partner)


class OffboardingStep(models.Model):
    """One line of the checklist. `undo` is what taking it back needs."""

    offboarding = models.ForeignKey(Offboarding, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(
        _("state"), max_length=16, choices=StepState.choices, default=StepState.WAITING
    )
    done_at = models.DateTimeField(_("when"), null=True, blank=True)
    done_by = models.CharField(_("who"), max_length=200, blank=True, default="")
    note = models.CharField(_("what was done"), max_length=300, blank=True, default="")
    undo = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["offboarding", "name"], name="offboarding_step_once"),
            models.CheckConstraint(
                condition=Q(state=StepState.WAITING, done_at__isnull=True)
                | (~Q(state=StepState.WAITING) & Q(done_at__isnull=False)),
                name="offboarding_step_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.name
