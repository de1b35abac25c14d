"""The text of an item in which words are found is kept as well: a search showed twenty items, and worked out the text of
each from its HTML, 5 ms apiece. See decision 0015.
"""

from django.db import migrations

ADD = """
    ALTER TABLE catalogue_itemversion ADD COLUMN search_text text
        GENERATED ALWAYS AS (catalogue_text_to_search(content ->> 'html')) STORED;
"""
REMOVE = "ALTER TABLE catalogue_itemversion DROP COLUMN search_text;"


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0010_principles_and_prerequisites")]

    operations = [migrations.RunSQL(ADD, REMOVE)]
