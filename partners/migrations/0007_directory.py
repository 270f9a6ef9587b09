"""What a partner shows to the public."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0006_company"),
    ]

    operations = [
        migrations.CreateModel(
            name="DirectoryProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "partner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listing",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("listed", models.BooleanField(default=False, verbose_name="listed")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                (
                    "text",
                    models.TextField(blank=True, default="", max_length=2000, verbose_name="text"),
                ),
                ("website", models.URLField(blank=True, default="", verbose_name="website")),
                ("logo", models.FileField(blank=True, upload_to="directory/", verbose_name="logo")),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="countries",
                    ),
                ),
                (
                    "product_lines",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="product lines",
                    ),
                ),
                (
                    "closed_because",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="taken out because"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed"),
                ),
            ],
            options={
                "verbose_name": "directory profile",
                "verbose_name_plural": "directory profiles",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_because", ""), ("listed", True)),
                        fields=["name", "id"],
                        name="profile_listed_by_name",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            "name", "text", config="simple"
                        ),
                        name="profile_words",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["countries"], name="profile_countries"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["languages"], name="profile_languages"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["product_lines"], name="profile_product_lines"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("listed", False),
                            models.Q(
                                models.Q(("text", ""), _negated=True),
                                models.Q(("name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="listed_profile_says_something",
                    )
                ],
            },
        ),
    ]
