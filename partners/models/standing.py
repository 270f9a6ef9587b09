"""Where partners stand: what they were assessed at, their tiers, exceptions and proposals."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Partner, Tier
from partners.models.tiering import TierProgramme
from partners.rules.tiers import Action


class TierAssessment(models.Model):
    """What a programme made of a partner at one moment, and what followed. Never changed; a new
    one is written when anything differs from the last.

    `measured` is measure → value as text (null: unknown), over the days of the period.
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="assessments")
    programme = models.ForeignKey(TierProgramme, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(_("why looked at"), max_length=200)
    first_day = models.DateField()
    last_day = models.DateField()
    measured = models.JSONField(default=dict)
    points = models.IntegerField(null=True)
    reached = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(_("what happened"), max_length=16, choices=Action.choices)
    at = models.DateTimeField(_("assessed"), default=timezone.now)

    class Meta:
        verbose_name = _("tier assessment")
        verbose_name_plural = _("tier assessments")
        ordering = ["-id"]
        indexes = [models.Index(fields=["partner", "-id"], name="assessment_of_partner")]


class TierStanding(models.Model):
    """Where a partner stands in its programme now: the newest assessment in short, and what is
    under way. One row a partner; its lock orders those who assess it."""

    partner = models.OneToOneField(
        Partner, on_delete=models.CASCADE, primary_key=True, related_name="standing"
    )
    programme = models.ForeignKey(TierProgramme, on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(TierAssessment, on_delete=models.PROTECT, related_name="+")
    measured = models.JSONField(default=dict)
    points = models.IntegerField(null=True)
    reached = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    grace_since = models.DateTimeField(_("in grace since"), null=True)
    grace_until = models.DateTimeField(_("grace ends"), null=True)
    warned_at = models.DateTimeField(_("warned again"), null=True)
    declined = models.ForeignKey(
        Tier, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("declined")
    )

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [
            models.CheckConstraint(
                condition=Q(grace_since__isnull=True, grace_until__isnull=True)
                | Q(grace_since__isnull=False, grace_until__isnull=False),
                name="standing_grace_has_both_ends",
            )
        ]


class TierStay(models.Model):
    """A partner's time in one tier: since when, why, and until when."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="stays")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    note = models.CharField(_("why"), max_length=1000, blank=True, default="")
    by = models.CharField(_("by"), max_length=200, blank=True, default="")
    assessment = models.ForeignKey(
        TierAssessment, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("time in a tier")
        verbose_name_plural = _("tier history")
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(until__isnull=True), name="stay_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="stay_ends_after_it_began",
            ),
        ]
        indexes = [models.Index(fields=["partner", "-since", "-id"], name="stays_of_partner")]


class TierException(models.Model):
    """Somebody at the vendor gives a partner a tier until a day, whatever it has reached, or
    (no tier) keeps it in the one it has. One at a time."""

    partner = models.ForeignKey(
        Partner,
        on_delete=models.CASCADE,
        related_name="tier_exceptions",
        verbose_name=_("partner"),
    )
    tier = models.ForeignKey(
        Tier,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tier"),
        help_text=_("Empty: the partner stays in its tier, whatever it reaches."),
    )
    reason = models.CharField(_("reason"), max_length=500)
    last_day = models.DateField(_("until the end of"))
    since = models.DateTimeField(_("since"), default=timezone.now)
    by = models.CharField(_("by"), max_length=200)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("tier exception")
        verbose_name_plural = _("tier exceptions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(ended_at__isnull=True), name="exception_one_open"
            )
        ]

    def __str__(self) -> str:
        tier = self.tier or _("held")
        return f"{self.partner}: {tier}"


class ProposalStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    OVERTAKEN = "overtaken", _("Overtaken")


class TierProposal(models.Model):
    """A move that the programme wants a person to approve."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="tier_proposals", verbose_name=_("partner")
    )
    before = models.ForeignKey(
        Tier, on_delete=models.PROTECT, related_name="+", verbose_name=_("from")
    )
    after = models.ForeignKey(
        Tier, on_delete=models.PROTECT, related_name="+", verbose_name=_("to")
    )
    assessment = models.ForeignKey(TierAssessment, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ProposalStatus.choices,
        default=ProposalStatus.WAITING,
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True, default="")
    note = models.CharField(_("note"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("proposed tier")
        verbose_name_plural = _("proposed tiers")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(status="waiting"), name="proposal_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(status="waiting") | Q(decided_at__isnull=False),
                name="proposal_decided_is_dated",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at", "id"], name="proposal_queue", condition=Q(status="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.before} → {self.after}"
