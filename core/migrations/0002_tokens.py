"""Keys to the API, and how often each calls."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from core.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0001_users"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "label",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="label"),
                ),
                ("prefix", models.CharField(max_length=12, unique=True, verbose_name="prefix")),
                ("secret_hash", models.CharField(max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None, verbose_name="scopes"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                (
                    "last_used_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last used"),
                ),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
            },
        ),
        migrations.CreateModel(
            name="ApiCallWindow",
            fields=[
                ("caller", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("opened_at", models.DateTimeField()),
                ("calls", models.PositiveIntegerField()),
            ],
        ),
        # A minute's counters are not worth the write-ahead log of every call.
        migrations.RunSQL(
            "ALTER TABLE core_apicallwindow SET UNLOGGED",
            "ALTER TABLE core_apicallwindow SET LOGGED",
        ),
    ]
