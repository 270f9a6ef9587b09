"""What each tier asks for, in versions."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0011_measured_values"),
    ]

    operations = [
        migrations.CreateModel(
            name="TierProgramme",
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
                    "effective_from",
                    models.DateTimeField(blank=True, null=True, verbose_name="in force from"),
                ),
                (
                    "period",
                    models.CharField(
                        choices=[
                            ("year", "Calendar year"),
                            ("quarter", "Calendar quarter"),
                            ("rolling", "Rolling months"),
                        ],
                        default="rolling",
                        max_length=8,
                        verbose_name="counted over",
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(default=12, verbose_name="rolling months"),
                ),
                (
                    "grace_days",
                    models.PositiveSmallIntegerField(default=90, verbose_name="days of grace"),
                ),
                (
                    "warn_days",
                    models.PositiveSmallIntegerField(
                        default=14, verbose_name="warned again before the end, days"
                    ),
                ),
                (
                    "approval",
                    models.CharField(
                        choices=[
                            ("none", "never"),
                            ("up", "when a partner rises"),
                            ("both", "when a partner rises or falls"),
                        ],
                        default="none",
                        max_length=4,
                        verbose_name="a person approves",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
            ],
            options={
                "verbose_name": "tier programme",
                "verbose_name_plural": "tier programmes",
                "ordering": ["-version"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "published", "retired"])),
                        name="programme_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "draft"), ("effective_from__isnull", False), _connector="OR"
                        ),
                        name="programme_published_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("months__gte", 1), ("months__lte", 60)),
                        name="programme_months_bounded",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "draft"), _negated=True),
                        fields=("region", "partner_type", "effective_from"),
                        name="programme_one_in_force_per_scope",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TierLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="levels",
                        to="partners.tierprogramme",
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
                (
                    "points",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="points"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "tier"), name="level_once_a_programme"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TierRequirement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requirements",
                        to="partners.tierlevel",
                    ),
                ),
                ("measure", models.CharField(max_length=60)),
                ("at_least", models.DecimalField(decimal_places=3, max_digits=18)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("level", "measure"), name="requirement_once_a_level"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TierScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="partners.tierprogramme",
                    ),
                ),
                ("measure", models.CharField(max_length=60)),
                ("per", models.DecimalField(decimal_places=3, max_digits=18)),
                ("points", models.PositiveIntegerField()),
                ("at_most", models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "measure"), name="score_once_a_programme"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("per__gt", 0), ("points__gt", 0)),
                        name="score_counts_something",
                    ),
                ],
            },
        ),
    ]
