"""Invitations, and when a member was last here."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0003_policies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
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
                        related_name="invitations",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("sales", "Sales"),
                                ("technical", "Technical"),
                                ("marketing", "Marketing"),
                                ("finance", "Finance"),
                                ("admin", "Administrator"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                        verbose_name="roles",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "Waits for the vendor"),
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("revoked", "Revoked"),
                            ("refused", "Refused by the vendor"),
                            ("expired", "Expired"),
                        ],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "token_hash",
                    models.CharField(blank=True, default="", editable=False, max_length=64),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="invited"),
                ),
                ("expires_at", models.DateTimeField(verbose_name="open until")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("sends", models.PositiveSmallIntegerField(default=0, verbose_name="times sent")),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", frozenset(["held", "sent"]))),
                        fields=("partner", "email"),
                        name="invitation_open_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("token_hash", ""), _negated=True),
                        fields=("token_hash",),
                        name="invitation_link_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["held", "sent", "accepted", "revoked", "refused", "expired"],
                            )
                        ),
                        name="invitation_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower("email"))
                        ),
                        name="invitation_email_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "roles__contained_by",
                                ["sales", "technical", "marketing", "finance", "admin"],
                            ),
                            ("roles__len__gt", 0),
                        ),
                        name="invitation_roles_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("state__in", frozenset(["held", "sent"])),
                            ),
                            models.Q(
                                models.Q(("state__in", frozenset(["held", "sent"])), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="invitation_end_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "sent"), models.Q(("token_hash", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("state", "sent"), _negated=True), ("token_hash", "")
                            ),
                            _connector="OR",
                        ),
                        name="invitation_link_while_sent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="partners.membership",
                        verbose_name="for whom",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "began_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="began"),
                ),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "visit",
                "verbose_name_plural": "visits",
                "indexes": [models.Index(fields=["staff", "began_at"], name="visit_of_staff")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="visit_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("began_at"))),
                        name="visit_ends_after_it_began",
                    ),
                ],
            },
        ),
    ]
