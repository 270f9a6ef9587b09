"""Conflicts between deals, and how they were settled."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from dealreg.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0008_two_business_days"),
        ("partners", "0001_organisations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConflictCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="dealreg.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "product_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealreg.productline",
                        verbose_name="product line",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("waiting", "Waiting for evidence"),
                            ("decided", "Decided, appeal possible"),
                            ("appealed", "Appealed"),
                            ("closed", "Closed"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("rule", "Rules of engagement"),
                            ("staff", "A channel manager"),
                            ("partner", "A partner"),
                        ],
                        max_length=8,
                        verbose_name="opened by",
                    ),
                ),
                ("opened_by", models.CharField(max_length=200, verbose_name="opened by")),
                (
                    "opened_by_partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
                ("why", models.TextField(verbose_name="why")),
                (
                    "conflict_level",
                    models.CharField(default="none", max_length=10, verbose_name="conflict"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="owned_cases",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="opened"),
                ),
                ("due_at", models.DateTimeField(verbose_name="due")),
                (
                    "evidence_due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="evidence until"),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("customers_choice", "The customer chose"),
                            ("first", "Registered first"),
                            ("progress", "Further with the customer"),
                            ("evidence", "Better evidence"),
                            ("different", "Different customers or opportunities"),
                            ("territory", "Agreed territory"),
                            ("together", "Better done together"),
                            ("none_qualified", "Nobody shows an opportunity"),
                            ("other", "Another reason"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                ("grounds", models.TextField(blank=True, default="", verbose_name="grounds")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                ("minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("in_time", models.BooleanField(blank=True, null=True)),
                (
                    "appeal_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="appeal until"),
                ),
                (
                    "appealed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="appealed"),
                ),
                ("appeal", models.TextField(blank=True, default="", verbose_name="appeal")),
                (
                    "appeal_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("customers_choice", "The customer chose"),
                            ("first", "Registered first"),
                            ("progress", "Further with the customer"),
                            ("evidence", "Better evidence"),
                            ("different", "Different customers or opportunities"),
                            ("territory", "Agreed territory"),
                            ("together", "Better done together"),
                            ("none_qualified", "Nobody shows an opportunity"),
                            ("other", "Another reason"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="reason on appeal",
                    ),
                ),
                (
                    "appeal_grounds",
                    models.TextField(blank=True, default="", verbose_name="grounds on appeal"),
                ),
                (
                    "appeal_decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="appeal decided"),
                ),
                (
                    "appeal_decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="appeal decided by",
                    ),
                ),
                ("appeal_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
            ],
            options={
                "verbose_name": "conflict case",
                "verbose_name_plural": "conflict cases",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["open", "waiting", "appealed"])),
                        fields=["due_at", "id"],
                        name="case_queue",
                    ),
                    models.Index(fields=["-id"], name="case_newest"),
                    models.Index(
                        condition=models.Q(("decided_at__isnull", False)),
                        fields=["product_line", "-decided_at"],
                        name="case_decided",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            "why", "grounds", "appeal_grounds", config="simple"
                        ),
                        name="case_words",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["open", "waiting", "decided", "appealed", "closed", "withdrawn"],
                            )
                        ),
                        name="case_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["rule", "staff", "partner"])),
                        name="case_origin_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("status__in", ["appealed", "decided", "open", "waiting"])
                        ),
                        fields=("account", "product_line"),
                        name="case_one_lives",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["decided", "appealed", "closed"]), _negated=True
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("minutes__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="case_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("appeal_decided_at__isnull", True),
                                ("appeal_decided_by__isnull", True),
                            ),
                            models.Q(
                                ("appeal_decided_at__isnull", False),
                                ("appeal_decided_by__isnull", False),
                                ("appealed_at__isnull", False),
                                ("status", "closed"),
                            ),
                            _connector="OR",
                        ),
                        name="case_appeal_decided_is_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("appeal_decided_by__isnull", True),
                            models.Q(("appeal_decided_by", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="case_appeal_to_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["closed", "withdrawn"]), _negated=True),
                            ("closed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="case_over_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseSide",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sides",
                        to="dealreg.conflictcase",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_sides",
                        to="dealreg.deal",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("asked", models.TextField(blank=True, default="")),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "first_outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("keeps", "keeps the customer"),
                            ("gets", "gets the customer"),
                            ("shares", "shares the customer"),
                            ("loses", "does not get the customer"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("keeps", "keeps the customer"),
                            ("gets", "gets the customer"),
                            ("shares", "shares the customer"),
                            ("loses", "does not get the customer"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                ("message", models.TextField(blank=True, default="")),
            ],
            options={
                "verbose_name": "side of a case",
                "verbose_name_plural": "sides of cases",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["partner", "-case"], name="side_of_partner")],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "partner"), name="side_once_a_partner"),
                    models.UniqueConstraint(fields=("case", "deal"), name="side_once_a_deal"),
                ],
            },
        ),
        migrations.AddField(
            model_name="conflictcase",
            name="appealed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dealreg.caseside",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflictcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "appealed"), _negated=True),
                    models.Q(("appealed_at__isnull", False), ("appealed_by__isnull", False)),
                    _connector="OR",
                ),
                name="case_appealed_by_a_side",
            ),
        ),
        migrations.CreateModel(
            name="CaseStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statements",
                        to="dealreg.caseside",
                    ),
                ),
                ("text", models.TextField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("author_label", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "statement",
                "verbose_name_plural": "statements",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CaseEscalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalations",
                        to="dealreg.conflictcase",
                    ),
                ),
                ("step", models.CharField(max_length=40)),
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
                    ),
                ),
                ("told", models.JSONField(default=list)),
                ("why", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "escalation",
                "verbose_name_plural": "escalations",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "step"), name="escalation_once_a_step")
                ],
            },
        ),
    ]
