"""Comparing two texts: what is kept and added reads as the new text, what is kept and removed as the old one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conditions import diff, workflow
from conditions.models import Article, Revision, Section, Source
from tests.conditions.admin_forms import page_url, signed_in
from tests.factories import make_draft, make_published
from tests.pages import read

WORDS = st.lists(st.sampled_from(["liver", "lung", "a", "A", "the", "2.5", "–", "ö", "\n", " ", "."]), max_size=12)
SENTENCES = st.one_of(st.text(max_size=30), WORDS.map(" ".join))
PARAGRAPHS = st.lists(WORDS.map(" ".join), max_size=6)
SECTIONS = st.lists(st.tuples(st.sampled_from(["What?", "Why?", "Who?"]), PARAGRAPHS), max_size=4)


def joined(parts: list[diff.Part], *states: str) -> str:
    return "".join(part.text for part in parts if part.state in states)


def old_words(parts: list[diff.Part]) -> str:
    return joined(parts, diff.SAME, diff.REMOVED)


def new_words(parts: list[diff.Part]) -> str:
    return joined(parts, diff.SAME, diff.ADDED)


def html(paragraphs: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in paragraphs)


def texts(paragraphs: list[str]) -> list[str]:
    return [" ".join(text.split()) for text in paragraphs if text.strip()]


def text(*sections: tuple[str, str], **fields: str) -> diff.Text:
    return diff.Text(fields, [Section(heading=heading, body=body) for heading, body in sections], [])


def states(comparison: diff.Comparison) -> list[tuple[str, str]]:
    """(what the heading reads now, or read when it was removed; state)"""
    return [
        (new_words(section.heading) or old_words(section.heading), section.state) for section in comparison.sections
    ]


# Words and blocks


@settings(deadline=None, max_examples=300)
@given(SENTENCES, SENTENCES)
def test_words_read_as_both_texts(old, new):
    parts = diff.word_parts(old, new)

    assert (old_words(parts), new_words(parts)) == (old, new)
    assert all(part.text for part in parts)


@settings(deadline=None, max_examples=200)
@given(PARAGRAPHS, PARAGRAPHS)
def test_blocks_read_as_both_texts(old, new):
    blocks = diff.compare_html(html(old), html(new))

    assert list(filter(None, (old_words(block.parts) for block in blocks))) == texts(old)
    assert list(filter(None, (new_words(block.parts) for block in blocks))) == texts(new)


@settings(deadline=None, max_examples=200)
@given(SECTIONS, SECTIONS)
def test_sections_read_as_both_texts(old, new):
    comparison = diff.compare(
        text(*((heading, html(body)) for heading, body in old)), text(*((heading, html(body)) for heading, body in new))
    )

    for written, read_back, ordered in ((new, new_words, True), (old, old_words, False)):
        found = [
            (read_back(section.heading), [words for block in section.blocks if (words := read_back(block.parts))])
            for section in comparison.sections
            if read_back(section.heading)
        ]
        wanted = [(heading, texts(body)) for heading, body in written]
        # What was removed stands at the end: only the new text is read in its own order.
        assert (found if ordered else sorted(found)) == (wanted if ordered else sorted(wanted))


@settings(deadline=None, max_examples=100)
@given(SECTIONS)
def test_identical_texts_have_no_difference(sections):
    same = [(heading, html(body)) for heading, body in sections]

    comparison = diff.compare(text(*same, Title="T"), text(*same, Title="T"))

    assert comparison.is_empty
    assert {state for _heading, state in states(comparison)} <= {diff.SAME}


def test_changed_word_is_marked_alone():
    parts = diff.word_parts("Large metastases are treated.", "Small metastases are treated.")

    assert [(part.state, part.text) for part in parts] == [
        ("removed", "Large"),
        ("added", "Small"),
        ("same", " metastases are treated."),
    ]


def test_changed_address_of_a_link_is_a_change():
    [block] = diff.compare_html('<p><a href="/a/">x</a></p>', '<p><a href="/b/">x</a></p>')

    assert (block.state, old_words(block.parts), new_words(block.parts)) == ("changed", "x (/a/)", "x (/b/)")


def test_items_and_cells_are_blocks_of_their_own():
    blocks = diff.blocks_of("<ul><li><p>a</p></li><li>b</li></ul><table><tr><th>c</th><td>d<br>e</td></tr></table>")

    assert [(block.kind, block.text) for block in blocks] == [("li", "a"), ("li", "b"), ("th", "c"), ("td", "d e")]


# Sections

WHAT = ("What is it?", "<p>A growth in the liver that stems from another organ.</p>")
WHY = ("Why?", "<p>Cells travel through the blood and settle elsewhere in the body.</p>")
WHO = ("Who treats it?", "<p>Surgeons and radiologists decide together with the patient.</p>")


def test_added_and_removed_sections():
    assert states(diff.compare(text(WHAT, WHY), text(WHO, WHAT))) == [
        (WHO[0], "added"),
        (WHAT[0], "same"),
        (WHY[0], "removed"),
    ]


def test_renamed_section_is_compared_with_what_it_was():
    [section] = diff.compare(text(WHY), text(("What causes it?", WHY[1]))).sections

    assert (section.state, [block.state for block in section.blocks]) == ("changed", ["same"])
    assert (old_words(section.heading), new_words(section.heading)) == ("Why?", "What causes it?")


def test_moved_section_is_compared_with_itself_and_said_to_have_moved():
    comparison = diff.compare(text(WHAT, WHY, WHO), text(WHO, WHAT, WHY))

    assert [block.state for section in comparison.sections for block in section.blocks] == ["same"] * 3
    assert states(comparison) == [(WHO[0], "changed"), (WHAT[0], "same"), (WHY[0], "same")]
    assert [section.notes for section in comparison.sections] == [["Moved"], [], []]
    assert not comparison.is_empty


def test_section_with_another_aspect_or_picture_is_noted():
    old = diff.Text({}, [Section(heading="Why?", aspect="overview")], [])
    new = diff.Text({}, [Section(heading="Why?", aspect="causes")], [])

    [section] = diff.compare(old, new).sections

    assert (section.state, section.notes) == ("changed", ["Tells about: Overview → Causes"])


def test_two_sections_of_one_name_lose_nothing():
    old = text(("Therapy", "<p>First words.</p>"), ("Therapy", "<p>Other things.</p>"))

    comparison = diff.compare(old, text(("Therapy", "<p>Other things.</p>")))

    removed = [new_or_old for new_or_old in comparison.sections if new_or_old.state == "removed"]
    assert [old_words(block.parts) for section in removed for block in section.blocks] == ["First words."]


# Stored texts, and the page


@pytest.fixture
def two_texts(db) -> Article:
    """An article whose second text differs in every kind of part."""
    published = make_published(title="About livers")
    draft = workflow.open_draft(published.article)
    sections = [
        Section(heading="What is it?", body="<p>A <strong>longer</strong> text.</p>"),
        Section(heading="<b>!</b>"),
    ]
    sources = [(Source(citation="A guideline", url="https://example.org/guideline", year=2026), 0)]
    workflow.write_draft(draft, {"title": "About <script>livers</script>"}, sections, sources)
    return published.article


def numbers(old: object, new: object) -> dict[str, object]:
    return {"old": old, "new": new}


def test_stored_texts_are_compared_in_all_parts(two_texts):
    old, new = two_texts.revisions.order_by("number")

    comparison = diff.compare(diff.text_of(old), diff.text_of(new))

    assert [field.label for field in comparison.fields] == [
        "Title",
        "Medical reviewer",
        "Medically reviewed on",
        "Next review due",
    ]
    assert states(comparison) == [("What is it?", "changed"), ("<b>!</b>", "added")]
    assert [source.state for source in comparison.sources] == ["changed"]
    assert diff.compare(diff.text_of(old), diff.text_of(old)).is_empty


def test_page_marks_what_changed_and_escapes_it(admin_client, two_texts):
    response = admin_client.get(page_url(Article, "compare", two_texts.pk), numbers(1, 2))

    page = response.content.decode()
    assert "Revision 1 compared with revision 2" in page
    assert "About <ins>&lt;script&gt;</ins>livers<ins>&lt;/script&gt;</ins>" in page
    assert "<ins>&lt;b&gt;!&lt;/b&gt;</ins>" in page
    assert "A<ins> longer</ins> text." in page
    assert [found for found in ("<script>livers", "<b>!</b>") if found in page] == []


def test_page_of_one_text_compared_with_itself_says_so(admin_client, two_texts):
    page = read(admin_client.get(page_url(Article, "compare", two_texts.pk), numbers(2, 2)))

    assert "Both texts are the same." in page.text
    # The key is all that is marked.
    assert (len(page.all("ins")), len(page.all("del"))) == (1, 1)


@pytest.mark.parametrize(("old", "new"), [(1, 3), ("", 2), ("x", 2), (1, "²"), (1, "9" * 5_000), (-1, 2), (1, "2 ")])
def test_page_of_an_unknown_text_is_not_found(admin_client, two_texts, old, new):
    assert admin_client.get(page_url(Article, "compare", two_texts.pk), numbers(old, new)).status_code == 404


def test_page_of_an_unknown_article_is_not_found(admin_client, two_texts):
    assert admin_client.get(page_url(Article, "compare", two_texts.pk + 1), numbers(1, 2)).status_code == 404


def test_page_compares_no_text_of_another_article(admin_client, two_texts):
    other = make_draft(two_texts.condition, language="de")
    assert Revision.objects.count() == 3

    response = admin_client.get(page_url(Article, "compare", other.article_id), numbers(1, 2))

    assert response.status_code == 404


def test_page_is_for_those_who_may_see_articles(client, two_texts):
    url = page_url(Article, "compare", two_texts.pk)

    assert signed_in("view_condition").get(url, numbers(1, 2)).status_code == 403
    assert client.get(url, numbers(1, 2))["Location"].startswith("/admin/login/")


def test_page_is_for_reading_only(admin_client, two_texts):
    response = admin_client.post(page_url(Article, "compare", two_texts.pk), numbers(1, 2))

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
