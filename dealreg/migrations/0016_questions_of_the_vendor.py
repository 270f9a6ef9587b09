"""What the vendor asks about a deal beyond the portal's own fields."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

from dealreg.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0008_files"),
        ("dealreg", "0015_merging"),
        ("partners", "0001_organisations"),
    ]

    operations = [
        migrations.CreateModel(
            name="DealField",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("number", "Number"),
                            ("money", "Money"),
                            ("date", "Date"),
                            ("choice", "Choice"),
                            ("yes_no", "Yes or no"),
                            ("file", "File"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("labels", models.JSONField(default=dict, verbose_name="label")),
                ("hints", models.JSONField(blank=True, default=dict, verbose_name="help text")),
                ("choices", models.JSONField(blank=True, default=list, verbose_name="answers")),
                (
                    "least",
                    models.DecimalField(
                        decimal_places=6, max_digits=18, null=True, verbose_name="at least"
                    ),
                ),
                (
                    "most",
                    models.DecimalField(
                        decimal_places=6, max_digits=18, null=True, verbose_name="at most"
                    ),
                ),
                (
                    "digits",
                    models.PositiveSmallIntegerField(default=0, verbose_name="decimal places"),
                ),
                (
                    "needed",
                    models.CharField(
                        choices=[
                            ("never", "never"),
                            ("always", "always"),
                            ("when", "when its conditions hold"),
                        ],
                        default="never",
                        max_length=8,
                        verbose_name="needed",
                    ),
                ),
                (
                    "conditions",
                    models.JSONField(blank=True, default=dict, verbose_name="needed when"),
                ),
                ("in_list", models.BooleanField(default=False, verbose_name="shown in lists")),
                (
                    "in_filter",
                    models.BooleanField(default=False, verbose_name="lists can be filtered by it"),
                ),
                ("position", models.PositiveSmallIntegerField(default=10, verbose_name="place")),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
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
                    "product_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealreg.productline",
                        verbose_name="product line",
                    ),
                ),
            ],
            options={
                "verbose_name": "own field",
                "verbose_name_plural": "own fields",
                "ordering": ["position", "code"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]*$")),
                        name="dealfield_code_spelling",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                ["text", "number", "money", "date", "choice", "yes_no", "file"],
                            )
                        ),
                        name="dealfield_type_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("needed__in", ["never", "always", "when"])),
                        name="dealfield_needed_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("needed", "when"), _negated=True),
                            models.Q(("conditions", {}), _negated=True),
                            _connector="OR",
                        ),
                        name="dealfield_when_says",
                    ),
                    models.UniqueConstraint(fields=("id", "type"), name="dealfield_id_type"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DealAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("number", "Number"),
                            ("money", "Money"),
                            ("date", "Date"),
                            ("choice", "Choice"),
                            ("yes_no", "Yes or no"),
                            ("file", "File"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.TextField(null=True)),
                ("number", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                ("amount", models.DecimalField(decimal_places=3, max_digits=18, null=True)),
                ("currency", models.CharField(max_length=3, null=True)),
                ("date", models.DateField(null=True)),
                ("choice", models.CharField(max_length=40, null=True)),
                ("yes_no", models.BooleanField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="dealreg.deal",
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="dealreg.dealfield",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer in an own field",
                "verbose_name_plural": "answers in own fields",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("choice__isnull", False)),
                        fields=["field", "choice", "deal"],
                        name="dealanswer_by_choice",
                    ),
                    models.Index(
                        condition=models.Q(("yes_no__isnull", False)),
                        fields=["field", "yes_no", "deal"],
                        name="dealanswer_by_yes_no",
                    ),
                    models.Index(
                        condition=models.Q(("number__isnull", False)),
                        fields=["field", "number", "deal"],
                        name="dealanswer_by_number",
                    ),
                    models.Index(
                        condition=models.Q(("amount__isnull", False)),
                        fields=["field", "amount", "deal"],
                        name="dealanswer_by_amount",
                    ),
                    models.Index(
                        condition=models.Q(("date__isnull", False)),
                        fields=["field", "date", "deal"],
                        name="dealanswer_by_date",
                    ),
                    models.Index(
                        models.F("field"),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper(
                                django.db.models.functions.text.Left("text", 60)
                            ),
                            name="text_pattern_ops",
                        ),
                        models.F("deal"),
                        condition=models.Q(("text__isnull", False)),
                        name="dealanswer_by_text",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount__isnull", True),
                                ("choice__isnull", True),
                                ("currency__isnull", True),
                                ("date__isnull", True),
                                ("file__isnull", True),
                                ("number__isnull", True),
                                ("text__isnull", False),
                                ("type", "text"),
                                ("yes_no__isnull", True),
                            ),
                            models.Q(
                                ("amount__isnull", True),
                                ("choice__isnull", True),
                                ("currency__isnull", True),
                                ("date__isnull", True),
                                ("file__isnull", True),
                                ("number__isnull", False),
                                ("text__isnull", True),
                                ("type", "number"),
                                ("yes_no__isnull", True),
                            ),
                            models.Q(
                                ("amount__isnull", False),
                                ("choice__isnull", True),
                                ("currency__isnull", False),
                                ("date__isnull", True),
                                ("file__isnull", True),
                                ("number__isnull", True),
                                ("text__isnull", True),
                                ("type", "money"),
                                ("yes_no__isnull", True),
                            ),
                            models.Q(
                                ("amount__isnull", True),
                                ("choice__isnull", True),
                                ("currency__isnull", True),
                                ("date__isnull", False),
                                ("file__isnull", True),
                                ("number__isnull", True),
                                ("text__isnull", True),
                                ("type", "date"),
                                ("yes_no__isnull", True),
                            ),
                            models.Q(
                                ("amount__isnull", True),
                                ("choice__isnull", False),
                                ("currency__isnull", True),
                                ("date__isnull", True),
                                ("file__isnull", True),
                                ("number__isnull", True),
                                ("text__isnull", True),
                                ("type", "choice"),
                                ("yes_no__isnull", True),
                            ),
                            models.Q(
                                ("amount__isnull", True),
                                ("choice__isnull", True),
                                ("currency__isnull", True),
                                ("date__isnull", True),
                                ("file__isnull", True),
                                ("number__isnull", True),
                                ("text__isnull", True),
                                ("type", "yes_no"),
                                ("yes_no__isnull", False),
                            ),
                            models.Q(
                                ("amount__isnull", True),
                                ("choice__isnull", True),
                                ("currency__isnull", True),
                                ("date__isnull", True),
                                ("file__isnull", False),
                                ("number__isnull", True),
                                ("text__isnull", True),
                                ("type", "file"),
                                ("yes_no__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="dealanswer_one_value",
                    ),
                    models.UniqueConstraint(
                        fields=("deal", "field"), name="dealanswer_one_per_field"
                    ),
                ],
            },
        ),
    ]
