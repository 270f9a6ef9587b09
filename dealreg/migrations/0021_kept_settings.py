"""Settings that every request reads have versions (core/kept.py)."""

from django.db import migrations

from core.kept import counted
from dealreg.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0015_versions_of_tables"),
        ("dealreg", "0020_leads_and_offers"),
    ]

    operations = [
        counted("dealreg_productline"),
        counted("dealreg_dealfield"),
        counted("dealreg_rulebook"),
    ]
