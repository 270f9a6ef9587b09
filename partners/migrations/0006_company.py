"""A partner's profile and documents, and what is asked of each type."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0005_record"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PartnerProfile",
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
                        related_name="profile",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "about",
                    models.TextField(
                        blank=True, default="", max_length=2000, verbose_name="about the company"
                    ),
                ),
                ("website", models.URLField(blank=True, default="", verbose_name="website")),
                (
                    "phone",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="phone"),
                ),
                (
                    "street",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="street"),
                ),
                (
                    "postal_code",
                    models.CharField(
                        blank=True, default="", max_length=20, verbose_name="postal code"
                    ),
                ),
                (
                    "city",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="city"),
                ),
                (
                    "employees",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(10000000)],
                        verbose_name="people",
                    ),
                ),
                (
                    "founded",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1500),
                            django.core.validators.MaxValueValidator(2200),
                        ],
                        verbose_name="founded in",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="changed"
                    ),
                ),
            ],
            options={
                "verbose_name": "company profile",
                "verbose_name_plural": "company profiles",
            },
        ),
        migrations.CreateModel(
            name="PartnerDocument",
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
                        related_name="documents",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contract", "Contract"),
                            ("confidentiality", "Confidentiality agreement"),
                            ("certificate", "Certificate"),
                            ("insurance", "Proof of insurance"),
                            ("tax", "Tax form"),
                            ("other", "Other document"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                (
                    "expires_on",
                    models.DateField(
                        blank=True,
                        help_text="The partner and its manager are reminded 30 days before, and on the day.",
                        null=True,
                        verbose_name="valid until",
                    ),
                ),
                (
                    "shared",
                    models.BooleanField(
                        default=False,
                        help_text="Otherwise only people at the vendor do.",
                        verbose_name="the partner reads it, too",
                    ),
                ),
                ("withdrawn", models.BooleanField(default=False, verbose_name="no longer counts")),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="added"),
                ),
            ],
            options={
                "verbose_name": "document of a partner",
                "verbose_name_plural": "documents of partners",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["partner", "-id"], name="documents_of_partner")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "contract",
                                    "confidentiality",
                                    "certificate",
                                    "insurance",
                                    "tax",
                                    "other",
                                ],
                            )
                        ),
                        name="partner_document_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TypePlaybook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                        unique=True,
                        verbose_name="type",
                    ),
                ),
                (
                    "duties",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="What is expected of partners of this type, one in each line.",
                        max_length=4000,
                        verbose_name="duties",
                    ),
                ),
                (
                    "playbook",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="How they go about it, one step in each line.",
                        max_length=4000,
                        verbose_name="playbook",
                    ),
                ),
            ],
            options={
                "verbose_name": "duties and playbook of a type",
                "verbose_name_plural": "duties and playbooks of types",
                "ordering": ["type"],
                "constraints": [
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
                        name="playbook_type_known",
                    )
                ],
            },
        ),
    ]
