"""The parts of a split add up, and its terms stay as they were written."""

from django.db import migrations

from dealreg.migrations import FORMER

CREATE = """
CREATE FUNCTION dealreg_split_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint;
    total numeric;
BEGIN
    IF TG_TABLE_NAME = 'dealreg_splitterms' THEN
        touched := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        touched := OLD.terms_id;
    ELSE
        touched := NEW.terms_id;
    END IF;
    SELECT coalesce(sum(percent), 0) INTO total FROM dealreg_splitpart WHERE terms_id = touched;
    IF total <> 100 AND EXISTS (SELECT 1 FROM dealreg_splitterms WHERE id = touched) THEN
        RAISE EXCEPTION 'The parts of terms % add up to % per cent, not to 100.', touched, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'split_adds_up';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER split_parts_add_up
    AFTER INSERT OR DELETE ON dealreg_splitpart DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION dealreg_split_adds_up();
CREATE CONSTRAINT TRIGGER split_terms_add_up
    AFTER INSERT ON dealreg_splitterms DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION dealreg_split_adds_up();

CREATE FUNCTION dealreg_keep_split_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Terms of a split stay as they were written.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_split_terms BEFORE UPDATE ON dealreg_splitterms
    FOR EACH ROW EXECUTE FUNCTION dealreg_keep_split_terms();
CREATE TRIGGER keep_split_parts BEFORE UPDATE ON dealreg_splitpart
    FOR EACH ROW EXECUTE FUNCTION dealreg_keep_split_terms();
"""
DROP = """
DROP TRIGGER keep_split_parts ON dealreg_splitpart;
DROP TRIGGER keep_split_terms ON dealreg_splitterms;
DROP FUNCTION dealreg_keep_split_terms();
DROP TRIGGER split_terms_add_up ON dealreg_splitterms;
DROP TRIGGER split_parts_add_up ON dealreg_splitpart;
DROP FUNCTION dealreg_split_adds_up();
"""


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0012_splits"),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
    ]
