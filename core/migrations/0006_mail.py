"""Mails on their way out."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from core.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0005_appointments"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
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
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("once", models.CharField(max_length=200)),
                (
                    "to_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reader",
                    ),
                ),
                ("to_address", models.EmailField(max_length=254, verbose_name="address")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("text", models.TextField(verbose_name="text")),
                ("html", models.TextField(blank=True, default="")),
                ("secret", models.BooleanField(db_default=False, default=False, editable=False)),
                (
                    "headers",
                    models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
            ],
            options={
                "verbose_name": "outgoing mail",
                "verbose_name_plural": "outgoing mail",
                "indexes": [
                    models.Index(
                        condition=models.Q(("attempts", 0), ("state", "waiting")),
                        fields=["due_at", "id"],
                        name="mail_due",
                    ),
                    models.Index(
                        condition=models.Q(("attempts__gt", 0), ("state", "waiting")),
                        fields=["due_at", "id"],
                        name="mail_again",
                    ),
                    models.Index(
                        condition=models.Q(("state", "running")),
                        fields=["leased_until"],
                        name="mail_leased",
                    ),
                    models.Index(
                        condition=models.Q(("state", "parked")), fields=["id"], name="mail_parked"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("once",), name="mail_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "parked"])),
                        name="mail_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            ("finished_at__isnull", False),
                            _connector="OR",
                        ),
                        name="mail_done_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("secret", False),
                            models.Q(("state", "done"), _negated=True),
                            models.Q(("html", ""), ("text", "")),
                            _connector="OR",
                        ),
                        name="mail_secret_is_forgotten",
                    ),
                ],
            },
        ),
    ]
