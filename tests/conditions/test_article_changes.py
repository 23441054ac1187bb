"""Words explained and signs to seek help at once are public: whoever changes them raises the content version."""

import pytest
from django.db import transaction

from conditions.models import GlossaryTerm, HelpfulVote, UrgentSigns
from tests.conditions.database import check_triggers, refused
from tests.conditions.test_content_changes import is_noted
from tests.factories import make_condition, make_published

pytestmark = pytest.mark.django_db

TABLES = {"conditions_glossaryterm": "explanation = 'new'", "conditions_urgentsigns": "signs = '{new}'"}


@pytest.fixture(autouse=True)
def _rows(db: None) -> None:
    revision = make_published()
    GlossaryTerm.objects.create(term="Biopsy", slug="biopsy", explanation="A sample.")
    UrgentSigns.objects.create(condition=revision.article.condition, signs=["You vomit blood."])
    HelpfulVote.objects.create(revision=revision, is_helpful=True)
    # Makes the row of the version.
    check_triggers()


@pytest.mark.parametrize(("table", "values"), TABLES.items())
def test_update_by_raw_sql_is_noted_when_it_finds_rows(table, values):
    assert is_noted(f"UPDATE {table} SET {values}")  # noqa: S608 - names from above
    assert not is_noted(f"UPDATE {table} SET {values} WHERE id = -1")  # noqa: S608


@pytest.mark.parametrize("table", TABLES)
def test_deletion_by_raw_sql_is_noted_when_it_finds_rows(table):
    assert not is_noted(f"DELETE FROM {table} WHERE id = -1")  # noqa: S608
    assert is_noted(f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.parametrize("table", TABLES)
def test_emptied_table_is_noted(table):
    assert is_noted(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    "statement",
    [
        """INSERT INTO conditions_glossaryterm (slug, language, term, also, explanation)
        VALUES ('stent', 'en', 'stent', '{}', 'A tube.')""",
        """INSERT INTO conditions_urgentsigns (condition_id, language, signs)
        SELECT condition_id, 'de', '{Blut}' FROM conditions_urgentsigns""",
    ],
)
def test_insertion_by_raw_sql_is_noted(statement):
    with transaction.atomic():
        assert is_noted(statement)


def test_answers_of_readers_are_not_public():
    assert not is_noted(
        "UPDATE conditions_helpfulvote SET comment = 'new'",
        """INSERT INTO conditions_helpfulvote (revision_id, is_helpful, comment, day)
        SELECT revision_id, false, '', day FROM conditions_helpfulvote""",
        "DELETE FROM conditions_helpfulvote",
    )


def test_signs_are_there_once_in_each_language_and_never_empty():
    condition = UrgentSigns.objects.get().condition

    with refused("urgent_signs_once"):
        UrgentSigns.objects.create(condition=condition, signs=["Pain."])
    with refused("urgent_signs_any"):
        UrgentSigns.objects.create(condition=make_condition("Gout"), signs=[])
