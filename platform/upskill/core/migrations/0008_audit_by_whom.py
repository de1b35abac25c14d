import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_mail_to_an_old_address"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex("auditentry", models.Index(fields=["by", "about"], name="audit_by_about")),
        migrations.SeparateDatabaseAndState(  # AlterField itself would check every row's people anew, with all locked
            database_operations=[
                migrations.RunSQL(f'DROP INDEX "{name}"', f'CREATE INDEX "{name}" ON core_auditentry ("{column}")')
                for name, column in (
                    ("core_auditentry_by_id_4099fa55", "by_id"),
                    ("core_auditentry_about_id_be7ab41e", "about_id"),
                )
            ],
            state_operations=[
                migrations.AlterField(
                    "auditentry",
                    name,
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                )
                for name in ("by", "about")
            ],
        ),
    ]
