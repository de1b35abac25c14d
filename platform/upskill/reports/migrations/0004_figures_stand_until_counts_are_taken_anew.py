"""What is shown of a root stands until its counts are taken anew. The next publication makes all of it anew."""

from typing import Any

from django.db import migrations, models


def forget(apps: Any, _schema_editor: Any) -> None:
    """Of all of government, earlier figures less these would tell of small departments who falls short."""
    apps.get_model("reports", "PublicationBasis").objects.all().delete()
    apps.get_model("reports", "PublishedFigures").objects.filter(organisation=None).delete()


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_counts_of_each_organisation")]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.AddField("publicationbasis", "figures", models.BinaryField(default=b""), preserve_default=False),
    ]
