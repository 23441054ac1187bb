"""The preview of a text: the real page, unmistakably a preview, for editors only and stored nowhere."""

import pytest

from conditions import workflow
from conditions.models import Revision
from tests.conditions.admin_forms import page_url, signed_in
from tests.conditions.texts import MAKERS
from tests.factories import make_condition, make_draft, make_published
from tests.pages import read

pytestmark = pytest.mark.django_db


def preview_url(revision: Revision) -> str:
    return page_url(Revision, "preview", revision.pk)


@pytest.mark.parametrize("state", MAKERS)
def test_preview_is_the_page_with_this_text(state):
    text = MAKERS[state](make_condition("Gout"), title="All about gout", key_points=["It hurts."])

    response = signed_in("view_revision").get(preview_url(text))

    page = read(response)
    assert [
        words for words in ("Gout", "All about gout", "It hurts.", "A text.", "A guideline") if words not in page.text
    ] == []
    assert f"Preview. This is revision 1 ({text.get_status_display()})" in page.text
    assert len(page.with_class("banner--preview")) == 1
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))


def test_preview_of_a_draft_does_not_change_the_public_page(client):
    published = make_published(make_condition("Gout"), title="Old words")
    draft = workflow.open_draft(published.article)
    Revision.objects.filter(pk=draft.pk).update(title="New words")
    url = published.article.get_absolute_url()
    before = client.get(url).content

    preview = read(signed_in("view_revision").get(preview_url(draft)))
    page = read(client.get(url))

    assert ("New words" in preview.text, "Old words" in preview.text) == (True, False)
    assert ("New words" in page.text, "Old words" in page.text) == (False, True)
    assert page.with_class("banner--preview") == []
    assert client.get(url).content == before


def test_preview_of_a_condition_that_is_not_public(admin_client, client):
    draft = make_draft(make_condition("Gout", is_published=False))

    assert "About Gout" in read(admin_client.get(preview_url(draft))).text
    assert client.get(draft.article.get_absolute_url()).status_code == 404


def test_preview_of_an_empty_draft_opens(admin_client):
    draft = make_draft(title="Nothing yet", teaser="", author=None)
    draft.sections.all().delete()
    draft.sources.all().delete()

    assert "Nothing yet" in read(admin_client.get(preview_url(draft))).text


def test_preview_is_for_those_who_may_see_texts(client):
    draft = make_draft(title="Secret words")
    staff = signed_in("view_article", "view_condition", "add_picture")

    for browser, status in ((staff, 403), (client, 302)):
        response = browser.get(preview_url(draft))
        assert (response.status_code, "Secret words" in response.content.decode()) == (status, False)


def test_preview_of_an_unknown_text_is_not_found(admin_client):
    assert admin_client.get(page_url(Revision, "preview", 999)).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_preview_is_for_reading_only(admin_client, method):
    response = getattr(admin_client, method)(preview_url(make_draft()))

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
