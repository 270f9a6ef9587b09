from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_the_record_stays")]

    operations = [
        migrations.CreateModel(
            name="ApiCallWindow",
            fields=[
                ("caller", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("opened_at", models.DateTimeField()),
                ("calls", models.PositiveIntegerField()),
            ],
        ),
        # A minute's counters are not worth the write-ahead log of every call.
        migrations.RunSQL(
            "ALTER TABLE core_apicallwindow SET UNLOGGED",
            "ALTER TABLE core_apicallwindow SET LOGGED",
        ),
    ]
