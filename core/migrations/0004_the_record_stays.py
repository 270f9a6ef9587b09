"""What happened is written down once."""

from django.db import migrations

from core.migrations import FORMER

# These tables only grow, whoever asks: a hand in the database, a bug, a bulk update. (A superuser
# can still drop the triggers; the hash chain then tells, see core/seal.py.)
CREATE = """
CREATE FUNCTION core_keep_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: % is refused.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""
DROP = "DROP FUNCTION core_keep_record();"

TABLES = ["core_event", "core_eventseal", "core_sealedevent"]


def keep(table: str) -> migrations.RunSQL:
    # Per statement: refusing costs nothing per row, and an UPDATE that finds no row is refused
    # all the same.
    return migrations.RunSQL(
        f"CREATE TRIGGER keep_record BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION core_keep_record();"
        f"CREATE TRIGGER keep_record_whole BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION core_keep_record();",
        f"DROP TRIGGER keep_record_whole ON {table}; DROP TRIGGER keep_record ON {table};",
    )


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0003_events"),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        *[keep(table) for table in TABLES],
    ]
