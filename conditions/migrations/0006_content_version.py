"""The content version, raised by triggers whenever something changes that visitors can see.

A statement on a watched table notes the transaction once. When the transaction commits, a deferred trigger gives it
the next version: only then is the one row locked, so that writers hardly ever wait for each other, and versions become
visible in their own order. A version is the time in microseconds, or one more than the last: also after a database was
restored from a copy it never comes back to a number that stood for other content.
"""

from django.db import migrations, models

from conditions.migrations._triggers import watch

# Every row of these shows on some public page.
WATCHED = dict.fromkeys(
    (
        "conditions_specialty",
        "conditions_treatment",
        "conditions_treatment_specialties",
        "conditions_condition",
        "conditions_condition_specialties",
        "conditions_condition_treatments",
        "conditions_condition_related",
        "conditions_article",
        "conditions_contributor",
        "conditions_picture",
        "django_redirect",
    ),
    "SELECT 1 FROM changed",
)
# These show once their revision is published; to write a draft changes nothing for visitors.
TEXTS = {
    "conditions_revision": "SELECT 1 FROM changed WHERE status = 'published'",
    "conditions_section": """SELECT 1 FROM changed JOIN conditions_revision AS revision
        ON revision.id = changed.revision_id WHERE revision.status = 'published'""",
    "conditions_source": """SELECT 1 FROM changed JOIN conditions_revision AS revision
        ON revision.id = changed.revision_id WHERE revision.status = 'published'""",
}

FUNCTIONS = """
CREATE FUNCTION conditions_note_change() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    present text := pg_current_xact_id()::text;
BEGIN
    -- The setting ends with the transaction, and a savepoint that is taken back takes it back too.
    IF current_setting('directory.changing', true) IS DISTINCT FROM present THEN
        -- A restored database may remember another transaction of this number, from the server it was copied from.
        DELETE FROM conditions_contentchange WHERE transaction = present::bigint;
        INSERT INTO conditions_contentchange (transaction) VALUES (present::bigint);
        PERFORM set_config('directory.changing', present, true);
    END IF;
END $$;

CREATE FUNCTION conditions_raise_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    present bigint := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
BEGIN
    INSERT INTO conditions_contentversion AS content (id, number, forgotten) VALUES (1, present, 0)
        ON CONFLICT (id) DO UPDATE SET number = greatest(content.number + 1, excluded.number)
        RETURNING number INTO present;
    UPDATE conditions_contentchange SET version = present WHERE id = NEW.id;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER content_version AFTER INSERT ON conditions_contentchange
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION conditions_raise_version();

CREATE FUNCTION conditions_table_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM conditions_note_change();
    RETURN NULL;
END $$;

CREATE FUNCTION conditions_rows_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_public boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (%s)', TG_ARGV[0]) INTO is_public;
    IF is_public THEN
        PERFORM conditions_note_change();
    END IF;
    RETURN NULL;
END $$;
"""
DROP = """
DROP TRIGGER content_version ON conditions_contentchange;
DROP FUNCTION conditions_table_emptied(), conditions_rows_changed(), conditions_raise_version(),
    conditions_note_change();
"""


class Migration(migrations.Migration):
    dependencies = [("conditions", "0005_roles"), ("redirects", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ContentChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transaction", models.BigIntegerField(unique=True)),
                ("version", models.BigIntegerField(null=True, unique=True)),
            ],
            options={"verbose_name": "content change", "verbose_name_plural": "content changes"},
        ),
        migrations.CreateModel(
            name="ContentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.BigIntegerField(
                        help_text="Microseconds since 1970, never less than before.", verbose_name="version"
                    ),
                ),
                ("forgotten", models.BigIntegerField(default=0, verbose_name="forgotten up to")),
            ],
            options={"verbose_name": "content version", "verbose_name_plural": "content versions"},
        ),
        migrations.AddConstraint(
            model_name="contentversion",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="content_version_single"),
        ),
        migrations.RunSQL(FUNCTIONS, DROP),
        *(operation for table, query in {**WATCHED, **TEXTS}.items() for operation in watch(table, query)),
    ]
