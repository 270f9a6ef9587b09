from django.db import migrations, models

import core.uids


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0015_versions_of_tables"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="uid",
            field=models.UUIDField(default=core.uids.timed_uid, editable=False),
        ),
    ]
