"""A partner's way from prospect to parting."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0007_directory"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StatusMove",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="status_moves",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "old",
                    models.CharField(
                        choices=[
                            ("prospect", "Prospect"),
                            ("applicant", "Applicant"),
                            ("onboarding", "Onboarding"),
                            ("active", "Active"),
                            ("at_risk", "At risk"),
                            ("suspended", "Suspended"),
                            ("offboarded", "Offboarded"),
                        ],
                        max_length=16,
                        verbose_name="from",
                    ),
                ),
                (
                    "new",
                    models.CharField(
                        choices=[
                            ("prospect", "Prospect"),
                            ("applicant", "Applicant"),
                            ("onboarding", "Onboarding"),
                            ("active", "Active"),
                            ("at_risk", "At risk"),
                            ("suspended", "Suspended"),
                            ("offboarded", "Offboarded"),
                        ],
                        max_length=16,
                        verbose_name="to",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="reason")),
                (
                    "moved_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                (
                    "moved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of status",
                "verbose_name_plural": "changes of status",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "new__in",
                                [
                                    "prospect",
                                    "applicant",
                                    "onboarding",
                                    "active",
                                    "at_risk",
                                    "suspended",
                                    "offboarded",
                                ],
                            ),
                            (
                                "old__in",
                                [
                                    "prospect",
                                    "applicant",
                                    "onboarding",
                                    "active",
                                    "at_risk",
                                    "suspended",
                                    "offboarded",
                                ],
                            ),
                        ),
                        name="status_move_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Offboarding",
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
                        related_name="offboardings",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("reason", models.CharField(max_length=1000, verbose_name="reason")),
                ("begins_on", models.DateField(verbose_name="begins on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("halted", "Halted"),
                            ("ready", "Ready for the last step"),
                            ("finished", "Finished"),
                            ("taken_back", "Taken back"),
                        ],
                        default="running",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="started"),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="started by",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "todos_go_to",
                    models.ForeignKey(
                        blank=True,
                        help_text="Somebody with a duty in the partner’s region. Empty: they are dropped.",
                        limit_choices_to={"is_active": True, "is_staff": True},
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="open tasks go to",
                    ),
                ),
            ],
            options={
                "verbose_name": "offboarding",
                "verbose_name_plural": "offboardings",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", frozenset(["halted", "ready", "running"]))
                        ),
                        fields=("partner",),
                        name="offboarding_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["running", "halted", "ready", "finished", "taken_back"])
                        ),
                        name="offboarding_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("state__in", frozenset(["halted", "ready", "running"])),
                            ),
                            models.Q(
                                models.Q(
                                    ("state__in", frozenset(["halted", "ready", "running"])),
                                    _negated=True,
                                ),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="offboarding_end_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="offboarding_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OffboardingStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "offboarding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="partners.offboarding",
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "To do"),
                            ("done", "Done"),
                            ("not_applicable", "Not applicable"),
                        ],
                        default="waiting",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="when")),
                (
                    "done_by",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="who"),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="what was done"
                    ),
                ),
                ("undo", models.JSONField(blank=True, default=list)),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("offboarding", "name"), name="offboarding_step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("done_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="offboarding_step_is_dated",
                    ),
                ],
            },
        ),
    ]
