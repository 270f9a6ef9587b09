"""What a region decides otherwise."""

import django.db.models.deletion
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0002_calendars"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegionPolicy",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="policy",
                        to="partners.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Suggested for new registrations.",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Of people at partners who are brought in without one.",
                        max_length=12,
                        verbose_name="language",
                    ),
                ),
                (
                    "approval_limit",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        help_text="In the base currency. What is above is approved by partner operations.",
                        max_digits=18,
                        null=True,
                        verbose_name="channel managers approve up to",
                    ),
                ),
                (
                    "any_amount",
                    models.BooleanField(
                        default=False,
                        help_text="Lifts a limit of the region above.",
                        verbose_name="channel managers approve any amount",
                    ),
                ),
            ],
            options={
                "verbose_name": "region policy",
                "verbose_name_plural": "region policy",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approval_limit__isnull", True),
                            models.Q(("any_amount", False), ("approval_limit__gte", 0)),
                            _connector="OR",
                        ),
                        name="region_limit_or_any_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^([A-Z]{3})?$")),
                        name="region_currency_spelling",
                    ),
                ],
            },
        ),
    ]
