"""Hints, solutions and code of an item are no words to search for: they nearly give the answer. See decision 0015."""

from django.db import migrations

# Innermost first, three deep. A heading or label ends with a dash, so that an excerpt does not run it into what follows.
ADD = """
    CREATE FUNCTION catalogue_text_to_search(html text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(html,
            '<details[ >](?:(?!</?details[ >]).)*</details>', ' ', 'g'),
            '<details[ >](?:(?!</?details[ >]).)*</details>', ' ', 'g'),
            '<details[ >](?:(?!</?details[ >]).)*</details>', ' ', 'g'),
            '<pre class="app-code"(?:(?!</pre>).)*</pre>|<p class="app-cell__label">[^<]*</p>', ' ', 'g'),
            '\\s*</h[1-6]>', ' \u2013 ', 'g')
    $$;
    ALTER TABLE catalogue_itemversion DROP COLUMN search;
    ALTER TABLE catalogue_itemversion ADD COLUMN search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english', title), 'A')
        || setweight(to_tsvector('english', coalesce(catalogue_text_to_search(content ->> 'html'), '')), 'C')
    ) STORED;
    CREATE INDEX item_version_search ON catalogue_itemversion USING gin (search);
"""
REMOVE = """
    ALTER TABLE catalogue_itemversion DROP COLUMN search;
    DROP FUNCTION catalogue_text_to_search(text);
    ALTER TABLE catalogue_itemversion ADD COLUMN search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english', title), 'A')
        || setweight(to_tsvector('english', coalesce(content ->> 'html', '')), 'C')
    ) STORED;
    CREATE INDEX item_version_search ON catalogue_itemversion USING gin (search);
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_words_to_search")]

    operations = [migrations.RunSQL(ADD, REMOVE)]
