"""The words of each item, kept by the database for searching: see decision 0015.

The model does not name the column, so that no page reads it with every item. Only a lesson and an exercise have "html";
the questions of a quiz, which hold its answers, are not in it.
"""

from django.db import migrations

ADD = """
    ALTER TABLE catalogue_itemversion ADD COLUMN search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english', title), 'A')
        || setweight(to_tsvector('english', coalesce(content ->> 'html', '')), 'C')
    ) STORED;
    CREATE INDEX item_version_search ON catalogue_itemversion USING gin (search);
"""
REMOVE = "ALTER TABLE catalogue_itemversion DROP COLUMN search"


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunSQL(ADD, REMOVE)]
