"""Deals that go through a distributor."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from dealreg.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0018_own_sales"),
        ("partners", "0010_distribution"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DealRoute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "deal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="route",
                        to="dealreg.deal",
                    ),
                ),
                (
                    "distributor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partner",
                        verbose_name="distributor",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.distributionlink",
                    ),
                ),
                ("kept", models.BooleanField(default=False, verbose_name="kept from distributors")),
                (
                    "endorsement",
                    models.CharField(
                        choices=[
                            ("none", "Not asked"),
                            ("waiting", "Waits for the distributor"),
                            ("endorsed", "Endorsed"),
                            ("refused", "Not endorsed"),
                            ("unanswered", "Not answered in time"),
                            ("passed_over", "The vendor went on without it"),
                        ],
                        default="none",
                        max_length=12,
                        verbose_name="endorsement",
                    ),
                ),
                ("answer_until", models.DateTimeField(null=True, verbose_name="answer until")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
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
                    "note",
                    models.CharField(blank=True, default="", max_length=1000, verbose_name="note"),
                ),
            ],
            options={
                "verbose_name": "way of a deal",
                "verbose_name_plural": "ways of deals",
                "indexes": [
                    models.Index(fields=["distributor", "-deal"], name="route_of_distributor"),
                    models.Index(
                        condition=models.Q(("endorsement", "waiting")),
                        fields=["distributor", "answer_until"],
                        name="route_waiting",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("distributor__isnull", True),
                                ("kept", True),
                                ("link__isnull", True),
                            ),
                            models.Q(
                                ("distributor__isnull", False),
                                ("kept", False),
                                ("link__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="route_through_or_kept",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "endorsement__in",
                                [
                                    "none",
                                    "waiting",
                                    "endorsed",
                                    "refused",
                                    "unanswered",
                                    "passed_over",
                                ],
                            )
                        ),
                        name="route_endorsement_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("endorsement", "none"),
                            models.Q(
                                ("answer_until__isnull", False), ("distributor__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="route_asked_until",
                    ),
                ],
            },
        ),
    ]
