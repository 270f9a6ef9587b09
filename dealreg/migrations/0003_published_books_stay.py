"""A published book is evidence: decisions name it. Only its way to "retired" stays open."""

from django.db import migrations

from dealreg.migrations import FORMER

CREATE = """
CREATE FUNCTION dealreg_keep_published_book() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'retired'
       AND to_jsonb(NEW) - 'status' = to_jsonb(OLD) - 'status' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Rules of engagement v% are published and stay as they are.', OLD.version
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_published_book BEFORE UPDATE OR DELETE ON dealreg_rulebook
    FOR EACH ROW EXECUTE FUNCTION dealreg_keep_published_book();

CREATE FUNCTION dealreg_keep_published_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.book_id]
        WHEN 'DELETE' THEN ARRAY[OLD.book_id]
        ELSE ARRAY[OLD.book_id, NEW.book_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM dealreg_rulebook WHERE id = ANY(touched) AND status <> 'draft') THEN
        RAISE EXCEPTION 'A rule of a published book stays as it is.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_published_rule BEFORE INSERT OR UPDATE OR DELETE ON dealreg_rule
    FOR EACH ROW EXECUTE FUNCTION dealreg_keep_published_rule();
"""
DROP = """
DROP TRIGGER keep_published_rule ON dealreg_rule;
DROP FUNCTION dealreg_keep_published_rule();
DROP TRIGGER keep_published_book ON dealreg_rulebook;
DROP FUNCTION dealreg_keep_published_book();
"""


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0002_rule_books"),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
    ]
