"""Which parts of the portal are open to whom."""

import django.db.models.deletion
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0018_published_catalogues_stay"),
    ]

    operations = [
        migrations.CreateModel(
            name="RollOut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("feature", models.CharField(max_length=60, verbose_name="feature")),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("first_day", models.DateField(verbose_name="from")),
                ("last_day", models.DateField(verbose_name="until the end of")),
            ],
            options={
                "verbose_name": "roll-out",
                "verbose_name_plural": "roll-outs",
                "ordering": ["feature", "id"],
                "indexes": [models.Index(fields=["feature"], name="rollouts_of_feature")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("partner__isnull", True), ("region__isnull", False)),
                            models.Q(("partner__isnull", False), ("region__isnull", True)),
                            _connector="OR",
                        ),
                        name="rollout_to_a_region_or_a_partner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="rollout_ends_after_it_begins",
                    ),
                ],
            },
        ),
    ]
