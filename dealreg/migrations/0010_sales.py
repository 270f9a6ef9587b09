"""How a deal went on: stages, changes, closing."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from dealreg.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0009_cases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SalesStage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        ],
                        max_length=12,
                        unique=True,
                        verbose_name="sales stage",
                    ),
                ),
                (
                    "probability",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="probability in percent",
                    ),
                ),
                (
                    "stale_after_days",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="stale after days without an update",
                    ),
                ),
            ],
            options={
                "verbose_name": "sales stage",
                "verbose_name_plural": "sales stages",
                "ordering": ["probability"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage__in", ["engaging", "negotiation", "proposal", "prospecting"])
                        ),
                        name="salesstage_is_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("probability__lte", 100)),
                        name="salesstage_probability_in_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stale_after_days__gte", 1), ("stale_after_days__lte", 365)
                        ),
                        name="salesstage_stale_within_a_year",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CloseReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9-]+$", "Use small letters, digits and hyphens."
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                ("label", models.CharField(max_length=100, verbose_name="label")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("won", "Won"), ("lost", "Lost")],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=100, verbose_name="position"),
                ),
                ("active", models.BooleanField(default=True, verbose_name="offered")),
            ],
            options={
                "verbose_name": "reason for winning or losing",
                "verbose_name_plural": "reasons for winning or losing",
                "ordering": ["-outcome", "position", "label"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["lost", "won"])),
                        name="closereason_outcome_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SaleChange",
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
                        related_name="sale_changes",
                        to="dealreg.deal",
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("stage", "Sales stage"),
                            ("amount", "Expected amount"),
                            ("expected_close", "Expected close"),
                            ("probability", "Probability"),
                            ("next_step", "Next step"),
                            ("next_step_on", "Next step on"),
                        ],
                        max_length=16,
                        verbose_name="field",
                    ),
                ),
                (
                    "old",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="from"),
                ),
                (
                    "new",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="to"),
                ),
                ("why", models.TextField(blank=True, default="", verbose_name="why")),
                ("by_staff", models.BooleanField(default=False)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("who", models.CharField(max_length=200, verbose_name="who")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
            ],
            options={
                "verbose_name": "change of a sale",
                "verbose_name_plural": "changes of a sale",
                "indexes": [models.Index(fields=["deal", "-at", "-id"], name="salechange_of_deal")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "field__in",
                                [
                                    "stage",
                                    "amount",
                                    "expected_close",
                                    "probability",
                                    "next_step",
                                    "next_step_on",
                                ],
                            )
                        ),
                        name="salechange_field_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("old", models.F("new")), _negated=True),
                        name="salechange_changes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SaleClosing",
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
                        related_name="closings",
                        to="dealreg.deal",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("won", "Won"), ("lost", "Lost")],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "stage_before",
                    models.CharField(
                        choices=[
                            ("prospecting", "Prospecting"),
                            ("engaging", "Engaging"),
                            ("proposal", "Proposal"),
                            ("negotiation", "Negotiation"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "competitor",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="competitor"
                    ),
                ),
                ("note", models.TextField(blank=True, default="", verbose_name="note")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("who", models.CharField(max_length=200, verbose_name="who")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                (
                    "reopened_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="reopened"),
                ),
                (
                    "reasons",
                    models.ManyToManyField(
                        related_name="+", to="dealreg.closereason", verbose_name="reasons"
                    ),
                ),
            ],
            options={
                "verbose_name": "end of a sale",
                "verbose_name_plural": "ends of sales",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reopened_at__isnull", True)),
                        fields=("deal",),
                        name="saleclosing_one_stands",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["lost", "won"])),
                        name="saleclosing_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage_before__in",
                                ["engaging", "negotiation", "proposal", "prospecting"],
                            )
                        ),
                        name="saleclosing_from_an_open_stage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("competitor", ""), ("outcome", "lost"), _connector="OR"
                        ),
                        name="saleclosing_competitor_of_a_lost_one",
                    ),
                ],
            },
        ),
    ]
