"""How the portal looks and is called."""

import django.core.validators
from django.db import migrations, models

from core.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0012_idempotency"),
    ]

    operations = [
        migrations.CreateModel(
            name="Branding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        default="Partner Hub", max_length=60, verbose_name="portal name"
                    ),
                ),
                ("logo", models.FileField(blank=True, upload_to="branding/", verbose_name="logo")),
                (
                    "brand_colour",
                    models.CharField(
                        default="#3949ab",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}$", "Write a colour as #rrggbb."
                            )
                        ],
                        verbose_name="brand colour",
                    ),
                ),
                (
                    "accent_colour",
                    models.CharField(
                        default="#0f766e",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}$", "Write a colour as #rrggbb."
                            )
                        ],
                        verbose_name="accent colour",
                    ),
                ),
                (
                    "support_email",
                    models.EmailField(
                        blank=True, default="", max_length=254, verbose_name="support address"
                    ),
                ),
            ],
            options={
                "verbose_name": "branding",
                "verbose_name_plural": "branding",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="branding_one_row")
                ],
            },
        ),
    ]
