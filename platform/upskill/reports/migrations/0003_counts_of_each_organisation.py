"""Figures are made of counts that are kept organisation by organisation. The next publication makes all anew."""

from typing import Any

from django.db import migrations, models
from django.db.models import F

MANY = 1000  # roots of earlier publications, of which nobody wrote down how many there were


def forget(apps: Any, _schema_editor: Any) -> None:
    apps.get_model("reports", "PublicationBasis").objects.all().delete()


def of_their_day(apps: Any, _schema_editor: Any) -> None:
    apps.get_model("reports", "Publication").objects.update(oldest_on=F("on"), roots=MANY)


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_figures_of_government")]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RemoveField("publicationbasis", "shown"),
        migrations.AddField("publication", "oldest_on", models.DateField(null=True)),
        migrations.AddField("publication", "roots", models.PositiveIntegerField(default=1)),
        migrations.RunPython(of_their_day, migrations.RunPython.noop),
        migrations.AlterField("publication", "oldest_on", models.DateField()),
    ]
