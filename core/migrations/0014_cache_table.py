"""The table of the database cache, as `createcachetable` would make it: a migration, so that
setting up needs no second command.
"""

from django.db import migrations

from core.migrations import FORMER

CREATE = """
CREATE TABLE core_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX core_cache_expires ON core_cache (expires);
"""


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("core", "0013_branding"),
    ]

    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE core_cache"),
    ]
