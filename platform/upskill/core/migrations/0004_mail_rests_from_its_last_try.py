from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_signs_of_life_and_allowances")]

    operations = [migrations.AddField("outboxmail", "due_at", models.DateTimeField(null=True))]
