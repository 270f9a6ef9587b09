"""Strengths, weaknesses, opportunities and threats of a partner."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0022_signed_plans_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Swot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "partner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="swot",
                        to="partners.partner",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="SwotPoint",
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
                        related_name="swot_points",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "quadrant",
                    models.CharField(
                        choices=[
                            ("strength", "Strengths"),
                            ("weakness", "Weaknesses"),
                            ("opportunity", "Opportunities"),
                            ("threat", "Threats"),
                        ],
                        max_length=12,
                        verbose_name="list",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="text")),
                (
                    "side",
                    models.CharField(
                        choices=[("partner", "the partner"), ("vendor", "the vendor")],
                        max_length=8,
                        verbose_name="side",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                ("added_by_label", models.CharField(max_length=200)),
                (
                    "added_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                ("since", models.PositiveIntegerField(verbose_name="since version")),
                (
                    "until",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="until version"
                    ),
                ),
                ("ended_by_label", models.CharField(blank=True, default="", max_length=200)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="partners.swotpoint",
                    ),
                ),
            ],
            options={
                "verbose_name": "point",
                "verbose_name_plural": "strengths and weaknesses",
                "ordering": ["since", "pk"],
                "indexes": [
                    models.Index(fields=["partner", "until", "since"], name="swot_of_partner")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quadrant__in", ["strength", "weakness", "opportunity", "threat"])
                        ),
                        name="swot_list_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="swot_point_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("until__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("until__gt", models.F("since"))),
                            _connector="OR",
                        ),
                        name="swot_versions_in_order",
                    ),
                ],
            },
        ),
    ]
