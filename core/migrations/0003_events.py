"""What happened, who hears of it, and the seals over it."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models

from core.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0002_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("kind", models.CharField(max_length=80, verbose_name="kind")),
                ("subject_type", models.CharField(max_length=50, verbose_name="kind of thing")),
                ("subject_id", models.BigIntegerField(verbose_name="the thing's number")),
                (
                    "partner_id",
                    models.BigIntegerField(null=True, verbose_name="the partner's number"),
                ),
                ("actor_kind", models.CharField(max_length=10, verbose_name="kind of actor")),
                (
                    "actor_user_id",
                    models.BigIntegerField(null=True, verbose_name="the acting user's number"),
                ),
                ("actor_label", models.CharField(max_length=200, verbose_name="who")),
                ("payload", models.JSONField(verbose_name="details")),
                (
                    "request_id",
                    models.CharField(blank=True, default="", max_length=64, verbose_name="request"),
                ),
                ("occurred_at", models.DateTimeField(verbose_name="took effect")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="recorded",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "indexes": [
                    models.Index(
                        fields=["subject_type", "subject_id", "-occurred_at"], name="event_subject"
                    ),
                    models.Index(
                        fields=["partner_id", "-occurred_at", "-id"], name="event_of_partner"
                    ),
                    models.Index(fields=["kind", "-id"], name="event_kind"),
                ],
                "constraints": [models.UniqueConstraint(fields=("uid",), name="event_uid_unique")],
            },
        ),
        migrations.CreateModel(
            name="EventDelivery",
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
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="core.event",
                        verbose_name="event",
                    ),
                ),
                ("handler", models.CharField(max_length=100, verbose_name="handler")),
            ],
            options={
                "verbose_name": "event delivery",
                "verbose_name_plural": "event deliveries",
                "indexes": [
                    models.Index(
                        condition=models.Q(("attempts", 0), ("state", "waiting")),
                        fields=["due_at", "id"],
                        name="delivery_due",
                    ),
                    models.Index(
                        condition=models.Q(("attempts__gt", 0), ("state", "waiting")),
                        fields=["due_at", "id"],
                        name="delivery_again",
                    ),
                    models.Index(
                        condition=models.Q(("state", "running")),
                        fields=["leased_until"],
                        name="delivery_leased",
                    ),
                    models.Index(
                        condition=models.Q(("state", "parked")),
                        fields=["id"],
                        name="delivery_parked",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "handler"), name="delivery_once_per_handler"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "parked"])),
                        name="delivery_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            ("finished_at__isnull", False),
                            _connector="OR",
                        ),
                        name="delivery_done_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            ("leased_until__isnull", False),
                            _connector="OR",
                        ),
                        name="delivery_running_is_leased",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventSeal",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "previous",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="core.eventseal",
                        verbose_name="the seal before",
                    ),
                ),
                ("count", models.PositiveIntegerField(verbose_name="number of events")),
                ("complete_to", models.BigIntegerField(verbose_name="complete to")),
                ("hash", models.BinaryField(max_length=32, verbose_name="hash")),
                (
                    "sealed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="sealed"
                    ),
                ),
            ],
            options={
                "verbose_name": "event seal",
                "verbose_name_plural": "event seals",
            },
        ),
        migrations.CreateModel(
            name="SealedEvent",
            fields=[
                ("event_id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="core.eventseal",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("seal", "position"), name="sealed_event_place")
                ],
            },
        ),
    ]
