"""An assessment stays as it was written."""

from django.db import migrations

from partners.migrations import FORMER

CREATE = """
CREATE FUNCTION partners_keep_assessment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Assessment % stays as it is.', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_assessment BEFORE UPDATE ON partners_tierassessment
    FOR EACH ROW EXECUTE FUNCTION partners_keep_assessment();
"""
DROP = """
DROP TRIGGER keep_assessment ON partners_tierassessment;
DROP FUNCTION partners_keep_assessment();
"""


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0014_tier_standings"),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
    ]
