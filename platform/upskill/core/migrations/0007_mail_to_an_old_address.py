from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0006_allowances_are_not_logged")]

    operations = [
        migrations.AddField("outboxmail", "address", models.EmailField(blank=True, db_default="", max_length=254)),
    ]
