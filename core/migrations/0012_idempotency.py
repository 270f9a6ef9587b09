"""Calls of the API that were answered, so that none counts twice."""

import django.utils.timezone
from django.db import migrations, models

from core.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0011_saved_filters"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdempotentCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("caller", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("body", models.TextField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "answered call of the API",
                "verbose_name_plural": "answered calls of the API",
                "indexes": [models.Index(fields=["created_at"], name="idempotent_call_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("caller", "key"), name="call_answered_once")
                ],
            },
        ),
    ]
