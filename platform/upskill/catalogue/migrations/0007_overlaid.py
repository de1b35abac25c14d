from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_what_is_open_stays_open")]

    operations = [
        migrations.AddField(
            model_name="exerciseversion",
            name="is_overlaid",
            field=models.BooleanField(default=False),
        ),
    ]
