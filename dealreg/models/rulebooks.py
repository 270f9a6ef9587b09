from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealreg.rules.states import DeclineReason, Outcome


class BookStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class RuleBook(models.Model):
    """One version of the rules of engagement. Never edited after publishing: a database
    trigger refuses it, for the book's rules too."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    status = models.CharField(
        _("status"), max_length=10, choices=BookStatus.choices, default=BookStatus.DRAFT
    )
    effective_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

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
        ]

    def __str__(self) -> str:
        return f"v{self.version} {self.title}"


class Rule(models.Model):
    """One rule of a book. `conditions` is the JSON form of rules/engagement.Group; a rule
    with no conditions always applies and closes the book."""

    book = models.ForeignKey(RuleBook, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(_("position"))
    code = models.SlugField(_("code"), max_length=60)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    conditions = models.JSONField(_("conditions"), default=dict, blank=True)
    message = models.CharField(_("message to the partner"), max_length=400)
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
        ]

    def __str__(self) -> str:
        return self.code
