"""What must happen later is a row."""

import django.utils.timezone
from django.db import migrations, models

from core.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0004_the_record_stays"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appointment",
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
                ("kind", models.CharField(max_length=100, verbose_name="kind")),
                ("subject_type", models.CharField(max_length=50, verbose_name="kind of thing")),
                ("subject_id", models.BigIntegerField(verbose_name="the thing's number")),
                (
                    "key",
                    models.CharField(
                        blank=True, default="", max_length=60, verbose_name="which one"
                    ),
                ),
            ],
            options={
                "verbose_name": "appointment",
                "verbose_name_plural": "appointments",
                "indexes": [
                    models.Index(
                        condition=models.Q(("attempts", 0), ("state", "waiting")),
                        fields=["due_at", "id"],
                        name="appointment_due",
                    ),
                    models.Index(
                        condition=models.Q(("attempts__gt", 0), ("state", "waiting")),
                        fields=["due_at", "id"],
                        name="appointment_again",
                    ),
                    models.Index(
                        condition=models.Q(("state", "running")),
                        fields=["leased_until"],
                        name="appointment_leased",
                    ),
                    models.Index(
                        condition=models.Q(("state", "parked")),
                        fields=["id"],
                        name="appointment_parked",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_type", "subject_id", "kind", "key"),
                        name="appointment_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "parked"])),
                        name="appointment_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            ("finished_at__isnull", False),
                            _connector="OR",
                        ),
                        name="appointment_done_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            ("leased_until__isnull", False),
                            _connector="OR",
                        ),
                        name="appointment_running_is_leased",
                    ),
                ],
            },
        ),
    ]
