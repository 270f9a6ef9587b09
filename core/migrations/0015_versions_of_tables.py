"""Tables that every request reads and hardly anybody changes have a version (core/kept.py)."""

from django.db import migrations, models

from core.migrations import FORMER

# From a sequence: a version that was rolled back is never given again.
CREATE = """
CREATE SEQUENCE core_tableversion_given;
CREATE FUNCTION core_count_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO core_tableversion ("table", version)
    VALUES (TG_TABLE_NAME, nextval('core_tableversion_given'))
    ON CONFLICT ("table") DO UPDATE SET version = excluded.version;
    RETURN NULL;
END $$;
"""
DROP = """
DROP FUNCTION core_count_change();
DROP SEQUENCE core_tableversion_given;
"""


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0014_cache_table"),
    ]

    operations = [
        migrations.CreateModel(
            name="TableVersion",
            fields=[
                ("table", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("version", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
