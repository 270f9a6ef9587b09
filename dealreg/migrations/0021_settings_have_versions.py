from django.db import migrations

from core.kept import counted


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0013_versions_of_tables"),
        ("dealreg", "0020_leads"),
    ]

    operations = [
        counted("dealreg_productline"),
        counted("dealreg_dealfield"),
        counted("dealreg_rulebook"),
    ]
