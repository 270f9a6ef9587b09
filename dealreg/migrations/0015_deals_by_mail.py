from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dealreg", "0014_default_service_level"),
    ]

    operations = [
        migrations.AlterField(
            model_name="deal",
            name="source",
            field=models.CharField(
                choices=[
                    ("portal", "Portal"),
                    ("api", "API"),
                    ("email", "E-mail"),
                    ("import", "Import"),
                ],
                default="portal",
                max_length=8,
                verbose_name="came by",
            ),
        ),
    ]
