"""What each tier gives, in versions."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0016_tier_runs"),
    ]

    operations = [
        migrations.CreateModel(
            name="BenefitCatalogue",
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
                    "partner_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reseller", "Reseller"),
                            ("referral", "Referral partner"),
                            ("si", "Systems integrator"),
                            ("isv", "Independent software vendor"),
                            ("msp", "Managed service provider"),
                            ("distributor", "Distributor"),
                            ("influencer", "Influencer"),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="partner type",
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
                    "starts",
                    models.CharField(
                        choices=[
                            ("at_once", "at once"),
                            ("month", "on the first day of the next month"),
                            ("quarter", "on the first day of the next quarter"),
                        ],
                        default="at_once",
                        max_length=8,
                        verbose_name="benefits follow a new tier",
                    ),
                ),
                (
                    "effective_from",
                    models.DateTimeField(blank=True, null=True, verbose_name="in force from"),
                ),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
            ],
            options={
                "verbose_name": "benefit catalogue",
                "verbose_name_plural": "benefit catalogues",
                "ordering": ["-version"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "published", "retired"])),
                        name="catalogue_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "draft"), ("effective_from__isnull", False), _connector="OR"
                        ),
                        name="catalogue_published_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("retired_at__isnull", False), ("status", "retired")),
                            models.Q(
                                models.Q(("status", "retired"), _negated=True),
                                ("retired_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="catalogue_retired_is_dated",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "draft"), _negated=True),
                        fields=("region", "partner_type", "effective_from"),
                        name="catalogue_one_in_force_per_scope",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BenefitGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "catalogue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="partners.benefitcatalogue",
                    ),
                ),
                (
                    "tier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tier",
                    ),
                ),
                ("benefit", models.CharField(max_length=40)),
                (
                    "number",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=18, null=True),
                ),
                ("word", models.CharField(blank=True, default="", max_length=20)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("catalogue", "tier", "benefit"), name="grant_once_a_tier"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("number__isnull", True), models.Q(("word", ""), _negated=True)
                            ),
                            models.Q(("number__gte", 0), ("number__isnull", False), ("word", "")),
                            _connector="OR",
                        ),
                        name="grant_has_one_value",
                    ),
                ],
            },
        ),
    ]
