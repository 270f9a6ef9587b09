"""Protections, what shows that the work goes on, and what lengthens them."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealreg.models.accounts import Account, ProductLine
from dealreg.models.deals import Deal
from dealreg.models.rulebooks import RuleBook
from dealreg.rules.protection import EvidenceKind, ExtensionStatus
from dealreg.rules.states import DecisionOrigin


class Protection(models.Model):
    """The time in which one customer is kept for one registration, per product line.

    Two protections of the same customer and product line never overlap: the exclusion
    constraint decides any race. A released protection keeps nobody out. `book` holds the terms
    under which it was granted (rules/protection.py), `margin` is the percentage that they
    guarantee; both are unknown in imported history. `period` ends later with each of the
    `extensions`.
    """

    deal = models.OneToOneField(Deal, on_delete=models.PROTECT, related_name="protection")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="protections")
    product_line = models.ForeignKey(ProductLine, on_delete=models.PROTECT, related_name="+")
    period = DateTimeRangeField()
    book = models.ForeignKey(
        RuleBook, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    margin = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    extensions = models.PositiveSmallIntegerField(default=0, db_default=0)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("protection")
        verbose_name_plural = _("protections")
        constraints = [
            # One-point ranges of the ids: equality that core GiST understands.
            ExclusionConstraint(
                name="protection_never_overlaps",
                expressions=[
                    (
                        Func(F("account_id"), F("account_id"), Value("[]"), function="int8range"),
                        "&&",
                    ),
                    (
                        Func(
                            F("product_line_id"),
                            F("product_line_id"),
                            Value("[]"),
                            function="int8range",
                        ),
                        "&&",
                    ),
                    ("period", "&&"),
                ],
                condition=Q(released_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__upper_inf=False),
                name="protection_period_ends",
            ),
        ]
        indexes = [models.Index(fields=["partner", "released_at"], name="protection_of_partner")]


class EvidenceItem(models.Model):
    """One thing that shows that the partner is at work with the customer. Never changed."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, related_name="evidence", verbose_name=_("deal")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=EvidenceKind.choices)
    dated_on = models.DateField(_("date"))
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    file = models.ForeignKey(
        "core.StoredFile",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("file"),
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_by_label = models.CharField(max_length=200, blank=True, default="")
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["-dated_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=EvidenceKind.values), name="evidence_kind_known"
            )
        ]
        # queries.evidence_of, judging.evidence: the newest of a deal
        indexes = [models.Index(fields=["deal", "-dated_on", "-id"], name="evidence_of_deal")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.dated_on}"


class Extension(models.Model):
    """A request to protect a customer longer, and what became of it.

    `until_before` is the end when it was asked, `until_after` the end that was granted.
    `evidence` names the kind that sufficed when the rules decided.
    """

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, related_name="extensions", verbose_name=_("deal")
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ExtensionStatus.choices,
        default=ExtensionStatus.WAITING,
    )
    reason = models.TextField(_("why it is needed"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    until_before = models.DateTimeField(_("end when asked"))
    until_after = models.DateTimeField(_("end granted"), null=True, blank=True)
    origin = models.CharField(
        _("decided by"), max_length=8, choices=DecisionOrigin.choices, blank=True, default=""
    )
    evidence = models.CharField(
        _("evidence"), max_length=12, choices=EvidenceKind.choices, blank=True, default=""
    )
    message = models.TextField(_("reason of the decision"), blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_by_label = models.CharField(max_length=200, blank=True, default="")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ExtensionStatus.values), name="extension_status_known"
            ),
            models.UniqueConstraint(
                fields=["deal"],
                condition=Q(status=ExtensionStatus.WAITING),
                name="extension_one_waits",
            ),
            models.CheckConstraint(
                condition=Q(status=ExtensionStatus.WAITING) | Q(decided_at__isnull=False),
                name="extension_decided_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(status=ExtensionStatus.APPROVED)
                | Q(until_after__gt=models.F("until_before")),
                name="extension_approved_is_longer",
            ),
        ]
        indexes = [
            models.Index(fields=["deal", "-id"], name="extension_of_deal"),
            # desk.extension_queue: what ends first is decided first
            models.Index(
                fields=["until_before", "id"],
                name="extension_queue",
                condition=Q(status=ExtensionStatus.WAITING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.status}"


class ConfirmationAnswer(models.TextChoices):
    YES = "yes", _("Confirmed")
    NO = "no", _("Not our partner")


class Confirmation(models.Model):
    """A question to the customer: is this your partner? Answered through a link that works once.

    Only the token's hash is kept; the link stands in the mail alone.
    """

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, related_name="confirmations", verbose_name=_("deal")
    )
    address = models.EmailField(_("address"))
    token_hash = models.CharField(max_length=64, unique=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_by_partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.CharField(
        _("answer"), max_length=3, choices=ConfirmationAnswer.choices, blank=True, default=""
    )

    class Meta:
        verbose_name = _("customer's confirmation")
        verbose_name_plural = _("customers' confirmations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, answer="")
                | Q(used_at__isnull=False, answer__in=ConfirmationAnswer.values),
                name="confirmation_answered_once",
            )
        ]
        indexes = [
            models.Index(fields=["deal", "-id"], name="confirmation_of_deal"),
            # confirming: how many a partner, or somebody, asked for lately
            models.Index(fields=["asked_by_partner", "asked_at"], name="confirmation_of_partner"),
            models.Index(fields=["address", "asked_at"], name="confirmation_to_address"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} → {self.address}"
