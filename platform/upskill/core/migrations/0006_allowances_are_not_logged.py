"""Counts need not outlive a crash of the database, the longest lasts an hour; each request waits for its writing."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0005_mail_that_can_be_stopped")]

    operations = [
        migrations.RunSQL("ALTER TABLE core_allowance SET UNLOGGED", "ALTER TABLE core_allowance SET LOGGED"),
    ]
