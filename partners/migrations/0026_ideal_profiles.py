"""What an ideal partner is like, in versions, and how well each fits."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0025_held_reviews_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IdealProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(unique=True, verbose_name="version")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "partner_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reseller", "Reseller"),
                            ("referral", "Referral partner"),
                            ("si", "Systems integrator"),
                            ("isv", "Independent software vendor"),
                            ("msp", "Managed service provider"),
                            ("distributor", "Distributor"),
                            ("influencer", "Influencer"),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="partner type",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        default=12,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="months that measures count over",
                    ),
                ),
                (
                    "fair_from",
                    models.PositiveSmallIntegerField(default=40, verbose_name="fits in part from"),
                ),
                (
                    "good_from",
                    models.PositiveSmallIntegerField(default=70, verbose_name="fits well from"),
                ),
                (
                    "shown",
                    models.BooleanField(
                        default=False, verbose_name="partners see their score and its reasons"
                    ),
                ),
                (
                    "effective_from",
                    models.DateTimeField(blank=True, null=True, verbose_name="in force from"),
                ),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
            ],
            options={
                "verbose_name": "ideal partner profile",
                "verbose_name_plural": "ideal partner profiles",
                "ordering": ["-version"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "published", "retired"])),
                        name="ideal_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "draft"), ("effective_from__isnull", False), _connector="OR"
                        ),
                        name="ideal_published_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("retired_at__isnull", False), ("status", "retired")),
                            models.Q(
                                models.Q(("status", "retired"), _negated=True),
                                ("retired_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="ideal_retired_is_dated",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "draft"), _negated=True),
                        fields=("region", "partner_type", "effective_from"),
                        name="ideal_one_in_force_per_scope",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdealCriterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria",
                        to="partners.idealprofile",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("key", models.CharField(max_length=16)),
                ("source", models.CharField(max_length=80)),
                ("label", models.CharField(max_length=160)),
                ("weight", models.PositiveSmallIntegerField()),
                (
                    "unknown",
                    models.CharField(
                        choices=[
                            ("left_out", "leave it out and say that it is unknown"),
                            ("nothing", "count it as not fulfilled"),
                        ],
                        default="left_out",
                        max_length=10,
                    ),
                ),
                (
                    "bounds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=3, max_digits=18),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "shares",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "members",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("needed", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("profile", "key"), name="criterion_once_a_profile"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unknown__in", ["left_out", "nothing"])),
                        name="criterion_unknown_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("bounds__len", models.F("shares__len"))),
                        name="criterion_bands_are_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FitAnswer",
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
                        related_name="fit_answers",
                        to="partners.partner",
                    ),
                ),
                ("question", models.CharField(max_length=16)),
                ("wording", models.CharField(max_length=160)),
                ("yes", models.BooleanField()),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answered_label", models.CharField(max_length=200)),
                ("answered_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "answer about a partner",
                "verbose_name_plural": "answers about partners",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("partner", "question"), name="answer_once_a_partner"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerFit",
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
                        related_name="fits",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fits",
                        to="partners.idealprofile",
                    ),
                ),
                ("current", models.BooleanField(default=True)),
                (
                    "score",
                    models.DecimalField(
                        decimal_places=1, max_digits=4, null=True, verbose_name="score"
                    ),
                ),
                ("reasons", models.JSONField(default=list)),
                (
                    "scored_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="scored"),
                ),
            ],
            options={
                "verbose_name": "score of a partner",
                "verbose_name_plural": "scores of partners",
                "indexes": [
                    models.Index(
                        condition=models.Q(("current", True)),
                        fields=["-score", "id"],
                        name="fit_by_score",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("partner", "profile"), name="fit_once_a_version"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("current", True)),
                        fields=("partner",),
                        name="fit_one_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("score__isnull", True),
                            models.Q(("score__gte", 0), ("score__lte", 100)),
                            _connector="OR",
                        ),
                        name="fit_score_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FitRun",
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
                    "kind",
                    models.CharField(
                        choices=[("score", "Scoring"), ("trial", "Trial")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="partners.idealprofile",
                        verbose_name="ideal partner profile",
                    ),
                ),
                ("cause", models.CharField(max_length=200, verbose_name="asked by")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked"),
                ),
                ("regions", models.JSONField(blank=True, default=list)),
                ("total", models.PositiveIntegerField(default=0, verbose_name="partners")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="looked at")),
                ("last_id", models.BigIntegerField(default=0)),
                ("result", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "verbose_name": "scoring of partners",
                "verbose_name_plural": "scorings of partners",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=["due_at", "id"],
                        name="fit_run_due",
                    ),
                    models.Index(fields=["profile", "-id"], name="fit_run_of_profile"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "score"), ("state", "waiting")),
                        fields=("kind",),
                        name="fit_run_one_waits",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FitMove",
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
                        related_name="moves",
                        to="partners.fitrun",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
                ("before", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ("after", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ("level_before", models.CharField(max_length=8)),
                ("level_after", models.CharField(max_length=8)),
            ],
            options={
                "indexes": [models.Index(fields=["run", "id"], name="fit_moves_of_run")],
            },
        ),
    ]
