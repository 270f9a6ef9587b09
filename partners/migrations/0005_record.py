"""What is known about a partner: focus, territory, contacts, notes."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0004_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Focus",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("specialisation", "Specialisation"), ("vertical", "Vertical")],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("active", models.BooleanField(default=True, verbose_name="offered")),
            ],
            options={
                "verbose_name": "specialisation or vertical",
                "verbose_name_plural": "specialisations and verticals",
                "ordering": ["kind", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("kind"),
                        django.db.models.functions.text.Lower("name"),
                        name="focus_name_once_in_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["specialisation", "vertical"])),
                        name="focus_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerFocus",
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
                        related_name="focuses",
                        to="partners.partner",
                    ),
                ),
                (
                    "focus",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partners",
                        to="partners.focus",
                    ),
                ),
            ],
            options={
                "verbose_name": "specialisation or vertical of a partner",
                "verbose_name_plural": "specialisations and verticals of partners",
                "constraints": [
                    models.UniqueConstraint(fields=("partner", "focus"), name="partner_focus_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerTerritory",
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
                        related_name="territories",
                        to="partners.partner",
                    ),
                ),
                ("country", models.CharField(max_length=2, verbose_name="country")),
            ],
            options={
                "verbose_name": "territory",
                "verbose_name_plural": "territories",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("partner", "country"), name="partner_territory_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                        name="territory_country_spelling",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerContact",
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
                        related_name="contacts",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("management", "Management"),
                            ("sales", "Sales"),
                            ("technical", "Technical"),
                            ("marketing", "Marketing"),
                            ("finance", "Finance"),
                            ("legal", "Contracts"),
                        ],
                        max_length=16,
                        verbose_name="role",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, default="", max_length=254, verbose_name="e-mail address"
                    ),
                ),
                (
                    "phone",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="phone"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "ordering": ["role", "name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "management",
                                    "sales",
                                    "technical",
                                    "marketing",
                                    "finance",
                                    "legal",
                                ],
                            )
                        ),
                        name="contact_role_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerNote",
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
                        related_name="notes",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("text", models.TextField(max_length=2000, verbose_name="note")),
                (
                    "shared",
                    models.BooleanField(
                        default=False,
                        help_text="Otherwise only people at the vendor do. This cannot be changed later.",
                        verbose_name="the partner reads it, too",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("written_by", models.CharField(max_length=200, verbose_name="written by")),
                (
                    "written_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="written"),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["partner", "-id"], name="notes_of_partner")],
            },
        ),
    ]
