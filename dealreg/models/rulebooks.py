from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealreg.rules.protection import ProtectionTerms
from dealreg.rules.states import DeclineReason, Outcome

TERMS_FIELDS = (
    "protection_days",
    "guaranteed_margin",
    "extension_days",
    "most_extensions",
    "ask_within_days",
    "sufficient_evidence",
    "again_after_days",
    "freshness_days",
)


class BookStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class RuleBook(models.Model):
    """One version of the rules of engagement, for a region and what lies in it (none: the whole
    world) and a product line (none: every one). The most specific published book decides.

    Never edited after publishing: a database trigger refuses it, for the book's rules too.
    `effective_from` may lie ahead; until then the book before it decides.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    status = models.CharField(
        _("status"), max_length=10, choices=BookStatus.choices, default=BookStatus.DRAFT
    )
    region = models.ForeignKey(
        "partners.Region",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
    )
    product_line = models.ForeignKey(
        "dealreg.ProductLine",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product line"),
    )
    effective_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    # The terms of protection (rules/protection.ProtectionTerms); all spans in days.
    protection_days = models.PositiveSmallIntegerField(_("protection in days"), default=90)
    guaranteed_margin = models.DecimalField(
        _("guaranteed margin in percent"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    extension_days = models.PositiveSmallIntegerField(_("an extension in days"), default=30)
    most_extensions = models.PositiveSmallIntegerField(_("extensions at most"), default=2)
    ask_within_days = models.PositiveSmallIntegerField(
        _("asked for within so many days before the end"), default=30
    )
    sufficient_evidence = models.JSONField(
        _("evidence that extends at once"), default=list, blank=True
    )
    again_after_days = models.PositiveSmallIntegerField(
        _("registered again after so many days"), default=0
    )
    freshness_days = models.PositiveSmallIntegerField(
        _("evidence is fresh for so many days"), default=30
    )

    class Meta:
        verbose_name = _("rules of engagement")
        verbose_name_plural = _("rules of engagement")
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=BookStatus.values), name="book_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=BookStatus.DRAFT) | Q(effective_from__isnull=False),
                name="book_published_is_dated",
            ),
            models.UniqueConstraint(
                fields=["region", "product_line", "effective_from"],
                condition=~Q(status=BookStatus.DRAFT),
                nulls_distinct=False,
                name="book_one_in_force_per_scope",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version} {self.title}"

    @property
    def terms(self) -> ProtectionTerms:
        """For how long, and how, this version protects."""
        return ProtectionTerms(
            days=self.protection_days,
            margin=self.guaranteed_margin,
            extension_days=self.extension_days,
            most_extensions=self.most_extensions,
            ask_within_days=self.ask_within_days,
            sufficient=tuple(self.sufficient_evidence),
            again_after_days=self.again_after_days,
            freshness_days=self.freshness_days,
        )

    @terms.setter
    def terms(self, terms: ProtectionTerms) -> None:
        self.protection_days = terms.days
        self.guaranteed_margin = terms.margin
        self.extension_days = terms.extension_days
        self.most_extensions = terms.most_extensions
        self.ask_within_days = terms.ask_within_days
        self.sufficient_evidence = list(terms.sufficient)
        self.again_after_days = terms.again_after_days
        self.freshness_days = terms.freshness_days


class Rule(models.Model):
    """One rule of a book. `conditions` is the JSON form of rules/engagement.Group; a rule
    with no conditions always applies and closes the book. `asks_for` names the fields of the
    registration, and "files", that a rule with the outcome "ask" wants completed."""

    book = models.ForeignKey(RuleBook, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(_("position"))
    code = models.SlugField(_("code"), max_length=60)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    conditions = models.JSONField(_("conditions"), default=dict, blank=True)
    message = models.CharField(_("message to the partner"), max_length=400)
    asks_for = models.JSONField(_("asks for"), default=list, blank=True)
    opens_case = models.BooleanField(_("opens a conflict case"), default=False, db_default=False)
    reason = models.CharField(
        _("reason code"), max_length=30, choices=DeclineReason.choices, blank=True, default=""
    )

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["book", "position"]
        constraints = [
            models.UniqueConstraint(fields=["book", "position"], name="rule_position_in_book"),
            models.UniqueConstraint(fields=["book", "code"], name="rule_code_in_book"),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="rule_outcome_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.ASK) | ~Q(asks_for=[]), name="rule_asks_for_something"
            ),
            models.CheckConstraint(
                condition=Q(opens_case=False) | Q(outcome=Outcome.REVIEW),
                name="rule_opens_case_in_review",
            ),
        ]

    def __str__(self) -> str:
        return self.code
