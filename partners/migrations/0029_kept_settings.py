"""Settings that every request reads have versions (core/kept.py)."""

from django.db import migrations

from core.kept import counted
from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0015_versions_of_tables"),
        ("partners", "0028_costs"),
    ]

    operations = [
        counted("partners_region"),
        counted("partners_benefitcatalogue"),
        counted("partners_rollout"),
    ]
