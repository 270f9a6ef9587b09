"""Rules of engagement, in versions."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from dealreg.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0001_customers"),
        ("partners", "0001_organisations"),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleBook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(unique=True, verbose_name="version")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "product_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealreg.productline",
                        verbose_name="product line",
                    ),
                ),
                (
                    "effective_from",
                    models.DateTimeField(blank=True, null=True, verbose_name="in force from"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
                (
                    "protection_days",
                    models.PositiveSmallIntegerField(default=90, verbose_name="protection in days"),
                ),
                (
                    "guaranteed_margin",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="guaranteed margin in percent",
                    ),
                ),
                (
                    "extension_days",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="an extension in days"
                    ),
                ),
                (
                    "most_extensions",
                    models.PositiveSmallIntegerField(default=2, verbose_name="extensions at most"),
                ),
                (
                    "ask_within_days",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="asked for within so many days before the end"
                    ),
                ),
                (
                    "sufficient_evidence",
                    models.JSONField(
                        blank=True, default=list, verbose_name="evidence that extends at once"
                    ),
                ),
                (
                    "again_after_days",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="registered again after so many days"
                    ),
                ),
                (
                    "freshness_days",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="evidence is fresh for so many days"
                    ),
                ),
            ],
            options={
                "verbose_name": "rules of engagement",
                "verbose_name_plural": "rules of engagement",
                "ordering": ["-version"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "published", "retired"])),
                        name="book_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "draft"), ("effective_from__isnull", False), _connector="OR"
                        ),
                        name="book_published_is_dated",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "draft"), _negated=True),
                        fields=("region", "product_line", "effective_from"),
                        name="book_one_in_force_per_scope",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="dealreg.rulebook",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("code", models.SlugField(max_length=60, verbose_name="code")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("approve", "Approve"),
                            ("review", "Review"),
                            ("decline", "Decline"),
                            ("ask", "Ask for more"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "conditions",
                    models.JSONField(blank=True, default=dict, verbose_name="conditions"),
                ),
                (
                    "message",
                    models.CharField(max_length=400, verbose_name="message to the partner"),
                ),
                ("asks_for", models.JSONField(blank=True, default=list, verbose_name="asks for")),
                (
                    "opens_case",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="opens a conflict case"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("protected", "The customer is protected for another registration"),
                            ("existing_customer", "Already a customer of ours for this product"),
                            ("direct", "We are already working with the customer directly"),
                            ("not_qualified", "Not enough evidence of an opportunity"),
                            ("outside_territory", "Outside the agreed territory"),
                            ("other", "Another reason"),
                        ],
                        default="",
                        max_length=30,
                        verbose_name="reason code",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule",
                "verbose_name_plural": "rules",
                "ordering": ["book", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("book", "position"), name="rule_position_in_book"
                    ),
                    models.UniqueConstraint(fields=("book", "code"), name="rule_code_in_book"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["approve", "review", "decline", "ask"])
                        ),
                        name="rule_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "ask"), _negated=True),
                            models.Q(("asks_for", []), _negated=True),
                            _connector="OR",
                        ),
                        name="rule_asks_for_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opens_case", False), ("outcome", "review"), _connector="OR"
                        ),
                        name="rule_opens_case_in_review",
                    ),
                ],
            },
        ),
    ]
