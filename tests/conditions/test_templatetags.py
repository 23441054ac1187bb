"""How an article is put on its page: reading time, sources of each section, explained words, urgent signs."""

import pytest
from django.utils.translation import override

from conditions import queries, workflow
from conditions.models import Condition, GlossaryTerm, Revision, Section, Source, UrgentSigns
from conditions.templatetags.articles import reading
from tests.conditions.texts import publish_draft
from tests.factories import make_condition, make_draft, make_published
from tests.pages import read

pytestmark = pytest.mark.django_db


def publish(*sections: Section, sources: list[tuple[Source, int | None]] | None = None, **values: object) -> Revision:
    draft = make_draft(make_condition("Gout"))
    workflow.write_draft(draft, values, list(sections), sources or [(Source(citation="A book"), None)])
    publish_draft(draft)
    live = queries.live_revision(Condition.objects.get())
    assert live is not None
    return live


# Reading time


@pytest.mark.parametrize(("words", "minutes"), [(1, 1), (175, 1), (176, 2), (355, 2), (356, 3)])
def test_reading_time_is_rounded_up(words, minutes):
    """Five words are in the teaser, the key point and the heading."""
    body = f"<p>{'word ' * (words - 1)}</p><ul><li>word</li></ul>"

    revision = publish(Section(heading="Why now?", body=body), teaser="What is", key_points=["Yes."])

    assert reading(revision).minutes == minutes


def test_reading_time_does_not_count_markup():
    cells = "<td>a</td>" * 200
    counted = publish(Section(heading="H", body=f"<table><tr>{cells}</tr></table>{'<p>a</p>' * 155}"), teaser="T")

    # 200 cells, 155 paragraphs, teaser, heading, and none for tags and the box around the table.
    assert reading(counted).minutes == 2


def test_page_says_how_long_it_takes(client):
    make_published(make_condition("Gout"))

    assert "Next review due 1 June 2028 Reading time about 1 minute" in read(client.get("/en/conditions/gout/")).text


# Sources


def test_section_names_its_sources_by_their_numbers(client):
    sections = [Section(heading=heading, body="<p>x</p>") for heading in ("First", "Second")]
    sources = [(Source(citation=name), position) for name, position in (("A", 1), ("B", None), ("C", 1))]
    revision = publish(*sections, sources=sources)

    shown = reading(revision)
    page = read(client.get("/en/conditions/gout/"))

    assert [part.sources for part in shown.parts] == [[], [1, 3]]
    assert [(number, source.citation) for number, source in shown.sources] == [(1, "A"), (2, "B"), (3, "C")]
    assert "Second x Sources for this section: 1 , 3" in page.text
    links = page.with_class("cited__number")
    assert [(link["href"], link["aria-label"]) for link in links] == [
        ("#source-1", "Source 1"),
        ("#source-3", "Source 3"),
    ]
    back = [link for link in page.all("a") if link.get("aria-label") == "Back to the section: Second"]
    assert [link["href"] for link in back] == ["#second-20"] * 2
    assert {"source-1", "source-2", "source-3"} <= {item.get("id") for item in page.all("li")}


# Explained words


def test_first_occurrence_in_the_article_is_explained_at_its_end(client):
    GlossaryTerm.objects.create(slug="stent", term="stent", also=["stents"], explanation="A small tube.")
    GlossaryTerm.objects.create(slug="biopsy", term="biopsy", explanation="A small sample.")
    GlossaryTerm.objects.create(slug="unused", term="unused", explanation="Not here.")
    publish(
        Section(heading="What is a stent?", body="<h3>A stent</h3><p><a href='/en/'>stent</a> and stents.</p>"),
        Section(heading="Why?", body="<p>A biopsy, a stent.</p>"),
    )

    page = read(client.get("/en/conditions/gout/"))

    assert [link["href"] for link in page.with_class("explained")] == ["#glossary-stent", "#glossary-biopsy"]
    assert "Words explained biopsy A small sample. Back to the text stent A small tube. Back to the text" in page.text
    assert "Not here." not in page.text
    back = [link["aria-label"] for link in page.all("a") if link["href"].startswith("#word-")]
    assert back == ["Back to the text: biopsy", "Back to the text: stent"]
    identifiers = [attributes["id"] for _tag, attributes in page.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    assert {link["href"][1:] for link in page.all("a") if link["href"].startswith("#")} <= set(identifiers)


def test_article_without_explained_words_has_no_list_of_them(client):
    GlossaryTerm.objects.create(slug="text", term="text", language="de", explanation="Not here.")
    make_published(make_condition("Gout"))

    page = read(client.get("/en/conditions/gout/"))

    assert "Words explained" not in page.text
    assert page.with_class("words") == []


def test_words_are_explained_in_the_language_of_the_page():
    for language in ("en", "de"):
        GlossaryTerm.objects.create(slug="stent", term="stent", language=language, explanation=f"In {language}.")
    revision = publish(Section(heading="H", body="<p>A stent.</p>"))

    explained = {}
    for language in ("en", "de"):
        with override(language):
            explained[language] = [word.explanation for word in reading(revision).words]

    assert explained == {"en": ["In en."], "de": ["In de."]}


# Signs to seek help at once


@pytest.mark.parametrize("has_article", [True, False])
def test_urgent_signs_stand_above_the_article(client, has_article):
    condition = make_condition("Gout")
    UrgentSigns.objects.create(condition=condition, signs=["You <faint>.", "It bleeds."])
    UrgentSigns.objects.create(condition=condition, language="de", signs=["Es blutet."])
    if has_article:
        make_published(condition)

    page = read(client.get("/en/conditions/gout/"))

    assert "When to get help at once You <faint>. It bleeds. Do not wait" in page.text
    assert "Es blutet." not in page.text
    numbers = {link["href"] for link in page.all("a") if link["href"].startswith("tel:")}
    assert numbers == {"tel:112", "tel:116117"}


def test_condition_without_urgent_signs_has_no_box(client):
    make_published(make_condition("Gout"))

    assert read(client.get("/en/conditions/gout/")).with_class("urgent") == []


def test_urgent_signs_in_german(client):
    condition = make_condition("Gout")
    UrgentSigns.objects.create(condition=condition, language="de", signs=["Es blutet."])
    make_published(condition, language="de")

    page = read(client.get("/de/conditions/gout/"))

    assert "Es blutet." in page.text
    numbers = {link["href"] for link in page.all("a") if link["href"].startswith("tel:")}
    assert numbers == {"tel:112", "tel:144", "tel:116117", "tel:1450"}


def test_preview_shows_the_urgent_signs_of_its_language(admin_client):
    condition = make_condition("Gout")
    for language in ("en", "de"):
        UrgentSigns.objects.create(condition=condition, language=language, signs=[f"Sign in {language}."])
    draft = make_draft(condition, language="de")

    page = read(admin_client.get(f"/admin/conditions/revision/{draft.pk}/preview/"))

    assert ("Sign in de." in page.text, "Sign in en." in page.text) == (True, False)
