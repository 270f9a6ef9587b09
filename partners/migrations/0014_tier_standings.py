"""Where a partner stands, and how it came there."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0013_published_programmes_stay"),
    ]

    operations = [
        migrations.CreateModel(
            name="TierAssessment",
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
                        related_name="assessments",
                        to="partners.partner",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tierprogramme",
                    ),
                ),
                ("cause", models.CharField(max_length=200, verbose_name="why looked at")),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("measured", models.JSONField(default=dict)),
                ("points", models.IntegerField(null=True)),
                (
                    "reached",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tier",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tier",
                    ),
                ),
                (
                    "after",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tier",
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("stayed", "stayed"),
                            ("risen", "rose"),
                            ("fallen", "fell after grace"),
                            ("grace", "grace began"),
                            ("in_grace", "in grace"),
                            ("recovered", "recovered in grace"),
                            ("proposed", "waits for approval"),
                            ("excepted", "kept by an exception"),
                        ],
                        max_length=16,
                        verbose_name="what happened",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="assessed"
                    ),
                ),
            ],
            options={
                "verbose_name": "tier assessment",
                "verbose_name_plural": "tier assessments",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["partner", "-id"], name="assessment_of_partner")],
            },
        ),
        migrations.CreateModel(
            name="TierStanding",
            fields=[
                (
                    "partner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="partners.partner",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tierprogramme",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tierassessment",
                    ),
                ),
                ("measured", models.JSONField(default=dict)),
                ("points", models.IntegerField(null=True)),
                (
                    "reached",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tier",
                    ),
                ),
                ("grace_since", models.DateTimeField(null=True, verbose_name="in grace since")),
                ("grace_until", models.DateTimeField(null=True, verbose_name="grace ends")),
                ("warned_at", models.DateTimeField(null=True, verbose_name="warned again")),
                (
                    "declined",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tier",
                        verbose_name="declined",
                    ),
                ),
            ],
            options={
                "verbose_name": "standing",
                "verbose_name_plural": "standings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("grace_since__isnull", True), ("grace_until__isnull", True)),
                            models.Q(
                                ("grace_since__isnull", False), ("grace_until__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="standing_grace_has_both_ends",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TierStay",
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
                        related_name="stays",
                        to="partners.partner",
                    ),
                ),
                (
                    "tier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tier",
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="since")),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                (
                    "note",
                    models.CharField(blank=True, default="", max_length=1000, verbose_name="why"),
                ),
                ("by", models.CharField(blank=True, default="", max_length=200, verbose_name="by")),
                (
                    "assessment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tierassessment",
                    ),
                ),
            ],
            options={
                "verbose_name": "time in a tier",
                "verbose_name_plural": "tier history",
                "ordering": ["-since", "-id"],
                "indexes": [
                    models.Index(fields=["partner", "-since", "-id"], name="stays_of_partner")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("partner",),
                        name="stay_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="stay_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TierException",
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
                        related_name="tier_exceptions",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "tier",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the partner stays in its tier, whatever it reaches.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tier",
                        verbose_name="tier",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("last_day", models.DateField(verbose_name="until the end of")),
                (
                    "since",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
                ),
                ("by", models.CharField(max_length=200, verbose_name="by")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "tier exception",
                "verbose_name_plural": "tier exceptions",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("partner",),
                        name="exception_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TierProposal",
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
                        related_name="tier_proposals",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tier",
                        verbose_name="from",
                    ),
                ),
                (
                    "after",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tier",
                        verbose_name="to",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.tierassessment",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("overtaken", "Overtaken"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked"),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "decided_by",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="decided by"
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="note"),
                ),
            ],
            options={
                "verbose_name": "proposed tier",
                "verbose_name_plural": "proposed tiers",
                "ordering": ["asked_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "waiting")),
                        fields=["asked_at", "id"],
                        name="proposal_queue",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "waiting")),
                        fields=("partner",),
                        name="proposal_one_waiting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "waiting"), ("decided_at__isnull", False), _connector="OR"
                        ),
                        name="proposal_decided_is_dated",
                    ),
                ],
            },
        ),
    ]
