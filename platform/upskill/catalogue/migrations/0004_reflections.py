"""A reflection is a kind of item: text that learners write in the page and a person marks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_hints_and_code_are_not_searched")]

    operations = [
        migrations.AlterField(
            model_name="item",
            name="kind",
            field=models.CharField(
                choices=[
                    ("lesson", "Lesson"),
                    ("quiz", "Quiz"),
                    ("exercise", "Exercise"),
                    ("reflection", "Reflection"),
                ],
                max_length=10,
            ),
        ),
    ]
