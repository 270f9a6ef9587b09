"""Deals and the decisions on them."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from dealreg.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0004_rules_to_start_with"),
        ("partners", "0001_organisations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Deal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deals",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deals",
                        to="dealreg.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "product_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deals",
                        to="dealreg.productline",
                        verbose_name="product line",
                    ),
                ),
                (
                    "customer_name",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="customer"
                    ),
                ),
                (
                    "customer_domain",
                    models.CharField(blank=True, default="", max_length=253, verbose_name="domain"),
                ),
                (
                    "customer_country",
                    models.CharField(blank=True, default="", max_length=2, verbose_name="country"),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=18,
                        null=True,
                        verbose_name="amount",
                    ),
                ),
                (
                    "currency",
                    models.CharField(blank=True, default="", max_length=3, verbose_name="currency"),
                ),
                (
                    "expected_close",
                    models.DateField(blank=True, null=True, verbose_name="expected close"),
                ),
                (
                    "description",
                    models.TextField(blank=True, default="", verbose_name="description"),
                ),
                (
                    "public_sector",
                    models.BooleanField(default=False, verbose_name="public-sector tender"),
                ),
                (
                    "customer_consent",
                    models.BooleanField(default=False, verbose_name="customer agreed"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("needs_info", "More needed"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("prospecting", "Prospecting"),
                            ("engaging", "Engaging"),
                            ("proposal", "Proposal"),
                            ("negotiation", "Negotiation"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                        ],
                        default="prospecting",
                        max_length=12,
                        verbose_name="sales stage",
                    ),
                ),
                (
                    "probability",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="own probability in percent"
                    ),
                ),
                (
                    "next_step",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="next step"
                    ),
                ),
                (
                    "next_step_on",
                    models.DateField(blank=True, null=True, verbose_name="next step on"),
                ),
                (
                    "sale_updated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="sale updated"),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed")),
                (
                    "closed_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=18,
                        null=True,
                        verbose_name="closed amount",
                    ),
                ),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="submitted"),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "decided_by",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="decided by"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("portal", "Portal"),
                            ("api", "API"),
                            ("email", "E-mail"),
                            ("import", "Import"),
                        ],
                        default="portal",
                        max_length=8,
                        verbose_name="came by",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="registered_again",
                        to="dealreg.deal",
                        verbose_name="earlier registration",
                    ),
                ),
                (
                    "external_ref",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        null=True,
                        unique=True,
                        verbose_name="reference in the CRM",
                    ),
                ),
                ("submission_key", models.UUIDField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="registered by",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
            ],
            options={
                "verbose_name": "deal",
                "verbose_name_plural": "deals",
                "indexes": [
                    models.Index(
                        fields=["partner", "-updated_at", "-id"], name="deal_partner_list"
                    ),
                    models.Index(
                        fields=["partner", "status", "-updated_at", "-id"],
                        name="deal_partner_status",
                    ),
                    models.Index(
                        condition=models.Q(("status", "in_review")),
                        fields=["submitted_at", "id"],
                        name="deal_review_queue",
                    ),
                    models.Index(
                        fields=["partner", "expected_close", "id"], name="deal_partner_by_close"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("stage__in", ["engaging", "negotiation", "proposal", "prospecting"]),
                            ("status__in", ["approved"]),
                        ),
                        fields=["partner", "stage", "expected_close"],
                        include=("currency", "amount", "probability"),
                        name="deal_pipeline",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("stage__in", ["engaging", "negotiation", "proposal", "prospecting"]),
                            ("status__in", ["approved"]),
                        ),
                        fields=["partner", "stage", "sale_updated_at"],
                        name="deal_stale",
                    ),
                    models.Index(fields=["account", "product_line"], name="deal_account"),
                    models.Index(
                        condition=models.Q(("stage__in", ["won", "lost"])),
                        fields=["partner", "closed_on"],
                        include=("stage", "status", "closed_amount", "currency"),
                        name="deal_closed_of_partner",
                    ),
                    models.Index(
                        condition=models.Q(("status", "draft"), _negated=True),
                        fields=["partner", "submitted_at"],
                        include=("status", "decided_at"),
                        name="deal_sent_of_partner",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("status__in", ["approved", "lapsed"]),
                            models.Q(("stage__in", ["won", "lost"]), _negated=True),
                        ),
                        fields=["partner"],
                        include=("status", "stage", "amount", "currency"),
                        name="deal_open_of_partner",
                    ),
                    models.Index(fields=["-id"], name="deal_newest"),
                    models.Index(fields=["status", "-id"], name="deal_status_newest"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            "customer_name", "customer_domain", config="simple"
                        ),
                        name="deal_words",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("partner", "submission_key"), name="deal_submitted_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "draft")),
                        fields=("previous",),
                        name="deal_one_draft_of_previous",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "draft",
                                    "in_review",
                                    "needs_info",
                                    "approved",
                                    "declined",
                                    "withdrawn",
                                    "lapsed",
                                ],
                            )
                        ),
                        name="deal_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                [
                                    "prospecting",
                                    "engaging",
                                    "proposal",
                                    "negotiation",
                                    "won",
                                    "lost",
                                ],
                            )
                        ),
                        name="deal_stage_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__isnull", True), ("amount__gt", 0), _connector="OR"
                        ),
                        name="deal_amount_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("currency", ""), ("currency__regex", "^[A-Z]{3}$"), _connector="OR"
                        ),
                        name="deal_currency_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "draft"),
                            models.Q(
                                ("account__isnull", False),
                                ("product_line__isnull", False),
                                ("submitted_at__isnull", False),
                                models.Q(("customer_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="deal_submitted_is_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["in_review", "needs_info"]), _negated=True),
                            models.Q(("amount__isnull", False), ("expected_close__isnull", False)),
                            _connector="OR",
                        ),
                        name="deal_in_review_has_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["approved", "declined", "lapsed"]), _negated=True
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                models.Q(("decided_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="deal_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage__in", ["engaging", "negotiation", "proposal", "prospecting"]),
                            ("status__in", ["approved"]),
                            _connector="OR",
                        ),
                        name="deal_stage_fits_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_amount__isnull", True),
                                ("closed_on__isnull", True),
                                (
                                    "stage__in",
                                    ["engaging", "negotiation", "proposal", "prospecting"],
                                ),
                            ),
                            models.Q(
                                ("closed_amount__isnull", False),
                                ("closed_on__isnull", False),
                                ("stage__in", ["lost", "won"]),
                            ),
                            _connector="OR",
                        ),
                        name="deal_closed_is_dated_and_counted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_amount__isnull", True),
                            ("closed_amount__gte", 0),
                            _connector="OR",
                        ),
                        name="deal_closed_amount_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("probability__isnull", True),
                            ("probability__lte", 100),
                            _connector="OR",
                        ),
                        name="deal_probability_in_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("next_step_on__isnull", True),
                            models.Q(("next_step", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="deal_next_step_on_a_day_is_said",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="dealreg.deal",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("rule", "Rules of engagement"),
                            ("person", "A person"),
                            ("import", "Imported history"),
                        ],
                        max_length=8,
                    ),
                ),
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
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealreg.rulebook",
                    ),
                ),
                ("rule", models.CharField(blank=True, default="", max_length=60)),
                ("reason", models.CharField(blank=True, default="", max_length=30)),
                ("message", models.TextField()),
                ("hint", models.JSONField(blank=True, default=None, null=True)),
                (
                    "asked_for",
                    models.JSONField(
                        blank=True, db_default=models.Value([], models.JSONField()), default=list
                    ),
                ),
                ("conflict_level", models.CharField(default="none", max_length=10)),
                ("facts", models.JSONField(default=dict)),
                ("trace", models.JSONField(default=list)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["deal", "-id"], name="decision_of_deal"),
                    models.Index(
                        condition=models.Q(("origin", "rule")),
                        fields=["decided_at", "id"],
                        name="decision_by_rule_in_time",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["approve", "review", "decline", "ask"])
                        ),
                        name="decision_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origin", "rule"), _negated=True),
                            models.Q(
                                ("book__isnull", False), models.Q(("rule", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="decision_by_rule_names_it",
                    ),
                ],
            },
        ),
    ]
