"""Distributors and the resellers they serve."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0009_merging"),
    ]

    operations = [
        migrations.CreateModel(
            name="DistributionLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "distributor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_to_resellers",
                        to="partners.partner",
                        verbose_name="distributor",
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_to_distributors",
                        to="partners.partner",
                        verbose_name="reseller",
                    ),
                ),
                (
                    "invited_as",
                    models.CharField(
                        blank=True, default="", max_length=253, verbose_name="invited as"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        help_text="With all regions in it. Empty: everywhere.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("active", "Active"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                            ("ended", "Ended"),
                        ],
                        default="proposed",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "proposed_by",
                    models.CharField(
                        choices=[
                            ("distributor", "Distributor"),
                            ("reseller", "Reseller"),
                            ("vendor", "Vendor"),
                        ],
                        max_length=12,
                        verbose_name="proposed by",
                    ),
                ),
                (
                    "proposed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="proposed"
                    ),
                ),
                (
                    "answer_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="answer until"),
                ),
                (
                    "note",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="note"),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="The last day.", null=True, verbose_name="until"
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                (
                    "settled_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("distributor", "Distributor"),
                            ("reseller", "Reseller"),
                            ("vendor", "Vendor"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="settled by",
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="reason"),
                ),
            ],
            options={
                "verbose_name": "distribution",
                "verbose_name_plural": "distribution",
                "indexes": [
                    models.Index(fields=["reseller", "state"], name="distribution_of_reseller"),
                    models.Index(
                        fields=["distributor", "state"], name="distribution_of_distributor"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["proposed", "active", "declined", "withdrawn", "expired", "ended"],
                            )
                        ),
                        name="distribution_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("distributor__isnull", False),
                            ("reseller__isnull", False),
                            _connector="OR",
                        ),
                        name="distribution_names_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("distributor", models.F("reseller")), _negated=True),
                        name="distribution_between_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["active", "ended"]), _negated=True),
                            models.Q(
                                ("distributor__isnull", False),
                                ("reseller__isnull", False),
                                ("starts_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="distribution_active_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at__isnull", True), ("state__in", ["active", "proposed"])
                            ),
                            models.Q(
                                models.Q(("state__in", ["active", "proposed"]), _negated=True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="distribution_settled_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ended"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="distribution_ended_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="distribution_ends_after_it_starts",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["active", "proposed"])),
                        fields=("distributor", "reseller"),
                        name="distribution_open_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("proposed_by", "distributor"), ("state", "proposed")),
                        fields=("distributor", "invited_as"),
                        name="distribution_reseller_asked_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("proposed_by", "reseller"), ("state", "proposed")),
                        fields=("reseller", "invited_as"),
                        name="distribution_distributor_asked_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DistributionPolicy",
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
                        blank=True,
                        help_text="Empty: wherever no other row says otherwise.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "partners_propose",
                    models.BooleanField(
                        default=True,
                        help_text="Otherwise only the vendor says who works with whom.",
                        verbose_name="partners propose it to each other",
                    ),
                ),
                (
                    "several",
                    models.BooleanField(
                        default=True, verbose_name="a reseller may have several distributors"
                    ),
                ),
                (
                    "answer_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="days to answer a proposal",
                    ),
                ),
                (
                    "customers_shown",
                    models.BooleanField(
                        default=True,
                        verbose_name="distributors see the customers of deals that run through them",
                    ),
                ),
                (
                    "amounts_shown",
                    models.BooleanField(
                        default=False,
                        verbose_name="distributors see the amounts of deals that run through them",
                    ),
                ),
                (
                    "may_keep",
                    models.BooleanField(
                        default=False,
                        verbose_name="a reseller may keep a deal from its distributor",
                    ),
                ),
                (
                    "endorses_first",
                    models.BooleanField(
                        default=False,
                        help_text="Only then the rules of engagement decide.",
                        verbose_name="the distributor endorses a registration first",
                    ),
                ),
                (
                    "endorse_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="After that the vendor goes on without the distributor.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="business days to endorse",
                    ),
                ),
            ],
            options={
                "verbose_name": "distribution policy",
                "verbose_name_plural": "distribution policies",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region",),
                        name="distribution_policy_once_for_region",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_days__gte", 1),
                            ("answer_days__lte", 90),
                            ("endorse_days__gte", 1),
                            ("endorse_days__lte", 30),
                        ),
                        name="distribution_policy_days",
                    ),
                ],
            },
        ),
    ]
