"""Exercises that were published before certificates were asked for stay open for handing in: decision 0033."""

from django.db import migrations

OPEN = """
    INSERT INTO catalogue_clearance (exercise_id, ground, certificate, given_at)
    SELECT exercise.id, 'earlier', '{}', version.published_at
    FROM catalogue_exerciseversion exercise
    JOIN catalogue_itemversion item ON item.id = exercise.item_version_id
    JOIN catalogue_module module ON module.id = item.module_id
    JOIN catalogue_courseversion version ON version.id = module.course_version_id
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_clearance")]

    operations = [migrations.RunSQL(OPEN, "DELETE FROM catalogue_clearance WHERE ground = 'earlier'")]
