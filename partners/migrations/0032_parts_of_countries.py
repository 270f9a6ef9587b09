"""Territories and what companies serve may be parts of countries, such as "DE-BY"."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0031_what_is_tried_out"),
    ]

    operations = [
        migrations.RemoveConstraint("partnerterritory", "territory_country_spelling"),
        migrations.RemoveConstraint("partnerterritory", "partner_territory_once"),
        migrations.RenameField("partnerterritory", "country", "place"),
        migrations.AlterField(
            model_name="partnerterritory",
            name="place",
            field=models.CharField(max_length=6, verbose_name="country or part of one"),
        ),
        migrations.AddConstraint(
            model_name="partnerterritory",
            constraint=models.UniqueConstraint(
                fields=("partner", "place"), name="partner_territory_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerterritory",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__regex", "^[A-Z]{2}(-[A-Z0-9]{1,3})?$")),
                name="territory_spelling",
            ),
        ),
        migrations.AlterField(
            model_name="directoryprofile",
            name="countries",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=6),
                blank=True,
                default=list,
                size=None,
                verbose_name="countries",
            ),
        ),
    ]
