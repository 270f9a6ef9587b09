"""What the vendor sold or is selling itself."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from dealreg.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0017_answers_of_their_kind"),
        ("partners", "0001_organisations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Purchase",
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
                        related_name="purchases",
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
                ("bought_on", models.DateField(verbose_name="bought")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="runs until")),
                (
                    "sold_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty when the vendor sold it directly.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                        verbose_name="sold by",
                    ),
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
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
            ],
            options={
                "verbose_name": "purchase",
                "verbose_name_plural": "purchases",
                "indexes": [
                    models.Index(fields=["account", "product_line"], name="purchase_of_account")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("bought_on")),
                            _connector="OR",
                        ),
                        name="purchase_ends_after_it_began",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DirectOpportunity",
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
                        related_name="direct_opportunities",
                        to="dealreg.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "product_line",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty while it is not known: then it counts for every product line.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealreg.productline",
                        verbose_name="product line",
                    ),
                ),
                (
                    "stage",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="stage"),
                ),
                (
                    "owner",
                    models.CharField(blank=True, default="", max_length=150, verbose_name="owner"),
                ),
                ("opened_on", models.DateField(verbose_name="opened")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed")),
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
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
            ],
            options={
                "verbose_name": "direct opportunity",
                "verbose_name_plural": "direct opportunities",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_on__isnull", True)),
                        fields=["account"],
                        name="direct_opportunity_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="direct_opportunity_closes_after_it_opened",
                    )
                ],
            },
        ),
    ]
