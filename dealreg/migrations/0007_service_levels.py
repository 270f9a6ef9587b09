"""How soon the vendor decides, and who is asked when it does not."""

import django.db.models.deletion
from django.db import migrations, models

from dealreg.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0006_protection"),
        ("partners", "0001_organisations"),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "region",
                    models.OneToOneField(
                        blank=True,
                        help_text="Empty: everywhere.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "decision_days",
                    models.PositiveSmallIntegerField(default=2, verbose_name="decision within"),
                ),
                (
                    "evidence_days",
                    models.PositiveSmallIntegerField(default=2, verbose_name="evidence within"),
                ),
                (
                    "appeal_days",
                    models.PositiveSmallIntegerField(default=5, verbose_name="appeal within"),
                ),
            ],
            options={
                "verbose_name": "service level",
                "verbose_name_plural": "service levels",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region",),
                        name="service_level_once_in_region",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decision_days__range", (1, 60)),
                            ("evidence_days__range", (1, 60)),
                            ("appeal_days__range", (1, 60)),
                        ),
                        name="service_level_days_in_bounds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="dealreg.servicelevel",
                        verbose_name="service level",
                    ),
                ),
                (
                    "after_days",
                    models.PositiveSmallIntegerField(verbose_name="after business days"),
                ),
                (
                    "who",
                    models.CharField(
                        choices=[
                            ("owner", "The case's owner"),
                            ("region", "Channel managers of the region"),
                            ("above", "Channel managers of the region above"),
                            ("ops", "Partner operations"),
                        ],
                        max_length=8,
                        verbose_name="who is told",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of escalation",
                "verbose_name_plural": "steps of escalation",
                "ordering": ["after_days", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("level", "after_days", "who"), name="step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("who__in", ["owner", "region", "above", "ops"])),
                        name="step_who_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("after_days__range", (1, 60))),
                        name="step_days_in_bounds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewClock",
            fields=[
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="clock",
                        serialize=False,
                        to="dealreg.decision",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="dealreg.deal",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.region",
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("in_time", models.BooleanField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "time to a decision",
                "verbose_name_plural": "times to a decision",
                "indexes": [
                    models.Index(
                        condition=models.Q(("minutes__isnull", False)),
                        fields=["stopped_at"],
                        name="review_clock_measured",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stopped_at__isnull", True)),
                        fields=("deal",),
                        name="review_clock_one_runs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("in_time__isnull", True), ("minutes__isnull", True)),
                            models.Q(
                                ("in_time__isnull", False),
                                ("minutes__isnull", False),
                                ("stopped_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="review_clock_measured_is_stopped",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stopped_at__isnull", True),
                            ("stopped_at__gte", models.F("started_at")),
                            _connector="OR",
                        ),
                        name="review_clock_runs_ahead",
                    ),
                ],
            },
        ),
    ]
