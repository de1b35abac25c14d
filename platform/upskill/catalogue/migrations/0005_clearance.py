import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_reflections")]

    operations = [
        migrations.CreateModel(
            name="Clearance",
            fields=[
                (
                    "exercise",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="clearance",
                        serialize=False,
                        to="catalogue.exerciseversion",
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[("certificate", "Certificate"), ("operator", "Operator"), ("earlier", "Earlier")],
                        max_length=11,
                    ),
                ),
                ("certificate", models.JSONField(default=dict)),
                ("given_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ground="certificate") & ~Q(certificate={})
                        | ~Q(ground="certificate") & Q(certificate={}),
                        name="clearance_by_certificate_has_it",
                    )
                ],
            },
        ),
    ]
