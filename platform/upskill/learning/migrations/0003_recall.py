import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0003_hints_and_code_are_not_searched"),
        ("learning", "0002_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Recall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.TextField()),
                ("step", models.PositiveSmallIntegerField()),
                ("answered_on", models.DateField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.item"
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("learner", "item", "question"), name="recall_once"),
                    models.CheckConstraint(
                        condition=models.Q(("question", ""), _negated=True), name="recall_names_question"
                    ),
                    models.CheckConstraint(condition=models.Q(("step__lte", 4)), name="recall_step_in_range"),
                ],
            },
        ),
    ]
