from django.db import migrations

# A published book keeps everything but its way to "retired", the terms of protection too.
KEEP_ALL = """
CREATE OR REPLACE FUNCTION dealreg_keep_published_book() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""

# Protections that were granted before somebody looked to their end: the lapse is due at the end,
# the reminders where they still lie ahead.
FOLLOW = """
INSERT INTO core_appointment
    (kind, subject_type, subject_id, key, state, attempts, due_at, last_error)
SELECT due.kind, 'dealreg.deal', deal.id, due.key, 'waiting', 0, due.at, ''
FROM dealreg_protection AS protection
JOIN dealreg_deal AS deal ON deal.id = protection.deal_id
CROSS JOIN LATERAL (
    VALUES ('dealreg.lapse_protection', '', upper(protection.period)),
           ('dealreg.remind_of_end', '30', upper(protection.period) - interval '30 days'),
           ('dealreg.remind_of_end', '14', upper(protection.period) - interval '14 days'),
           ('dealreg.remind_of_end', '3', upper(protection.period) - interval '3 days')
) AS due (kind, key, at)
WHERE protection.released_at IS NULL AND deal.status = 'approved'
  AND deal.stage NOT IN ('won', 'lost')
  AND (due.kind = 'dealreg.lapse_protection' OR due.at > now())
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0009_appointments"),
        ("dealreg", "0017_protection_terms"),
    ]

    operations = [
        migrations.RunSQL(KEEP_ALL, migrations.RunSQL.noop),
        migrations.RunSQL(FOLLOW, migrations.RunSQL.noop),
    ]
