"""What both sides signed stays as it is; a draft is the only thing that is rewritten."""

from django.db import migrations

from partners.migrations import FORMER

CREATE = """
CREATE FUNCTION partners_keep_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may_change text[] := ARRAY['status', 'version', 'closed_at', 'closing_note',
    'partner_id', 'created_by_id', 'partner_signed_by_id', 'vendor_signed_by_id'];
BEGIN
    IF OLD.status IN ('agreed', 'closed', 'replaced')
       AND (TG_OP = 'DELETE' OR to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change) THEN
        RAISE EXCEPTION 'Plan % is signed and stays as it is.', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_plan BEFORE UPDATE OR DELETE ON partners_jointplan
    FOR EACH ROW EXECUTE FUNCTION partners_keep_plan();

CREATE FUNCTION partners_keep_plan_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.plan_id]
        WHEN 'DELETE' THEN ARRAY[OLD.plan_id]
        ELSE ARRAY[OLD.plan_id, NEW.plan_id] END;
    may_change text[] := ARRAY['result', 'todo_id', 'owner_id'];
BEGIN
    IF EXISTS (SELECT 1 FROM partners_jointplan WHERE id = ANY(touched) AND status <> 'draft')
       AND (TG_OP <> 'UPDATE' OR to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change) THEN
        RAISE EXCEPTION 'What was proposed or signed stays as it is.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_goal BEFORE INSERT OR UPDATE OR DELETE ON partners_plangoal
    FOR EACH ROW EXECUTE FUNCTION partners_keep_plan_parts();
CREATE TRIGGER keep_activity BEFORE INSERT OR UPDATE OR DELETE ON partners_planactivity
    FOR EACH ROW EXECUTE FUNCTION partners_keep_plan_parts();
"""
DROP = """
DROP TRIGGER keep_activity ON partners_planactivity;
DROP TRIGGER keep_goal ON partners_plangoal;
DROP FUNCTION partners_keep_plan_parts();
DROP TRIGGER keep_plan ON partners_jointplan;
DROP FUNCTION partners_keep_plan();
"""


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0021_plans"),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
    ]
