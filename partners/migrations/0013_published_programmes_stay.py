"""A published programme stays as it is, with its tiers and what they ask for."""

from django.db import migrations

from partners.migrations import FORMER

CREATE = """
CREATE FUNCTION partners_keep_programme() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'retired'
       AND to_jsonb(NEW) - 'status' = to_jsonb(OLD) - 'status' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Tier programme v% is published and stays as it is.', OLD.version
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_programme BEFORE UPDATE OR DELETE ON partners_tierprogramme
    FOR EACH ROW EXECUTE FUNCTION partners_keep_programme();

CREATE FUNCTION partners_keep_programme_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.programme_id]
        WHEN 'DELETE' THEN ARRAY[OLD.programme_id]
        ELSE ARRAY[OLD.programme_id, NEW.programme_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM partners_tierprogramme
               WHERE id = ANY(touched) AND status <> 'draft') THEN
        RAISE EXCEPTION 'A tier of a published programme stays as it is.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_level BEFORE INSERT OR UPDATE OR DELETE ON partners_tierlevel
    FOR EACH ROW EXECUTE FUNCTION partners_keep_programme_parts();
CREATE TRIGGER keep_score BEFORE INSERT OR UPDATE OR DELETE ON partners_tierscore
    FOR EACH ROW EXECUTE FUNCTION partners_keep_programme_parts();

CREATE FUNCTION partners_keep_requirement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.level_id]
        WHEN 'DELETE' THEN ARRAY[OLD.level_id]
        ELSE ARRAY[OLD.level_id, NEW.level_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM partners_tierlevel level
               JOIN partners_tierprogramme p ON p.id = level.programme_id
               WHERE level.id = ANY(touched) AND p.status <> 'draft') THEN
        RAISE EXCEPTION 'A requirement of a published programme stays as it is.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_requirement BEFORE INSERT OR UPDATE OR DELETE ON partners_tierrequirement
    FOR EACH ROW EXECUTE FUNCTION partners_keep_requirement();
"""
DROP = """
DROP TRIGGER keep_requirement ON partners_tierrequirement;
DROP FUNCTION partners_keep_requirement();
DROP TRIGGER keep_score ON partners_tierscore;
DROP TRIGGER keep_level ON partners_tierlevel;
DROP FUNCTION partners_keep_programme_parts();
DROP TRIGGER keep_programme ON partners_tierprogramme;
DROP FUNCTION partners_keep_programme();
"""


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0012_tier_programmes"),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
    ]
