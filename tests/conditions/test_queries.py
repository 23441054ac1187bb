"""What the pages of conditions and treatments read, and what they must not."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.utils.translation import override

from conditions import queries, workflow
from conditions.models import Article, Condition, Section, Source
from tests.conditions.texts import MAKERS, publish_draft
from tests.factories import make_condition, make_draft, make_published, make_specialty, make_treatment

pytestmark = pytest.mark.django_db

VISITOR = AnonymousUser()


# The condition of a page


def test_condition_page_brings_what_the_page_shows(django_assert_num_queries):
    condition = make_condition("Gout", slug="gout")
    condition.specialties.set([make_specialty("B"), make_specialty("A")])
    condition.treatments.set([make_treatment("D"), make_treatment("C")])
    condition.related.set([make_condition("F"), make_condition("E")])

    with django_assert_num_queries(5):
        shown = queries.condition_page("gout", VISITOR)
        names = [[str(term) for term in terms] for terms in (shown.specialties.all(), shown.treatments.all())]

    assert shown == condition
    assert names == [["A", "B"], ["C", "D"]]
    assert [str(related) for related in shown.public_relations] == ["E", "F"]


def test_condition_page_leaves_hidden_relations_out_even_for_editors():
    condition = make_condition("Gout")
    condition.related.set([make_condition("Public"), make_condition("Hidden", is_published=False)])
    editor = User.objects.create_superuser("editor")

    for user in (VISITOR, editor):
        assert [str(related) for related in queries.condition_page("gout", user).public_relations] == ["Public"]


def test_condition_page_of_a_hidden_condition_is_for_editors():
    hidden = make_condition("Gout", is_published=False)

    assert queries.condition_page("gout", User.objects.create_superuser("editor")) == hidden
    for user in (VISITOR, User.objects.create_user("reader", is_staff=True)):
        with pytest.raises(Condition.DoesNotExist):
            queries.condition_page("gout", user)


def test_condition_page_of_an_unknown_slug():
    make_condition("Gout")

    with pytest.raises(Condition.DoesNotExist):
        queries.condition_page("asthma", VISITOR)


# The text of a page


def test_live_revision_comes_with_its_content_in_order(django_assert_num_queries):
    draft = make_draft()
    sections = [Section(heading=heading, body="<p>x</p>") for heading in ("First", "Second")]
    workflow.write_draft(draft, {}, sections, [(Source(citation="B"), 1), (Source(citation="A"), None)])
    Section.objects.create(revision=draft, heading="Moved up", body="<p>x</p>", ordering=5)
    publish_draft(draft)
    condition = Condition.objects.get()

    with django_assert_num_queries(3):
        revision = queries.live_revision(condition)
        headings = [section.heading for section in revision.sections.all() if section.picture is None]
        sources = [(source.citation, source.section and source.section.heading) for source in revision.sources.all()]
        people = [revision.author.name, revision.reviewer.name]

    assert revision == draft
    assert headings == ["Moved up", "First", "Second"]
    assert sources == [("B", "Second"), ("A", None)]
    assert people == ["Dr. Ada Writer", "Prof. Dr. Bo Reviewer"]


def test_live_revision_without_article():
    assert queries.live_revision(make_condition()) is None


def test_live_revision_is_never_a_draft_or_an_archived_text():
    condition = make_condition()
    draft = make_draft(condition)
    assert queries.live_revision(condition) is None

    publish_draft(draft)
    for status in ("draft", "in_review", "approved", "scheduled"):
        successor = MAKERS[status](condition)
        assert queries.live_revision(condition) == draft
        if status == "draft":
            workflow.discard(successor)
        else:
            workflow.discard(workflow.send_back(successor, comment="No."))

    successor = make_published(condition)
    assert queries.live_revision(condition) == successor

    workflow.archive(successor)
    assert queries.live_revision(condition) is None


def test_live_revision_is_that_of_the_condition():
    gout = make_published(make_condition("Gout"))
    make_published(make_condition("Asthma"))

    assert queries.live_revision(gout.article.condition) == gout


def test_live_revision_is_in_the_readers_language(settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français")]
    condition = make_condition()
    english, german = make_published(condition), make_published(condition, language="de")

    found = {}
    for code in ("en", "de", "fr"):
        with override(code):
            found[code] = queries.live_revision(condition)

    assert found == {"en": english, "de": german, "fr": None}
    assert Article.objects.count() == 2


# Lists


def test_by_initial_groups_umlauts_with_their_letters_and_digits_apart():
    for name in ("Ärger", "asthma", "Ösophagitis", "1p36 deletion", "22q11 deletion", "Zoster", "(Angina)"):
        make_condition(name)

    groups = queries.by_initial(Condition.objects.all())

    assert [(initial, [condition.name for condition in conditions]) for initial, conditions in groups] == [
        ("#", ["1p36 deletion", "22q11 deletion"]),
        ("A", ["(Angina)", "Ärger", "asthma"]),
        ("O", ["Ösophagitis"]),
        ("Z", ["Zoster"]),
    ]


def test_by_initial_of_a_name_without_letters():
    make_condition("???")

    assert [initial for initial, _conditions in queries.by_initial(Condition.objects.all())] == ["#"]


def test_by_initial_of_nothing():
    assert queries.by_initial([]) == []


def test_treatments_by_kind_keeps_the_order_of_the_kinds(django_assert_num_queries):
    for name, kind in (("Z", "surgery"), ("A", "supportive"), ("Ö", "surgery"), ("M", "medicine")):
        make_treatment(name, kind=kind)

    with django_assert_num_queries(1):
        groups = queries.treatments_by_kind()

    assert [(label, [treatment.name for treatment in treatments]) for label, treatments in groups] == [
        ("Surgery", ["Ö", "Z"]),
        ("Medicines", ["M"]),
        ("Supportive care", ["A"]),
    ]
