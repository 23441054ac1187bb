"""Which profiles a transaction changed, noted by triggers, and where the facet index is saved.

Each trigger asks which published profiles the changed rows belong to; rows of drafts change nothing for visitors and
raise no version. Beyond MANY profiles in one statement, the note says "very many" instead of naming each.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

MANY = 5000
PUBLISHED = "JOIN specialists_profile AS profile ON profile.id = {column} AND profile.status = 'published'"


def owned(column: str) -> str:
    """The published profiles that the rows' ``column`` names."""
    return f"SELECT r.{column} FROM %s AS r {PUBLISHED.format(column=f'r.{column}')}"


# {name: query}: %s stands for the changed rows, before and after the change.
WATCHED = {
    # A clinic that appears or disappears brings or takes the places of those who work there.
    "profile": """SELECT r.id FROM %1$s AS r WHERE r.status = 'published'
        UNION SELECT post.physician_id FROM specialists_affiliation AS post
        JOIN (SELECT id FROM %1$s AS r GROUP BY id HAVING count(DISTINCT status = 'published') > 1) AS moved
        ON moved.id = post.clinic_id""",
    "physician": owned("profile_ptr_id"),
    "clinic": owned("profile_ptr_id"),
    "profile_specialties": owned("profile_id"),
    "profile_conditions": owned("profile_id"),
    "treatmentoffer": owned("profile_id"),
    "affiliation": owned("physician_id"),
    "location": f"""SELECT r.clinic_id FROM %1$s AS r {PUBLISHED.format(column="r.clinic_id")}
        UNION SELECT post.physician_id FROM %1$s AS r {PUBLISHED.format(column="r.clinic_id")}
        JOIN specialists_affiliation AS post ON post.clinic_id = r.clinic_id""",
}

FUNCTIONS = f"""
CREATE FUNCTION specialists_note_profiles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
    changed text := CASE TG_OP WHEN 'INSERT' THEN 'new_rows' WHEN 'DELETE' THEN 'old_rows'
        ELSE '(TABLE old_rows UNION ALL TABLE new_rows)' END;
BEGIN
    EXECUTE format('SELECT array_agg(DISTINCT id) FROM (' || TG_ARGV[0] || ') AS found (id)', changed) INTO ids;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM conditions_note_change();
    IF cardinality(ids) > {MANY} THEN
        ids := ARRAY[NULL::bigint];
    END IF;
    INSERT INTO specialists_profilechange (transaction, profile)
        SELECT pg_current_xact_id()::text::bigint, id FROM unnest(ids) AS changed_profile (id);
    RETURN NULL;
END $$;

CREATE FUNCTION specialists_note_all_profiles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM conditions_note_change();
    INSERT INTO specialists_profilechange (transaction, profile)
        VALUES (pg_current_xact_id()::text::bigint, NULL);
    RETURN NULL;
END $$;
"""
DROP = "DROP FUNCTION specialists_note_profiles(), specialists_note_all_profiles();"
ROWS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


def watch(name: str, query: str) -> list[migrations.RunSQL]:
    table = f"specialists_{name}"
    argument = query.replace("'", "''")
    operations = [
        migrations.RunSQL(
            f"""CREATE TRIGGER profiles_changed_by_{event.lower()} AFTER {event} ON {table} REFERENCING {rows}
                FOR EACH STATEMENT EXECUTE FUNCTION specialists_note_profiles('{argument}')""",
            f"DROP TRIGGER profiles_changed_by_{event.lower()} ON {table}",
        )
        for event, rows in ROWS.items()
    ]
    truncated = migrations.RunSQL(
        f"""CREATE TRIGGER profiles_changed_by_truncate AFTER TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION specialists_note_all_profiles()""",
        f"DROP TRIGGER profiles_changed_by_truncate ON {table}",
    )
    return [*operations, truncated]


class Migration(migrations.Migration):
    dependencies = [("specialists", "0002_places"), ("conditions", "0006_content_version")]

    operations = [
        # The facet index sorts names itself and has to come to PostgreSQL's order, whatever the database's collation.
        migrations.AlterField(
            model_name="profile",
            name="sort_key",
            field=models.CharField(db_collation="C", editable=False, max_length=200),
        ),
        migrations.CreateModel(
            name="ProfileChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transaction", models.BigIntegerField(db_index=True)),
                ("profile", models.BigIntegerField(null=True)),
            ],
            options={"verbose_name": "profile change", "verbose_name_plural": "profile changes"},
        ),
        migrations.CreateModel(
            name="SavedIndex",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.BigIntegerField(unique=True)),
                ("profiles", models.PositiveIntegerField(verbose_name="profiles")),
                ("saved_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={"verbose_name": "saved index", "verbose_name_plural": "saved indexes"},
        ),
        migrations.CreateModel(
            name="SavedPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("position", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                ("checksum", models.BigIntegerField()),
                (
                    "index",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="specialists.savedindex",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a saved index",
                "verbose_name_plural": "parts of a saved index",
                "constraints": [models.UniqueConstraint(fields=("index", "name", "position"), name="saved_part_once")],
            },
        ),
        # Bitmaps do not compress; to try costs more than to store them.
        migrations.RunSQL(
            "ALTER TABLE specialists_savedpart ALTER COLUMN data SET STORAGE EXTERNAL", migrations.RunSQL.noop
        ),
        migrations.RunSQL(FUNCTIONS, DROP),
        *(operation for name, query in WATCHED.items() for operation in watch(name, query)),
    ]
