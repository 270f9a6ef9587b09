"""A published catalogue stays as it is, with its benefits."""

from django.db import migrations

from partners.migrations import FORMER

CREATE = """
CREATE FUNCTION partners_keep_catalogue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'retired'
       AND to_jsonb(NEW) - 'status' - 'retired_at' = to_jsonb(OLD) - 'status' - 'retired_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Benefit catalogue v% is published and stays as it is.', OLD.version
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_catalogue BEFORE UPDATE OR DELETE ON partners_benefitcatalogue
    FOR EACH ROW EXECUTE FUNCTION partners_keep_catalogue();

CREATE FUNCTION partners_keep_grant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.catalogue_id]
        WHEN 'DELETE' THEN ARRAY[OLD.catalogue_id]
        ELSE ARRAY[OLD.catalogue_id, NEW.catalogue_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM partners_benefitcatalogue
               WHERE id = ANY(touched) AND status <> 'draft') THEN
        RAISE EXCEPTION 'A benefit of a published catalogue stays as it is.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_grant BEFORE INSERT OR UPDATE OR DELETE ON partners_benefitgrant
    FOR EACH ROW EXECUTE FUNCTION partners_keep_grant();
"""
DROP = """
DROP TRIGGER keep_grant ON partners_benefitgrant;
DROP FUNCTION partners_keep_grant();
DROP TRIGGER keep_catalogue ON partners_benefitcatalogue;
DROP FUNCTION partners_keep_catalogue();
"""


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0017_benefit_catalogues"),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
    ]
