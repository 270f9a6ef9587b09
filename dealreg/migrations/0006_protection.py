"""What is protected for whom and until when, and what it rests on."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from dealreg.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0008_files"),
        ("dealreg", "0005_deals"),
        ("partners", "0001_organisations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Protection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "deal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="protection",
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
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="protections",
                        to="dealreg.account",
                    ),
                ),
                (
                    "product_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealreg.productline",
                    ),
                ),
                ("period", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "book",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealreg.rulebook",
                    ),
                ),
                (
                    "margin",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
                ),
                ("extensions", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "protection",
                "verbose_name_plural": "protections",
                "indexes": [
                    models.Index(fields=["partner", "released_at"], name="protection_of_partner")
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("released_at__isnull", True)),
                        expressions=[
                            (
                                models.Func(
                                    models.F("account_id"),
                                    models.F("account_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("product_line_id"),
                                    models.F("product_line_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            ("period", "&&"),
                        ],
                        name="protection_never_overlaps",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False), ("period__upper_inf", False)
                        ),
                        name="protection_period_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceItem",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="dealreg.deal",
                        verbose_name="deal",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("meeting", "Meeting"),
                            ("proof", "Proof of concept"),
                            ("quote", "Quote"),
                            ("confirmation", "Customer’s confirmation"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("dated_on", models.DateField(verbose_name="date")),
                (
                    "note",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="note"),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.storedfile",
                        verbose_name="file",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                ("added_by_label", models.CharField(blank=True, default="", max_length=200)),
                (
                    "added_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="added"),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ["-dated_on", "-id"],
                "indexes": [
                    models.Index(fields=["deal", "-dated_on", "-id"], name="evidence_of_deal")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["meeting", "proof", "quote", "confirmation"])
                        ),
                        name="evidence_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extensions",
                        to="dealreg.deal",
                        verbose_name="deal",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("void", "No longer needed"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("reason", models.TextField(verbose_name="why it is needed")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked"),
                ),
                ("until_before", models.DateTimeField(verbose_name="end when asked")),
                (
                    "until_after",
                    models.DateTimeField(blank=True, null=True, verbose_name="end granted"),
                ),
                (
                    "origin",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rule", "Rules of engagement"),
                            ("person", "A person"),
                            ("import", "Imported history"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("meeting", "Meeting"),
                            ("proof", "Proof of concept"),
                            ("quote", "Quote"),
                            ("confirmation", "Customer’s confirmation"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="evidence",
                    ),
                ),
                (
                    "message",
                    models.TextField(blank=True, default="", verbose_name="reason of the decision"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_by_label", models.CharField(blank=True, default="", max_length=200)),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
            ],
            options={
                "verbose_name": "extension",
                "verbose_name_plural": "extensions",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["deal", "-id"], name="extension_of_deal"),
                    models.Index(
                        condition=models.Q(("status", "waiting")),
                        fields=["until_before", "id"],
                        name="extension_queue",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["waiting", "approved", "declined", "void"])
                        ),
                        name="extension_status_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "waiting")),
                        fields=("deal",),
                        name="extension_one_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "waiting"), ("decided_at__isnull", False), _connector="OR"
                        ),
                        name="extension_decided_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "approved"), _negated=True),
                            ("until_after__gt", models.F("until_before")),
                            _connector="OR",
                        ),
                        name="extension_approved_is_longer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="confirmations",
                        to="dealreg.deal",
                        verbose_name="deal",
                    ),
                ),
                ("address", models.EmailField(max_length=254, verbose_name="address")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
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
                    "asked_by_partner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked"),
                ),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Confirmed"), ("no", "Not our partner")],
                        default="",
                        max_length=3,
                        verbose_name="answer",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer's confirmation",
                "verbose_name_plural": "customers' confirmations",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["deal", "-id"], name="confirmation_of_deal"),
                    models.Index(
                        fields=["asked_by_partner", "asked_at"], name="confirmation_of_partner"
                    ),
                    models.Index(fields=["address", "asked_at"], name="confirmation_to_address"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("used_at__isnull", True)),
                            models.Q(("answer__in", ["yes", "no"]), ("used_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="confirmation_answered_once",
                    )
                ],
            },
        ),
    ]
