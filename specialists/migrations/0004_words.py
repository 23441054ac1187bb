"""The words that somebody may have meant who typed another: of the vocabulary, of articles, of names and towns.

A materialized view, refreshed by ``manage.py refresh_index`` and after loads: a word that is missing for an hour costs
nothing, as only searches that find nothing ask for it.
"""

from django.db import migrations

VOCABULARY, ARTICLE, NAME = 3, 2, 1

CREATE = f"""
CREATE MATERIALIZED VIEW specialists_word AS
WITH spoken (word, rank) AS (
    SELECT string_to_table(name.folded, ' '), {VOCABULARY}
    FROM conditions_termname AS name LEFT JOIN conditions_condition AS condition ON condition.id = name.condition_id
    WHERE name.condition_id IS NULL OR condition.is_published
    UNION ALL
    SELECT regexp_split_to_table(
        lower(unaccent(section.heading || ' ' || conditions_plain(section.body))), '[^[:alnum:]]+'
    ), {ARTICLE}
    FROM conditions_section AS section JOIN conditions_article AS article ON article.live_id = section.revision_id
    UNION ALL
    SELECT string_to_table(search_key, ' '), {NAME} FROM specialists_profile WHERE status = 'published'
)
SELECT word, max(rank) AS rank, count(*) AS uses, dmetaphone(word) AS sound
FROM spoken WHERE length(word) BETWEEN 3 AND 40 AND word !~ '^[0-9]+$' GROUP BY word;

CREATE UNIQUE INDEX specialists_word_word ON specialists_word (word);
CREATE INDEX specialists_word_trigrams ON specialists_word USING gin (word gin_trgm_ops);
CREATE INDEX specialists_word_sound ON specialists_word (sound);
"""


class Migration(migrations.Migration):
    dependencies = [("specialists", "0003_changes"), ("conditions", "0008_term_names")]

    operations = [migrations.RunSQL(CREATE, "DROP MATERIALIZED VIEW specialists_word")]
