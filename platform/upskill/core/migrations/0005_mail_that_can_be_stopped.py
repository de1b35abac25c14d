from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_mail_rests_from_its_last_try")]

    operations = [
        migrations.AddField("outboxmail", "stop_link", models.TextField(blank=True, db_default="")),
    ]
