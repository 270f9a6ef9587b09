from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealreg.models.deals import Deal
from dealreg.rules.sale import SaleField
from dealreg.rules.states import CLOSED_STAGES, OPEN_STAGES, STAGES_IN_ORDER, DealStage

CLOSED_CHOICES = [(one.value, one.label) for one in (DealStage.WON, DealStage.LOST)]


class SalesStage(models.Model):
    """What operations think of an open stage: how likely a deal in it is won, in percent, and
    after how many days without an update it counts as stale."""

    stage = models.CharField(
        _("sales stage"),
        max_length=12,
        unique=True,
        choices=[(stage.value, stage.label) for stage in STAGES_IN_ORDER],
    )
    probability = models.PositiveSmallIntegerField(
        _("probability in percent"), validators=[MaxValueValidator(100)]
    )
    stale_after_days = models.PositiveSmallIntegerField(
        _("stale after days without an update"),
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )

    class Meta:
        verbose_name = _("sales stage")
        verbose_name_plural = _("sales stages")
        ordering = ["probability"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=sorted(OPEN_STAGES)), name="salesstage_is_open"
            ),
            models.CheckConstraint(
                condition=Q(probability__lte=100), name="salesstage_probability_in_percent"
            ),
            models.CheckConstraint(
                condition=Q(stale_after_days__gte=1, stale_after_days__lte=365),
                name="salesstage_stale_within_a_year",
            ),
        ]

    def __str__(self) -> str:
        return str(DealStage(self.stage).label)


class CloseReason(models.Model):
    """Why sales are won or lost, as sellers choose it. A reason in use is retired, not removed."""

    code = models.SlugField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9-]+$", _("Use small letters, digits and hyphens."))],
    )
    label = models.CharField(_("label"), max_length=100)
    outcome = models.CharField(
        _("outcome"),
        max_length=12,
        choices=CLOSED_CHOICES,
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("reason for winning or losing")
        verbose_name_plural = _("reasons for winning or losing")
        ordering = ["-outcome", "position", "label"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=sorted(CLOSED_STAGES)), name="closereason_outcome_known"
            )
        ]

    def __str__(self) -> str:
        return self.label


class SaleChange(models.Model):
    """One field of a sale as it was changed: from, to, by whom, when and why. Never changed
    itself. Values are codes, plain numbers in the deal's currency, and ISO dates."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="sale_changes")
    field = models.CharField(_("field"), max_length=16, choices=SaleField.choices)
    old = models.CharField(_("from"), max_length=200, blank=True, default="")
    new = models.CharField(_("to"), max_length=200, blank=True, default="")
    why = models.TextField(_("why"), blank=True, default="")
    by_staff = models.BooleanField(default=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    who = models.CharField(_("who"), max_length=200)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("change of a sale")
        verbose_name_plural = _("changes of a sale")
        constraints = [
            models.CheckConstraint(
                condition=Q(field__in=SaleField.values), name="salechange_field_known"
            ),
            models.CheckConstraint(condition=~Q(old=models.F("new")), name="salechange_changes"),
        ]
        indexes = [
            # sales.history: the changes of one sale, newest first
            models.Index(fields=["deal", "-at", "-id"], name="salechange_of_deal"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"


class SaleClosing(models.Model):
    """How a sale ended, and that it was opened again if it was. One that stands for each deal
    that was closed here; imported history has none."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="closings")
    outcome = models.CharField(_("outcome"), max_length=12, choices=CLOSED_CHOICES)
    stage_before = models.CharField(max_length=12, choices=DealStage.choices)
    reasons = models.ManyToManyField(CloseReason, related_name="+", verbose_name=_("reasons"))
    competitor = models.CharField(_("competitor"), max_length=200, blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    who = models.CharField(_("who"), max_length=200)
    at = models.DateTimeField(_("when"), default=timezone.now)
    reopened_at = models.DateTimeField(_("reopened"), null=True, blank=True)

    class Meta:
        verbose_name = _("end of a sale")
        verbose_name_plural = _("ends of sales")
        constraints = [
            models.UniqueConstraint(
                fields=["deal"],
                condition=Q(reopened_at__isnull=True),
                name="saleclosing_one_stands",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=sorted(CLOSED_STAGES)), name="saleclosing_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(stage_before__in=sorted(OPEN_STAGES)),
                name="saleclosing_from_an_open_stage",
            ),
            models.CheckConstraint(
                condition=Q(competitor="") | Q(outcome=DealStage.LOST),
                name="saleclosing_competitor_of_a_lost_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}, {self.at:%Y-%m-%d}"
