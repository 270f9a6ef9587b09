"""Deals that partners share."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from dealreg.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0011_stages_and_reasons"),
        ("partners", "0001_organisations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Split",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="splits",
                        to="dealreg.deal",
                        verbose_name="deal",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("countered", "Countered"),
                            ("in_force", "In force"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                            ("superseded", "Replaced"),
                        ],
                        default="proposed",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("agreed", "Agreed by the partners"),
                            ("default", "Default after the deadline"),
                            ("staff", "Set by the vendor"),
                        ],
                        default="agreed",
                        max_length=8,
                        verbose_name="basis",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("deadline", models.DateTimeField(blank=True, null=True, verbose_name="deadline")),
                (
                    "default_share",
                    models.CharField(
                        choices=[
                            ("registrant", "The partner who registered the deal gets all"),
                            ("equal", "Equal shares"),
                            ("weights", "By the weights of the roles"),
                        ],
                        default="registrant",
                        max_length=12,
                    ),
                ),
                ("weights", models.JSONField(blank=True, default=dict)),
                ("names_shown", models.BooleanField(default=False)),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by_partner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="proposed"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed"),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                ("settled_by", models.CharField(blank=True, default="", max_length=200)),
                ("reason", models.TextField(blank=True, default="")),
            ],
            options={
                "verbose_name": "split",
                "verbose_name_plural": "splits",
                "indexes": [
                    models.Index(fields=["deal", "-id"], name="split_of_deal"),
                    models.Index(fields=["-changed_at", "-id"], name="split_list"),
                    models.Index(
                        fields=["status", "-changed_at", "-id"], name="split_list_by_status"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "proposed",
                                    "countered",
                                    "in_force",
                                    "declined",
                                    "withdrawn",
                                    "expired",
                                    "superseded",
                                ],
                            )
                        ),
                        name="split_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis__in", ["agreed", "default", "staff"])),
                        name="split_basis_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("default_share__in", ["registrant", "equal", "weights"])
                        ),
                        name="split_default_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["countered", "proposed"]), _negated=True),
                            models.Q(("deadline__isnull", False), ("settled_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="split_open_has_deadline",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["countered", "proposed"]),
                            ("settled_at__isnull", False),
                            _connector="OR",
                        ),
                        name="split_settled_is_dated",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["countered", "proposed"])),
                        fields=("deal",),
                        name="split_one_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "in_force")),
                        fields=("deal",),
                        name="split_one_in_force",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SplitParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "split",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="dealreg.split",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
                ("invited_as", models.CharField(blank=True, default="", max_length=253)),
                ("named", models.BooleanField(default=False)),
                ("agreed_to", models.PositiveSmallIntegerField(default=0)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("declined_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, default="")),
            ],
            options={
                "verbose_name": "partner in a split",
                "verbose_name_plural": "partners in splits",
                "indexes": [models.Index(fields=["partner", "split"], name="split_of_partner")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("split", "partner"), name="split_names_partner_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("partner__isnull", False),
                            models.Q(("invited_as", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="split_party_is_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SplitTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "split",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="dealreg.split",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="dealreg.splitparty",
                    ),
                ),
                ("note", models.TextField(blank=True, default="")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "terms of a split",
                "verbose_name_plural": "terms of splits",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("split", "number"), name="split_terms_numbered")
                ],
            },
        ),
        migrations.CreateModel(
            name="SplitPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "terms",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="dealreg.splitterms",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="dealreg.splitparty",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("source", "Source"),
                            ("sell", "Sell"),
                            ("influence", "Influence"),
                            ("implement", "Implement"),
                            ("fulfil", "Fulfil"),
                        ],
                        max_length=12,
                    ),
                ),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5)),
            ],
            options={
                "verbose_name": "part of a split",
                "verbose_name_plural": "parts of splits",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("terms", "party", "role"), name="split_role_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gt", 0), ("percent__lte", 100)),
                        name="split_percent_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["source", "sell", "influence", "implement", "fulfil"])
                        ),
                        name="split_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SplitPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: wherever no other row says otherwise.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "answer_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="days to agree",
                    ),
                ),
                (
                    "default_share",
                    models.CharField(
                        choices=[
                            ("registrant", "The partner who registered the deal gets all"),
                            ("equal", "Equal shares"),
                            ("weights", "By the weights of the roles"),
                        ],
                        default="registrant",
                        max_length=12,
                        verbose_name="without agreement",
                    ),
                ),
                (
                    "weight_source",
                    models.PositiveSmallIntegerField(default=20, verbose_name="weight of “source”"),
                ),
                (
                    "weight_sell",
                    models.PositiveSmallIntegerField(default=50, verbose_name="weight of “sell”"),
                ),
                (
                    "weight_influence",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="weight of “influence”"
                    ),
                ),
                (
                    "weight_implement",
                    models.PositiveSmallIntegerField(
                        default=15, verbose_name="weight of “implement”"
                    ),
                ),
                (
                    "weight_fulfil",
                    models.PositiveSmallIntegerField(default=5, verbose_name="weight of “fulfil”"),
                ),
                (
                    "names_shown",
                    models.BooleanField(
                        default=False,
                        help_text="Otherwise only those who both agreed to it.",
                        verbose_name="partners see each other's names",
                    ),
                ),
            ],
            options={
                "verbose_name": "split policy",
                "verbose_name_plural": "split policies",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region",),
                        name="split_policy_once_for_region",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer_days__gte", 1), ("answer_days__lte", 90)),
                        name="split_policy_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("default_share__in", ["registrant", "equal", "weights"])
                        ),
                        name="split_policy_default_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("default_share", "weights"), _negated=True),
                            ("weight_source__gt", 0),
                            ("weight_sell__gt", 0),
                            ("weight_influence__gt", 0),
                            ("weight_implement__gt", 0),
                            ("weight_fulfil__gt", 0),
                            _connector="OR",
                        ),
                        name="split_policy_weighs",
                        violation_error_message="Give at least one role a weight.",
                    ),
                ],
            },
        ),
    ]
