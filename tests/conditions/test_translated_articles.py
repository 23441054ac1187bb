"""A patient article in a second language: it knows its original, and tells everybody when that has moved on."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from conditions import editorial, workflow
from conditions.models import Article, Condition, Revision
from tests.conditions.admin_forms import change_url, errors, filled, page_url, submit
from tests.conditions.database import refused, update
from tests.conditions.texts import make_successor, publish_draft
from tests.factories import make_condition, make_draft, make_in_review, make_published, make_user, take_live
from tests.pages import Page, read

pytestmark = pytest.mark.django_db

BEHIND = "Das Original dieser Übersetzung ist neuer."


@pytest.fixture
def condition() -> Condition:
    return make_condition("Gout")


@pytest.fixture
def original(condition) -> Revision:
    return make_published(condition, title="All about gout")


@pytest.fixture
def translation(condition, original) -> Revision:
    """The published German text of the condition."""
    return take_live(make_draft(condition, "de", title="Alles über Gicht"))


@pytest.fixture
def newer(original, translation) -> Revision:
    """What has replaced the original since it was translated."""
    return workflow.publish(make_successor(original, title="More about gout"))


def choices(client, draft: Revision) -> list[str]:
    """The texts that a draft can be said to be translated from."""
    field = client.get(change_url(draft)).context["adminform"].form.fields["translated_from"]
    return [str(label) for value, label in field.choices if value]


def comparisons(page: Page) -> list[str]:
    """Where the page leads to what changed between two texts."""
    return [link["href"] for link in page.all("a") if "/compare/" in link.get("href", "")]


# The original


def test_first_draft_remembers_the_published_original(condition, original):
    article = Article.objects.create(condition=condition, language="de")

    assert workflow.open_draft(article).translated_from == original


def test_first_draft_without_a_published_original_remembers_nothing(condition):
    make_draft(condition)
    article = Article.objects.create(condition=condition, language="de")

    assert workflow.open_draft(article).translated_from is None


def test_original_may_be_german(condition):
    german = take_live(make_draft(condition, "de"))

    assert make_draft(condition).translated_from == german


def test_original_is_rather_the_text_in_the_first_language(condition, original, translation, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("fr", "français")]
    article = Article.objects.create(condition=condition, language="fr")

    assert workflow.open_draft(article).translated_from == original


def test_original_itself_and_texts_of_other_conditions_are_translated_from_nothing(original, translation):
    make_published(make_condition("Cyst"))
    other = Article.objects.create(condition=make_condition("Tumour"), language="de")

    assert workflow.open_draft(original.article).translated_from is None
    assert workflow.open_draft(other).translated_from is None


def test_next_draft_keeps_the_original_that_was_translated(newer, original, translation):
    assert workflow.open_draft(translation.article).translated_from == original


# Behind or not


def test_translation_is_behind_once_its_original_is_published_anew(original, translation):
    assert translation.newer_original is None
    assert not Revision.objects.behind_their_original().exists()
    successor = make_successor(original)
    assert Revision.objects.get(pk=translation.pk).newer_original is None

    workflow.publish(successor)

    assert Revision.objects.get(pk=translation.pk).newer_original == successor
    assert list(Revision.objects.behind_their_original()) == [translation]


def test_translation_of_an_original_that_was_taken_off_the_site_is_not_behind(newer, translation):
    workflow.archive(newer)

    assert Revision.objects.get(pk=translation.pk).newer_original is None
    assert not Revision.objects.behind_their_original().exists()


def test_text_of_its_own_is_never_behind(condition, original, newer):
    assert (original.newer_original, newer.newer_original) == (None, None)
    assert original not in Revision.objects.behind_their_original()


# For readers


def test_reader_of_a_translation_behind_is_told_since_when_and_led_to_the_original(condition, newer, client):
    page = read(client.get("/de/conditions/gout/"))

    with override("de"):
        day = date_format(timezone.localtime(newer.published_at), "DATE_FORMAT")
    assert f"{BEHIND} Es wurde am {day} geändert" in page.text
    assert len(page.with_class("notice--warning")) == 1
    [link] = [link for link in page.all("a") if link["href"] == "/en/conditions/gout/#article"]
    assert (link["lang"], link["hreflang"]) == ("en", "en")
    assert "More about gout" in read(client.get(link["href"])).text


def test_reader_of_the_original_or_of_a_translation_in_step_is_told_nothing(original, translation, client):
    assert BEHIND not in read(client.get("/de/conditions/gout/")).text
    workflow.publish(make_successor(original))

    page = read(client.get("/en/conditions/gout/"))

    assert page.with_class("notice--warning") == []


def test_condition_without_an_article_in_the_language_offers_the_other(condition, original, client):
    page = read(client.get("/de/conditions/gout/"))

    assert page.all("html") == [{"lang": "de"}]
    assert "In dieser Sprache gibt es noch keine Patienteninformation. Lesen auf: English" in page.text
    [link] = [link for link in page.all("a") if link["href"] == "/en/conditions/gout/#article"]
    assert (link["lang"], link["hreflang"]) == ("en", "en")
    target = read(client.get(link["href"]))
    assert target.all("html") == [{"lang": "en"}]
    assert "All about gout" in target.text
    assert "article" in {attributes.get("id") for _tag, attributes in target.elements}


def test_condition_without_any_article_offers_none(condition, client):
    make_draft(condition)

    page: Page = read(client.get("/de/conditions/gout/"))

    assert "Lesen auf" not in page.text
    assert [link for link in page.all("a") if link["href"].endswith("#article")] == []


# For editors


def test_list_of_articles_says_which_translations_are_behind(original, translation, admin_client):
    def column() -> dict[str, str]:
        response = admin_client.get(page_url(Article, "changelist"))
        model_admin = response.context["cl"].model_admin
        return {article.language: model_admin.translation(article) for article in response.context["cl"].result_list}

    assert column() == {"en": "–", "de": "up to date"}
    workflow.publish(make_successor(original))
    assert column() == {"en": "–", "de": "behind its original"}


def test_list_of_articles_asks_as_often_however_many_are_behind(newer, admin_client, django_assert_num_queries):
    with CaptureQueriesContext(connection) as with_one:
        admin_client.get(page_url(Article, "changelist"))
    for name in ("Cyst", "Tumour"):
        text = make_published(make_condition(name))
        take_live(make_draft(text.article.condition, "de"))
        workflow.publish(make_successor(text))

    with django_assert_num_queries(len(with_one)):
        admin_client.get(page_url(Article, "changelist"))


@pytest.mark.parametrize("role", ["Author", "Medical reviewer", "Publisher"])
def test_translations_behind_are_among_the_work(newer, translation, role, client):
    user = make_user("somebody", role, email="somebody@example.org")

    queue = editorial.queues_for(user)[-1]

    assert (queue.key, queue.title, queue.count) == ("behind", "Translations behind their original", 1)
    assert queue.revisions == [translation]
    client.force_login(user)
    assert "Translations behind their original 1 Gout (de), revision 1" in read(client.get("/admin/")).text
    call_command("mail_editors", stdout=StringIO())
    assert "Translations behind their original" in mail.outbox[0].body


def test_draft_leads_to_what_changed_in_the_original(newer, translation, admin_client):
    draft = workflow.open_draft(translation.article)

    page = read(admin_client.get(change_url(draft)))

    assert "Translated from revision 1 of the text in English. Revision 2 has replaced that one since." in page.text
    [link] = comparisons(page)
    assert link == f"{page_url(Article, 'compare', newer.article_id)}?old=1&new=2"
    comparison = admin_client.get(link)
    assert comparison.status_code == 200
    assert "More about gout" in read(comparison).text


def test_published_translation_says_that_it_is_behind(newer, translation, admin_client):
    page = read(admin_client.get(change_url(translation)))

    assert "Revision 2 has replaced that one since." in page.text


def test_draft_in_step_with_its_original_has_nothing_to_compare(translation, admin_client):
    draft = workflow.open_draft(translation.article)

    page = read(admin_client.get(change_url(draft)))

    assert "Translated from revision 1 of the text in English." in page.text
    assert "has replaced that one since" not in page.text
    assert comparisons(page) == []


def test_choosing_the_newest_and_publishing_takes_the_mark_away(newer, translation, admin_client, client):
    draft = workflow.open_draft(translation.article)

    response = submit(admin_client, change_url(draft), translated_from=newer.pk)

    assert response.status_code == 302
    assert BEHIND in read(client.get("/de/conditions/gout/")).text
    draft.refresh_from_db()
    assert publish_draft(draft).translated_from == newer
    assert BEHIND not in read(client.get("/de/conditions/gout/")).text
    assert not Revision.objects.published().behind_their_original().exists()
    assert editorial.queues_for(make_user("author", "Author"))[-1].count == 0


# What can be chosen


def test_only_published_texts_of_the_condition_in_other_languages_can_be_chosen(newer, translation, admin_client):
    make_draft(newer.article.condition)
    make_published(make_condition("Cyst"))
    draft = workflow.open_draft(translation.article)

    # The archived one is what the text has been translated from so far.
    assert choices(admin_client, draft) == ["Gout (en), revision 1", "Gout (en), revision 2"]


def test_forged_choice_is_refused_and_changes_nothing(newer, original, translation, admin_client):
    draft = workflow.open_draft(translation.article)
    unpublished = make_draft(newer.article.condition)
    of_another = make_published(make_condition("Cyst"))

    for forged in (unpublished.pk, of_another.pk, translation.pk, draft.pk, 10**9, "x"):
        response = submit(admin_client, change_url(draft), translated_from=forged, title="Changed")

        assert list(errors(response)) == ["translated_from"], forged
        assert filled(response)["title"] == "Changed"
    draft.refresh_from_db()
    assert (draft.translated_from, draft.title) == (original, "Alles über Gicht")


def test_choice_can_be_emptied(newer, translation, admin_client, client):
    """For a text that goes its own way."""
    draft = workflow.open_draft(translation.article)

    submit(admin_client, change_url(draft), translated_from="")
    draft.refresh_from_db()
    publish_draft(draft)

    assert BEHIND not in read(client.get("/de/conditions/gout/")).text


def test_text_without_others_to_translate_from_has_no_such_field(condition, admin_client):
    page = admin_client.get(change_url(make_draft(condition)))

    assert "translated_from" not in page.context["adminform"].form.fields


# Frozen with the text


@pytest.mark.parametrize("value", ["newest", None])
def test_original_of_a_submitted_text_is_frozen(newer, translation, value):
    text = workflow.submit(workflow.open_draft(translation.article))

    with refused("revision_frozen"):
        update(text, translated_from=newer if value else None)
    with refused("revision_frozen"):
        update(translation, translated_from=newer if value else None)


def test_original_of_a_draft_can_change(newer, translation):
    draft = workflow.open_draft(translation.article)

    assert update(draft, translated_from=newer).translated_from == newer


def test_original_can_be_chosen_again_after_the_text_was_sent_back(newer, translation):
    text = workflow.submit(workflow.open_draft(translation.article))

    draft = workflow.send_back(text, comment="The original has changed.")

    assert update(draft, translated_from=newer).translated_from == newer


def test_page_of_a_submitted_text_saves_nothing(newer, translation, admin_client):
    text = workflow.submit(workflow.open_draft(translation.article))

    response = admin_client.post(change_url(text), {"translated_from": newer.pk})

    assert response.status_code in (302, 403)
    assert Revision.objects.get(pk=text.pk).translated_from == translation.translated_from


def test_text_in_review_in_a_second_language_remembers_its_original(condition, original):
    text = make_in_review(condition, language="de")

    assert text.translated_from == original
