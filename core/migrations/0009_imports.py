"""Tables that are taken in, and what became of each row."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from core.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0008_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportRun",
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
                ("importer", models.CharField(max_length=40, verbose_name="what")),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("headings", models.JSONField(default=list)),
                ("mapping", models.JSONField(default=list)),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("mapping", "Columns to be named"),
                            ("checking", "Being tried"),
                            ("checked", "Tried"),
                            ("taking", "Being taken"),
                            ("taken", "Taken"),
                            ("undoing", "Being taken back"),
                            ("undone", "Taken back"),
                        ],
                        default="mapping",
                        max_length=10,
                        verbose_name="phase",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="worked")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="begun"),
                ),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="taken")),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "indexes": [
                    models.Index(
                        condition=models.Q(("attempts", 0), ("state", "waiting")),
                        fields=["due_at", "id"],
                        name="import_due",
                    ),
                    models.Index(
                        condition=models.Q(("attempts__gt", 0), ("state", "waiting")),
                        fields=["due_at", "id"],
                        name="import_again",
                    ),
                    models.Index(
                        condition=models.Q(("state", "running")),
                        fields=["leased_until"],
                        name="import_leased",
                    ),
                    models.Index(
                        condition=models.Q(("state", "parked")), fields=["id"], name="import_parked"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "phase__in",
                                [
                                    "mapping",
                                    "checking",
                                    "checked",
                                    "taking",
                                    "taken",
                                    "undoing",
                                    "undone",
                                ],
                            )
                        ),
                        name="import_phase_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "parked"])),
                        name="import_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedRow",
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
                        related_name="rows",
                        to="core.importrun",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("cells", models.JSONField(default=list)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("added", "Added"),
                            ("known", "There already"),
                            ("wrong", "Wrong"),
                            ("undone", "Taken back"),
                            ("kept", "Changed since, kept"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("message", models.TextField(blank=True, default="")),
                ("subject_id", models.BigIntegerField(null=True)),
            ],
            options={
                "verbose_name": "row of an import",
                "verbose_name_plural": "rows of imports",
                "indexes": [
                    models.Index(fields=["run", "outcome", "number"], name="import_row_outcome")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "number"), name="import_row_once")
                ],
            },
        ),
    ]
