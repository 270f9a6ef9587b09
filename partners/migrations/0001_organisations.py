"""Regions, tiers and partners, and who works where."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    initial = True
    replaces = FORMER
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="partners.region",
                        verbose_name="region above",
                    ),
                ),
                ("path", models.CharField(editable=False, max_length=200, verbose_name="path")),
            ],
            options={
                "verbose_name": "region",
                "verbose_name_plural": "regions",
                "ordering": ["path"],
                "constraints": [
                    models.UniqueConstraint(fields=("path",), name="region_path_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Z0-9-]+$")),
                        name="region_code_spelling",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="name")),
                ("rank", models.PositiveSmallIntegerField(unique=True, verbose_name="rank")),
                (
                    "approval_limit",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        help_text="In the base currency. Empty means without limit.",
                        max_digits=18,
                        null=True,
                        verbose_name="automatic approval up to",
                    ),
                ),
                (
                    "open_registrations_limit",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="A rule of engagement says what happens beyond. Empty means without limit.",
                        null=True,
                        verbose_name="open registrations at a time",
                    ),
                ),
            ],
            options={
                "verbose_name": "tier",
                "verbose_name_plural": "tiers",
                "ordering": ["rank"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approval_limit__isnull", True),
                            ("approval_limit__gte", 0),
                            _connector="OR",
                        ),
                        name="tier_limit_not_negative",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("reseller", "Reseller"),
                            ("referral", "Referral partner"),
                            ("si", "Systems integrator"),
                            ("isv", "Independent software vendor"),
                            ("msp", "Managed service provider"),
                            ("distributor", "Distributor"),
                            ("influencer", "Influencer"),
                        ],
                        max_length=16,
                        verbose_name="type",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("prospect", "Prospect"),
                            ("applicant", "Applicant"),
                            ("onboarding", "Onboarding"),
                            ("active", "Active"),
                            ("at_risk", "At risk"),
                            ("suspended", "Suspended"),
                            ("offboarded", "Offboarded"),
                        ],
                        default="prospect",
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partners",
                        to="partners.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "tier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partners",
                        to="partners.tier",
                        verbose_name="tier",
                    ),
                ),
                (
                    "manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="managed_partners",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="channel manager",
                    ),
                ),
                (
                    "country",
                    models.CharField(blank=True, default="", max_length=2, verbose_name="country"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
                ),
            ],
            options={
                "verbose_name": "partner",
                "verbose_name_plural": "partners",
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        models.F("region"),
                        name="partner_name_in_region",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "prospect",
                                    "applicant",
                                    "onboarding",
                                    "active",
                                    "at_risk",
                                    "suspended",
                                    "offboarded",
                                ],
                            )
                        ),
                        name="partner_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                [
                                    "reseller",
                                    "referral",
                                    "si",
                                    "isv",
                                    "msp",
                                    "distributor",
                                    "influencer",
                                ],
                            )
                        ),
                        name="partner_type_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerDomain",
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
                        related_name="domains",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("domain", models.CharField(max_length=253, unique=True, verbose_name="domain")),
            ],
            options={
                "verbose_name": "partner domain",
                "verbose_name_plural": "partner domains",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("domain__regex", "^[a-z0-9.-]+\\.[a-z0-9-]+$")),
                        name="partner_domain_spelling",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
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
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("sales", "Sales"),
                                ("technical", "Technical"),
                                ("marketing", "Marketing"),
                                ("finance", "Finance"),
                                ("admin", "Administrator"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                        verbose_name="roles",
                    ),
                ),
                (
                    "joined_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="joined"),
                ),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "indexes": [
                    models.Index(fields=["partner", "left_at"], name="membership_of_partner")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at__isnull", True)),
                        fields=("user",),
                        name="membership_one_partner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "roles__contained_by",
                                ["sales", "technical", "marketing", "finance", "admin"],
                            ),
                            ("roles__len__gt", 0),
                        ),
                        name="membership_roles_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffDuty",
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
                        related_name="staff_duties",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("channel_manager", "Channel manager"),
                            ("ops", "Partner operations"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to="partners.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "verbose_name": "staff duty",
                "verbose_name_plural": "staff duties",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "role", "region"),
                        name="staff_duty_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["channel_manager", "ops"])),
                        name="staff_duty_role_known",
                    ),
                ],
            },
        ),
    ]
