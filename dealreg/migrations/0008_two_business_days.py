"""The service level to start with."""

from django.db import migrations

from dealreg.migrations import FORMER

# What the portal would promise anyway, as rows that operations can change.
PROMISE = """
WITH level AS (
    INSERT INTO dealreg_servicelevel (decision_days, evidence_days, appeal_days)
    VALUES (2, 2, 5)
    RETURNING id
)
INSERT INTO dealreg_escalationstep (level_id, after_days, who)
SELECT level.id, step.after_days, step.who
FROM level,
     (VALUES (1, 'owner'), (2, 'region'), (3, 'above'), (5, 'ops')) AS step (after_days, who);
"""


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0007_service_levels"),
    ]

    operations = [
        migrations.RunSQL(PROMISE, migrations.RunSQL.noop),
    ]
