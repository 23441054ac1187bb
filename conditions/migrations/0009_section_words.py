"""The words of each section in a column of their own: parsing the text in each search took most of its time.

PostgreSQL keeps the columns; Django's model does not know them.
"""

from django.db import migrations

TEXT = "heading || ' ' || conditions_plain(body)"
CREATE = f"""
DROP INDEX section_text_en, section_text_de;
ALTER TABLE conditions_section
    ADD COLUMN words_en tsvector GENERATED ALWAYS AS (to_tsvector('directory_en', {TEXT})) STORED,
    ADD COLUMN words_de tsvector GENERATED ALWAYS AS (to_tsvector('directory_de', {TEXT})) STORED;
CREATE INDEX section_words_en ON conditions_section USING gin (words_en);
CREATE INDEX section_words_de ON conditions_section USING gin (words_de);
"""
DROP = f"""
ALTER TABLE conditions_section DROP COLUMN words_en, DROP COLUMN words_de;
CREATE INDEX section_text_en ON conditions_section USING gin (to_tsvector('directory_en', {TEXT}));
CREATE INDEX section_text_de ON conditions_section USING gin (to_tsvector('directory_de', {TEXT}));
"""


class Migration(migrations.Migration):
    dependencies = [("conditions", "0008_term_names")]

    operations = [migrations.RunSQL(CREATE, DROP)]
