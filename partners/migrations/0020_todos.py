"""What somebody has to do for a partner."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0019_roll_outs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Todo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "note",
                    models.TextField(blank=True, default="", max_length=2000, verbose_name="note"),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="todos",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("shared", models.BooleanField(default=False, verbose_name="the partner sees it")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="todos",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "remind_days",
                    models.PositiveSmallIntegerField(default=1, verbose_name="remind days before"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To do"), ("done", "Done"), ("dropped", "Dropped")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "about_type",
                    models.CharField(blank=True, default="", editable=False, max_length=60),
                ),
                ("about_id", models.BigIntegerField(blank=True, editable=False, null=True)),
                (
                    "about_label",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="about"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "task",
                "verbose_name_plural": "tasks",
                "indexes": [
                    models.Index(fields=["partner", "due_on", "id"], name="todo_of_partner"),
                    models.Index(fields=["owner", "due_on", "id"], name="todo_of_owner"),
                    models.Index(fields=["about_type", "about_id"], name="todo_about"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "done", "dropped"])),
                        name="todo_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="todo_has_a_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="todo_end_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shared", False), ("partner__isnull", False), _connector="OR"
                        ),
                        name="todo_shared_with_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("remind_days__lte", 30)), name="todo_reminder_bounded"
                    ),
                ],
            },
        ),
    ]
