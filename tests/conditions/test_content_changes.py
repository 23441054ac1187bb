"""Which changes raise the content version: all that visitors see, also by raw SQL, and nothing else."""

import pytest
from django.contrib.redirects.models import Redirect
from django.db import connection, transaction

from conditions import content_version, workflow
from conditions.models import Article, Condition, ContentChange, ContentVersion, Picture, Section
from tests import factories
from tests.conditions.database import check_triggers, unguarded


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def is_noted(*statements: str) -> bool:
    """Whether the statements are a public change; whatever this transaction has changed before does not count."""
    execute("SELECT set_config('directory.changing', '', true)")
    for statement in statements:
        execute(statement)
    return content_version.read() is None


@pytest.fixture
def _site(db: None) -> None:
    """One row at least of all that visitors see, and a draft beside it."""
    specialty, treatment = factories.make_specialty(), factories.make_treatment()
    treatment.specialties.add(specialty)
    condition, other = factories.make_condition("Cyst"), factories.make_condition("Tumour")
    condition.specialties.add(specialty)
    condition.treatments.add(treatment)
    condition.related.add(other)
    factories.make_published(condition)
    factories.make_draft(condition)
    Picture.objects.create(alt="A", width=1, height=1, widths=[1])
    Redirect.objects.create(site_id=1, old_path="/en/old/", new_path="/en/new/")
    # Makes the row of the version.
    check_triggers()


TABLES = {
    "conditions_specialty": "name = name || 's'",
    "conditions_treatment": "summary = 'new'",
    "conditions_treatment_specialties": "id = id + 1000",
    "conditions_condition": "is_published = false",
    "conditions_condition_specialties": "id = id + 1000",
    "conditions_condition_treatments": "id = id + 1000",
    "conditions_condition_related": "id = id + 1000",
    "conditions_article": "language = 'de'",
    "conditions_contributor": "name = name || ' PhD'",
    "conditions_picture": "alt = 'B'",
    "django_redirect": "new_path = '/en/newer/'",
}


@pytest.mark.parametrize(("table", "values"), TABLES.items())
@pytest.mark.usefixtures("_site")
def test_update_by_raw_sql_is_noted_when_it_finds_rows(table, values):
    assert is_noted(f"UPDATE {table} SET {values}")  # noqa: S608 - names from above
    assert not is_noted(f"UPDATE {table} SET {values} WHERE id = -1")  # noqa: S608


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.usefixtures("_site")
def test_deletion_by_raw_sql_is_noted_when_it_finds_rows(table):
    assert not is_noted(f"DELETE FROM {table} WHERE id = -1")  # noqa: S608
    with transaction.atomic():
        assert is_noted(f"DELETE FROM {table}")  # noqa: S608
        # Other rows refer to some of these.
        transaction.set_rollback(True)


@pytest.mark.parametrize("table", [*TABLES, "conditions_revision", "conditions_section", "conditions_source"])
@pytest.mark.usefixtures("_site")
def test_emptied_table_is_noted(table):
    check_triggers()

    assert is_noted(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO django_redirect (site_id, old_path, new_path) VALUES (1, '/en/a/', '/en/b/')",
        """INSERT INTO conditions_condition_related (from_condition_id, to_condition_id)
        SELECT to_condition_id, from_condition_id + 1000 FROM conditions_condition_related LIMIT 1""",
        """INSERT INTO conditions_specialty (slug, name, synonyms, sort_key, search_key, practitioner, description)
        VALUES ('new', 'New', '{}', 'new', 'new', 'New', '')""",
    ],
)
@pytest.mark.usefixtures("_site")
def test_insertion_by_raw_sql_is_noted(statement):
    with transaction.atomic():
        assert is_noted(statement)
        transaction.set_rollback(True)


@pytest.mark.parametrize(("status", "expected"), [("published", True), ("draft", False)])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE conditions_revision SET title = 'new' WHERE {revision}",
        "UPDATE conditions_section SET body = '<p>new</p>' WHERE revision_id IN {revisions}",
        "UPDATE conditions_source SET citation = 'new' WHERE revision_id IN {revisions}",
        "DELETE FROM conditions_section WHERE revision_id IN {revisions}",
        """INSERT INTO conditions_section (revision_id, ordering, heading, aspect, body)
        SELECT id, 9, 'More', 'overview', '' FROM conditions_revision WHERE {revision}""",
    ],
)
@pytest.mark.usefixtures("_site")
def test_text_is_noted_once_it_is_published(statement, status, expected):
    revision = f"status = '{status}'"
    revisions = f"(SELECT id FROM conditions_revision WHERE {revision})"  # noqa: S608

    with unguarded():
        # Sources name the sections that one of the statements deletes.
        execute("UPDATE conditions_source SET section_id = NULL")
        assert is_noted(statement.format(revision=revision, revisions=revisions)) is expected


@pytest.mark.usefixtures("_site")
def test_work_on_a_draft_is_not_noted():
    draft = Article.objects.get().revisions.get(status="draft")
    execute("SELECT set_config('directory.changing', '', true)")

    workflow.write_draft(draft, {"title": "New"}, [Section(heading="Why?", body="<p>So.</p>")], [])
    factories.make_user("somebody", "writer")

    assert content_version.read() is not None


@pytest.mark.usefixtures("_site")
def test_publication_and_withdrawal_are_noted():
    execute("SELECT set_config('directory.changing', '', true)")
    revision = factories.make_approved(Condition.objects.get(name="Tumour"))
    execute("SELECT set_config('directory.changing', '', true)")

    workflow.publish(revision)
    assert content_version.read() is None
    execute("SELECT set_config('directory.changing', '', true)")
    workflow.archive(revision)

    assert content_version.read() is None


@pytest.mark.django_db
def test_transaction_of_a_number_that_a_restored_database_remembers_is_noted():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        ContentChange.objects.create(transaction=cursor.fetchone()[0], version=1)
    check_triggers()

    factories.make_specialty()
    check_triggers()

    assert ContentChange.objects.get().version == ContentVersion.objects.get().number > 1
