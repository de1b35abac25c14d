from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("people", "0007_moves_and_staged_rows")]

    operations = [
        migrations.AddIndex(
            "importrow",
            models.Index(fields=["imported", "email"], condition=~Q(error=""), name="import_row_wrong_email"),
        ),
    ]
