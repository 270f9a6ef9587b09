"""A published ideal profile stays as it is, with its criteria."""

from django.db import migrations

from partners.migrations import FORMER

CREATE = """
CREATE FUNCTION partners_keep_ideal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'retired'
       AND to_jsonb(NEW) - 'status' - 'retired_at' = to_jsonb(OLD) - 'status' - 'retired_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Ideal partner profile v% is published and stays as it is.', OLD.version
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_ideal BEFORE UPDATE OR DELETE ON partners_idealprofile
    FOR EACH ROW EXECUTE FUNCTION partners_keep_ideal();

CREATE FUNCTION partners_keep_criterion() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.profile_id]
        WHEN 'DELETE' THEN ARRAY[OLD.profile_id]
        ELSE ARRAY[OLD.profile_id, NEW.profile_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM partners_idealprofile
               WHERE id = ANY(touched) AND status <> 'draft') THEN
        RAISE EXCEPTION 'A criterion of a published profile stays as it is.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_criterion BEFORE INSERT OR UPDATE OR DELETE ON partners_idealcriterion
    FOR EACH ROW EXECUTE FUNCTION partners_keep_criterion();
"""
DROP = """
DROP TRIGGER keep_criterion ON partners_idealcriterion;
DROP FUNCTION partners_keep_criterion();
DROP TRIGGER keep_ideal ON partners_idealprofile;
DROP FUNCTION partners_keep_ideal();
"""


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0026_ideal_profiles"),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
    ]
