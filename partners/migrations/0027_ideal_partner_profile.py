"""The ideal partner profile; what is published stays as it is."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

CREATE = """
CREATE FUNCTION partners_keep_ideal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'retired'
       AND to_jsonb(NEW) - 'status' - 'retired_at' = to_jsonb(OLD) - 'status' - 'retired_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Ideal partner profile v% is published and stays as it is.', OLD.version
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_ideal BEFORE UPDATE OR DELETE ON partners_idealprofile
    FOR EACH ROW EXECUTE FUNCTION partners_keep_ideal();

CREATE FUNCTION partners_keep_criterion() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.profile_id]
        WHEN 'DELETE' THEN ARRAY[OLD.profile_id]
        ELSE ARRAY[OLD.profile_id, NEW.profile_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM partners_idealprofile
               WHERE id = ANY(touched) AND status <> 'draft') THEN
        RAISE EXCEPTION 'A criterion of a published profile stays as it is.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_criterion BEFORE INSERT OR UPDATE OR DELETE ON partners_idealcriterion
    FOR EACH ROW EXECUTE FUNCTION partners_keep_criterion();
"""
DROP = """
DROP TRIGGER keep_criterion ON partners_idealcriterion;
DROP FUNCTION partners_keep_criterion();
DROP TRIGGER keep_ideal ON partners_idealprofile;
DROP FUNCTION partners_keep_ideal();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0026_held_figures_stay"),
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
            ],
            options={
                "verbose_name": "ideal partner profile",
                "verbose_name_plural": "ideal partner profiles",
                "ordering": ["-version"],
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
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria",
                        to="partners.idealprofile",
                    ),
                ),
            ],
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
                ("cause", models.CharField(max_length=200, verbose_name="asked by")),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked"),
                ),
                ("regions", models.JSONField(blank=True, default=list)),
                ("total", models.PositiveIntegerField(default=0, verbose_name="partners")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="looked at")),
                ("last_id", models.BigIntegerField(default=0)),
                ("result", models.JSONField(blank=True, default=dict)),
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
                    "profile",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="partners.idealprofile",
                        verbose_name="ideal partner profile",
                    ),
                ),
            ],
            options={
                "verbose_name": "scoring of partners",
                "verbose_name_plural": "scorings of partners",
                "ordering": ["-id"],
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
            ],
            options={
                "verbose_name": "score of a partner",
                "verbose_name_plural": "scores of partners",
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
                ("question", models.CharField(max_length=16)),
                ("wording", models.CharField(max_length=160)),
                ("yes", models.BooleanField()),
                ("answered_label", models.CharField(max_length=200)),
                ("answered_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            name="FitMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ("after", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ("level_before", models.CharField(max_length=8)),
                ("level_after", models.CharField(max_length=8)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.partner",
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
            ],
            options={
                "indexes": [models.Index(fields=["run", "id"], name="fit_moves_of_run")],
            },
        ),
        migrations.AddConstraint(
            model_name="idealprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "published", "retired"])),
                name="ideal_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="idealprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"), ("effective_from__isnull", False), _connector="OR"
                ),
                name="ideal_published_is_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="idealprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("retired_at__isnull", False), ("status", "retired")),
                    models.Q(
                        models.Q(("status", "retired"), _negated=True), ("retired_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="ideal_retired_is_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="idealprofile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "draft"), _negated=True),
                fields=("region", "partner_type", "effective_from"),
                name="ideal_one_in_force_per_scope",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="idealcriterion",
            constraint=models.UniqueConstraint(
                fields=("profile", "key"), name="criterion_once_a_profile"
            ),
        ),
        migrations.AddConstraint(
            model_name="idealcriterion",
            constraint=models.CheckConstraint(
                condition=models.Q(("unknown__in", ["left_out", "nothing"])),
                name="criterion_unknown_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="idealcriterion",
            constraint=models.CheckConstraint(
                condition=models.Q(("bounds__len", models.F("shares__len"))),
                name="criterion_bands_are_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="fitrun",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "running"])),
                fields=["due_at", "id"],
                name="fit_run_due",
            ),
        ),
        migrations.AddIndex(
            model_name="fitrun",
            index=models.Index(fields=["profile", "-id"], name="fit_run_of_profile"),
        ),
        migrations.AddConstraint(
            model_name="fitrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "score"), ("state", "waiting")),
                fields=("kind",),
                name="fit_run_one_waits",
            ),
        ),
        migrations.AddIndex(
            model_name="partnerfit",
            index=models.Index(
                condition=models.Q(("current", True)), fields=["-score", "id"], name="fit_by_score"
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerfit",
            constraint=models.UniqueConstraint(
                fields=("partner", "profile"), name="fit_once_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerfit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("current", True)), fields=("partner",), name="fit_one_current"
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerfit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("score__isnull", True),
                    models.Q(("score__gte", 0), ("score__lte", 100)),
                    _connector="OR",
                ),
                name="fit_score_in_range",
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
