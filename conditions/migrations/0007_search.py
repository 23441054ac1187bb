"""The articles' text for full-text search, in English and German; accents do not count."""

from django.contrib.postgres.operations import CreateExtension, UnaccentExtension
from django.db import migrations

# Accents do not count; the rest is PostgreSQL's own dictionaries.
CONFIGURATIONS = """
CREATE TEXT SEARCH CONFIGURATION directory_en (COPY = english);
ALTER TEXT SEARCH CONFIGURATION directory_en
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
CREATE TEXT SEARCH CONFIGURATION directory_de (COPY = german);
ALTER TEXT SEARCH CONFIGURATION directory_de
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, german_stem;

CREATE FUNCTION conditions_plain(html text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT replace(replace(replace(regexp_replace(html, '<[^>]*>', ' ', 'g'), '&lt;', '<'), '&gt;', '>'), '&amp;', '&') $$;
CREATE INDEX section_text_en ON conditions_section
    USING gin (to_tsvector('directory_en', heading || ' ' || conditions_plain(body)));
CREATE INDEX section_text_de ON conditions_section
    USING gin (to_tsvector('directory_de', heading || ' ' || conditions_plain(body)));
"""
DROP = """
DROP INDEX section_text_en, section_text_de;
DROP FUNCTION conditions_plain(text);
DROP TEXT SEARCH CONFIGURATION directory_en, directory_de;
"""


class Migration(migrations.Migration):
    dependencies = [("conditions", "0006_content_version")]

    operations = [
        UnaccentExtension(),
        CreateExtension("fuzzystrmatch"),
        migrations.RunSQL(CONFIGURATIONS, DROP),
    ]
