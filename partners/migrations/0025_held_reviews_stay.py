"""What a review looked at when it was held stays as it was."""

from django.db import migrations

from partners.migrations import FORMER

CREATE = """
CREATE FUNCTION partners_keep_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.figures IS NOT NULL AND (TG_OP = 'DELETE'
        OR NEW.figures IS DISTINCT FROM OLD.figures
        OR (NEW.status, NEW.held_at, NEW.first, NEW.last)
           IS DISTINCT FROM (OLD.status, OLD.held_at, OLD.first, OLD.last)) THEN
        RAISE EXCEPTION 'Review % was held, and its numbers stay as they are.', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_figures BEFORE UPDATE OR DELETE ON partners_quarterlyreview
    FOR EACH ROW EXECUTE FUNCTION partners_keep_figures();
"""
DROP = """
DROP TRIGGER keep_figures ON partners_quarterlyreview;
DROP FUNCTION partners_keep_figures();
"""


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0024_reviews"),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
    ]
