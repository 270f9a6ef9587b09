"""Leads, and whom they were offered to."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from dealreg.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0019_routes"),
        ("partners", "0001_organisations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Lead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("directory", "Partner directory")],
                        max_length=12,
                        verbose_name="source",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("expired", "Not answered"),
                            ("closed", "Closed"),
                        ],
                        default="new",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "product_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealreg.productline",
                        verbose_name="product line",
                    ),
                ),
                ("person", models.CharField(max_length=150, verbose_name="name")),
                ("company", models.CharField(max_length=200, verbose_name="company")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "phone",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="phone"),
                ),
                (
                    "country",
                    models.CharField(blank=True, default="", max_length=2, verbose_name="country"),
                ),
                ("message", models.TextField(max_length=2000, verbose_name="message")),
                (
                    "language",
                    models.CharField(
                        blank=True, default="", max_length=12, verbose_name="language"
                    ),
                ),
                ("consent_at", models.DateTimeField(verbose_name="consented")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="came in"),
                ),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed"),
                ),
                (
                    "answer_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="answer until"),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("registered", "Became a registration"),
                            ("no_need", "No need"),
                            ("not_reached", "Nobody reached"),
                            ("not_serious", "Not meant seriously"),
                            ("other", "Something else"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, default="", max_length=1000, verbose_name="note"),
                ),
                ("submission_key", models.UUIDField(editable=False, null=True, unique=True)),
            ],
            options={
                "verbose_name": "lead",
                "verbose_name_plural": "leads",
                "indexes": [
                    models.Index(fields=["partner", "-id"], name="lead_of_partner"),
                    models.Index(fields=["state", "-id"], name="lead_by_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["new", "accepted", "declined", "expired", "closed"])
                        ),
                        name="lead_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "new"]), _negated=True),
                            ("partner__isnull", False),
                            _connector="OR",
                        ),
                        name="lead_with_a_partner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["declined", "expired"]), _negated=True),
                            ("partner__isnull", True),
                            _connector="OR",
                        ),
                        name="lead_back_at_vendor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "new"), _negated=True),
                            ("answer_until__isnull", False),
                            _connector="OR",
                        ),
                        name="lead_new_waits_until",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "closed"), ("outcome", ""), _connector="XOR"),
                        name="lead_closed_with_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="dealreg.lead",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "offered_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="offered"),
                ),
                ("answer_until", models.DateTimeField(verbose_name="answer until")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "New"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("expired", "Not answered"),
                            ("closed", "Closed"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="answer",
                    ),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, default="", max_length=1000, verbose_name="reason"
                    ),
                ),
            ],
            options={
                "verbose_name": "offer of a lead",
                "verbose_name_plural": "offers of leads",
                "indexes": [models.Index(fields=["lead", "-id"], name="offers_of_lead")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("lead",),
                        name="lead_one_open_offer",
                    )
                ],
            },
        ),
    ]
