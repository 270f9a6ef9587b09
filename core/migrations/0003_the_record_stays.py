from django.db import migrations, models

# What happened is written down once. These tables only grow, whoever asks: a hand in the
# database, a bug, a bulk update. (A superuser can still drop the triggers; the hash chain
# then tells, see core/seal.py.)
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


def due(waiting_for: str, name: str) -> models.Index:
    tried = {"new": {"attempts": 0}, "again": {"attempts__gt": 0}}[waiting_for]
    return models.Index(
        fields=["due_at", "id"], name=name, condition=models.Q(state="waiting", **tried)
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0002_cache_table")]

    operations = [
        migrations.AlterField(
            "EventSeal", "id", models.BigIntegerField(primary_key=True, serialize=False)
        ),
        migrations.AddField(
            "EventSeal", "complete_to", models.BigIntegerField(default=0), preserve_default=False
        ),
        migrations.RemoveIndex("EventDelivery", "delivery_due"),
        migrations.AddIndex("EventDelivery", due("new", "delivery_due")),
        migrations.AddIndex("EventDelivery", due("again", "delivery_again")),
        migrations.RemoveIndex("OutgoingMail", "mail_due"),
        migrations.AddIndex("OutgoingMail", due("new", "mail_due")),
        migrations.AddIndex("OutgoingMail", due("again", "mail_again")),
        migrations.AddIndex(
            "OutgoingMail",
            models.Index(fields=["id"], name="mail_parked", condition=models.Q(state="parked")),
        ),
        migrations.RunSQL(CREATE, DROP),
        *[keep(table) for table in TABLES],
    ]
