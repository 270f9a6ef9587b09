from django.db import migrations

from core.kept import counted


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0013_versions_of_tables"),
        ("partners", "0023_heirs_of_tasks"),
    ]

    operations = [counted("partners_region"), counted("partners_benefitcatalogue")]
