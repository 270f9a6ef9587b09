from django.db import migrations

STEPS = [(1, "owner"), (2, "region"), (3, "above"), (5, "ops")]


def promise_two_business_days(apps, schema_editor):
    """What the portal would promise anyway, as a row that operations can change."""
    level = apps.get_model("dealreg", "ServiceLevel").objects.create(
        decision_days=2, evidence_days=2, appeal_days=5
    )
    step = apps.get_model("dealreg", "EscalationStep")
    step.objects.bulk_create(step(level=level, after_days=days, who=who) for days, who in STEPS)


class Migration(migrations.Migration):
    dependencies = [("dealreg", "0013_conflict_cases_and_service_levels")]

    operations = [
        migrations.RunPython(promise_two_business_days, migrations.RunPython.noop, elidable=False)
    ]
