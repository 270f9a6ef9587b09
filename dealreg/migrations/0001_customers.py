"""Product lines, customers, and the names and keys customers are found by."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from dealreg.migrations import FORMER


class Migration(migrations.Migration):
    initial = True
    replaces = FORMER
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ProductLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("active", models.BooleanField(default=True, verbose_name="open for registration")),
            ],
            options={
                "verbose_name": "product line",
                "verbose_name_plural": "product lines",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("name_key", models.CharField(editable=False, max_length=200)),
                (
                    "domain",
                    models.CharField(blank=True, default="", max_length=253, verbose_name="domain"),
                ),
                (
                    "country",
                    models.CharField(blank=True, default="", max_length=2, verbose_name="country"),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subsidiaries",
                        to="dealreg.account",
                        verbose_name="parent company",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_rows",
                        to="dealreg.account",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "sector",
                    models.CharField(blank=True, default="", max_length=80, verbose_name="sector"),
                ),
                (
                    "employees",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="employees"),
                ),
                (
                    "external_ref",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        null=True,
                        unique=True,
                        verbose_name="reference in the CRM",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "ordering": ["name", "id"],
                "indexes": [
                    models.Index(fields=["name_key"], name="account_name_key"),
                    models.Index(
                        condition=models.Q(("domain", ""), _negated=True),
                        fields=["domain"],
                        name="account_domain",
                    ),
                    models.Index(fields=["name", "id"], name="account_list"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            "name", "domain", config="simple"
                        ),
                        name="account_words",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="account_not_own_parent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="account_not_merged_into_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountAlias",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="dealreg.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="name"),
                ),
                (
                    "name_key",
                    models.CharField(blank=True, default="", editable=False, max_length=200),
                ),
                (
                    "domain",
                    models.CharField(blank=True, default="", max_length=253, verbose_name="domain"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
            ],
            options={
                "verbose_name": "other name or domain",
                "verbose_name_plural": "other names and domains",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("domain", ""), ("name", ""), _negated=True),
                        name="alias_names_something",
                    ),
                    models.UniqueConstraint(
                        fields=("account", "name_key", "domain"), name="alias_once_for_account"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key",
                        "account_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="keys",
                        to="dealreg.account",
                    ),
                ),
            ],
            options={
                "verbose_name": "key of a customer",
                "verbose_name_plural": "keys of customers",
            },
        ),
    ]
