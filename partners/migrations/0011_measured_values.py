"""What was counted about a partner."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0010_distribution"),
    ]

    operations = [
        migrations.CreateModel(
            name="MeasureValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measure_values",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("measure", models.CharField(max_length=60, verbose_name="measure")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "value",
                    models.DecimalField(decimal_places=3, max_digits=18, verbose_name="value"),
                ),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                (
                    "entered_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="entered"),
                ),
            ],
            options={
                "verbose_name": "entered value",
                "verbose_name_plural": "entered values",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["measure", "partner", "-day"], name="measure_value_newest")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("partner", "measure", "day"), name="measure_value_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__gte", 0)), name="measure_value_not_negative"
                    ),
                ],
            },
        ),
    ]
