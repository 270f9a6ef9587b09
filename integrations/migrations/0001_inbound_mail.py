import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("dealreg", "0005_deals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InboundMessage",
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
                ("identity", models.CharField(max_length=64)),
                (
                    "message_id",
                    models.CharField(
                        blank=True, default="", max_length=255, verbose_name="message id"
                    ),
                ),
                (
                    "via",
                    models.CharField(
                        choices=[("webhook", "Mail service"), ("imap", "Mailbox")],
                        max_length=8,
                        verbose_name="came by",
                    ),
                ),
                (
                    "sender",
                    models.CharField(blank=True, default="", max_length=254, verbose_name="sender"),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="subject"
                    ),
                ),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("raw", models.BinaryField()),
                (
                    "received_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="received"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("registered", "Registered"),
                            ("asked", "Asked for more"),
                            ("refused", "Refused"),
                            ("ignored", "Not for us"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="what became of it",
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="reason"),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="dealreg.deal",
                        verbose_name="deal",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "inbound mail",
                "verbose_name_plural": "inbound mail",
                "indexes": [
                    models.Index(
                        condition=models.Q(("attempts", 0), ("state", "waiting")),
                        fields=["due_at", "id"],
                        name="inbound_mail_due",
                    ),
                    models.Index(
                        condition=models.Q(("attempts__gt", 0), ("state", "waiting")),
                        fields=["due_at", "id"],
                        name="inbound_mail_again",
                    ),
                    models.Index(
                        condition=models.Q(("state", "running")),
                        fields=["leased_until"],
                        name="inbound_mail_leased",
                    ),
                    models.Index(
                        condition=models.Q(("state", "parked")),
                        fields=["id"],
                        name="inbound_mail_parked",
                    ),
                    models.Index(fields=["outcome", "-id"], name="inbound_mail_outcome"),
                    models.Index(fields=["deal"], name="inbound_mail_deal"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("identity",), name="inbound_mail_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "parked"])),
                        name="inbound_mail_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["new", "registered", "asked", "refused", "ignored"])
                        ),
                        name="inbound_mail_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(
                                ("finished_at__isnull", False),
                                models.Q(("outcome", "new"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="inbound_mail_done_says_what",
                    ),
                ],
            },
        ),
    ]
