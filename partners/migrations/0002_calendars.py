"""When a region works."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import core.models.users
from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0001_organisations"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegionCalendar",
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
                        related_name="calendar",
                        to="partners.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        max_length=64,
                        validators=[core.models.users.valid_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "working_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (1, "Monday"),
                                (2, "Tuesday"),
                                (3, "Wednesday"),
                                (4, "Thursday"),
                                (5, "Friday"),
                                (6, "Saturday"),
                                (7, "Sunday"),
                            ]
                        ),
                        size=None,
                        verbose_name="working days",
                    ),
                ),
                ("opens", models.TimeField(blank=True, null=True, verbose_name="opens")),
                ("closes", models.TimeField(blank=True, null=True, verbose_name="closes")),
            ],
            options={
                "verbose_name": "calendar",
                "verbose_name_plural": "calendar",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("working_days__contained_by", [1, 2, 3, 4, 5, 6, 7]),
                            ("working_days__len__gt", 0),
                        ),
                        name="calendar_working_days_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closes__isnull", True), ("opens__isnull", True)),
                            models.Q(
                                ("closes__isnull", False),
                                ("opens__isnull", False),
                                ("opens__lt", models.F("closes")),
                            ),
                            _connector="OR",
                        ),
                        name="calendar_opens_before_it_closes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holidays",
                        to="partners.region",
                        verbose_name="region",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "worked",
                    models.BooleanField(
                        default=False,
                        help_text="The region above has a holiday that is none here.",
                        verbose_name="worked all the same",
                    ),
                ),
            ],
            options={
                "verbose_name": "holiday",
                "verbose_name_plural": "holidays",
                "ordering": ["day"],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "day"), name="holiday_once_in_region")
                ],
            },
        ),
    ]
