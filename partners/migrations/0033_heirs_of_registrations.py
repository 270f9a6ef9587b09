import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0032_parts_of_countries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="offboarding",
            name="deals_go_to",
            field=models.ForeignKey(
                blank=True,
                help_text="An active partner that takes them over. Empty: they are withdrawn.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.partner",
                verbose_name="open registrations go to",
            ),
        ),
        migrations.AddConstraint(
            model_name="offboarding",
            constraint=models.CheckConstraint(
                condition=models.Q(("partner", models.F("deals_go_to")), _negated=True),
                name="offboarding_heir_is_another",
            ),
        ),
    ]
