"""Quarterly reviews and what is brought to them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0008_files"),
        ("partners", "0023_strengths_and_weaknesses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                (
                    "partner_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reseller", "Reseller"),
                            ("referral", "Referral partner"),
                            ("si", "Systems integrator"),
                            ("isv", "Independent software vendor"),
                            ("msp", "Managed service provider"),
                            ("distributor", "Distributor"),
                            ("influencer", "Influencer"),
                        ],
                        default="",
                        help_text="Empty: for every type.",
                        max_length=16,
                        verbose_name="partner type",
                    ),
                ),
                (
                    "agenda",
                    models.TextField(
                        help_text="One item in each line.", max_length=4000, verbose_name="agenda"
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "review agenda",
                "verbose_name_plural": "review agendas",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="QuarterlyReview",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                ("first", models.DateField(verbose_name="from")),
                ("last", models.DateField(verbose_name="until")),
                ("meets_at", models.DateTimeField(verbose_name="meeting")),
                (
                    "place",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="place or link"
                    ),
                ),
                (
                    "agenda",
                    models.TextField(
                        blank=True, default="", max_length=4000, verbose_name="agenda"
                    ),
                ),
                (
                    "guests",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="guests"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("held", "Held"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("figures", models.JSONField(blank=True, null=True)),
                ("held_at", models.DateTimeField(blank=True, null=True, verbose_name="held")),
                (
                    "notes",
                    models.TextField(blank=True, default="", max_length=8000, verbose_name="notes"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="planned by",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "participants",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="participants",
                    ),
                ),
            ],
            options={
                "verbose_name": "quarterly review",
                "verbose_name_plural": "quarterly reviews",
                "indexes": [
                    models.Index(fields=["partner", "-meets_at", "-id"], name="review_of_partner")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["planned", "held", "cancelled"])),
                        name="review_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lte", models.F("last"))),
                        name="review_quarter_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("figures__isnull", False),
                                ("held_at__isnull", False),
                                ("status", "held"),
                            ),
                            models.Q(
                                models.Q(("status", "held"), _negated=True),
                                ("figures__isnull", True),
                                ("held_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="review_held_keeps_figures",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewPack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("parked", "Parked"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "due_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="due"),
                ),
                (
                    "leased_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="leased until"),
                ),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                ),
                ("last_error", models.TextField(blank=True, default="", verbose_name="last error")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="packs",
                        to="partners.quarterlyreview",
                        verbose_name="review",
                    ),
                ),
                ("language", models.CharField(max_length=12, verbose_name="language")),
                ("of_version", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveSmallIntegerField(default=0, verbose_name="steps made")),
                ("total", models.PositiveSmallIntegerField(default=4, verbose_name="steps")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked"),
                ),
            ],
            options={
                "verbose_name": "review pack",
                "verbose_name_plural": "review packs",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=["due_at", "id"],
                        name="pack_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=("review", "language"),
                        name="pack_one_at_a_time",
                    )
                ],
            },
        ),
    ]
