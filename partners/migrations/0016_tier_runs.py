"""Assessing all partners at once."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0015_assessments_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TierRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("parked", "Parked"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "due_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="due"),
                ),
                (
                    "leased_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="leased until"),
                ),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                ),
                ("last_error", models.TextField(blank=True, default="", verbose_name="last error")),
                (
                    "kind",
                    models.CharField(
                        choices=[("recalculate", "Recalculation"), ("simulate", "Simulation")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="partners.tierprogramme",
                    ),
                ),
                ("cause", models.CharField(max_length=200, verbose_name="asked by")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked"),
                ),
                ("regions", models.JSONField(blank=True, default=list)),
                ("total", models.PositiveIntegerField(default=0, verbose_name="partners")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="looked at")),
                ("last_id", models.BigIntegerField(default=0)),
                ("result", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "verbose_name": "tier recalculation",
                "verbose_name_plural": "tier recalculations",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=["due_at", "id"],
                        name="tier_run_due",
                    ),
                    models.Index(fields=["programme", "-id"], name="tier_run_of_programme"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind", "recalculate"), ("state__in", ["waiting", "running"])
                        ),
                        fields=("kind",),
                        name="tier_run_one_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TierMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="partners.tierrun",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.tier",
                    ),
                ),
                (
                    "after",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.tier",
                    ),
                ),
            ],
            options={
                "verbose_name": "simulated move",
                "verbose_name_plural": "simulated moves",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["run", "id"], name="tier_moves_of_run")],
            },
        ),
        migrations.CreateModel(
            name="TierSchedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("daily", "every day"),
                            ("weekly", "every Monday"),
                            ("monthly", "on the first of each month"),
                        ],
                        default="daily",
                        max_length=8,
                        verbose_name="how often",
                    ),
                ),
                ("at", models.TimeField(verbose_name="at")),
                (
                    "time_zone",
                    models.CharField(default="UTC", max_length=60, verbose_name="time zone"),
                ),
                ("active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "recalculation schedule",
                "verbose_name_plural": "recalculation schedules",
                "ordering": ["id"],
            },
        ),
    ]
