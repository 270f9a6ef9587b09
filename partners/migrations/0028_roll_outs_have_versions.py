from django.db import migrations

from core.kept import counted


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0013_versions_of_tables"),
        ("partners", "0027_ideal_partner_profile"),
    ]

    operations = [counted("partners_rollout")]
