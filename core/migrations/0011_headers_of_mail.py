from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0010_saved_filters")]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="headers",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
    ]
