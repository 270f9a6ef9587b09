"""An answer is of its field's kind, so a field with answers cannot become another kind."""

from django.db import migrations

from dealreg.migrations import FORMER

CREATE = """
ALTER TABLE dealreg_dealanswer ADD CONSTRAINT dealanswer_of_its_fields_type
    FOREIGN KEY (field_id, type) REFERENCES dealreg_dealfield (id, type);
"""
DROP = "ALTER TABLE dealreg_dealanswer DROP CONSTRAINT dealanswer_of_its_fields_type;"


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0016_questions_of_the_vendor"),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
    ]
