"""A whole text pasted in one piece: parted at its headings, and not a word of it lost."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conditions import whole_text
from conditions.models import Revision
from tests.conditions.admin_forms import change_url, page_url, signed_in, told
from tests.factories import make_condition, make_draft, make_in_review
from tests.pages import Page, read

SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "liver-metastases-page.txt"
WORDS = st.text(alphabet="abc ö&<.:-?", min_size=1, max_size=20)
PIECES = st.lists(
    st.tuples(st.sampled_from(["p", "h1", "h2", "h3", "h4", "blockquote", "li", "td"]), WORDS.filter(str.strip)),
    max_size=8,
)
WRAPPERS = {"li": "<ul><li>{}</li></ul>", "td": "<table><tbody><tr><td>{}</td></tr></tbody></table>"}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def html(pieces: list[tuple[str, str]]) -> str:
    return "".join(WRAPPERS.get(tag, f"<{tag}>{{}}</{tag}>").format(escaped(text)) for tag, text in pieces)


def parted(pasted: str) -> list[tuple[str, str]]:
    return [(section.heading, section.body) for section in whole_text.split(pasted)]


def words(sections: list[tuple[str, str]]) -> list[str]:
    return " ".join(f"{heading} {Page(str(body)).text}" for heading, body in sections).split()


# Headings that are marked


def test_marked_headings_begin_sections():
    pasted = "<h2>What?</h2><p>A.</p><ul><li>B</li></ul><h2>Symptoms</h2><p>C.</p>"

    assert parted(pasted) == [("What?", "<p>A.</p><ul><li>B</li></ul>"), ("Symptoms", "<p>C.</p>")]


def test_text_before_the_first_heading_becomes_an_overview():
    assert parted("<p>A.</p><h2>Why?</h2><p>B.</p>") == [("Overview", "<p>A.</p>"), ("Why?", "<p>B.</p>")]


def test_title_above_all_is_left_out_and_the_next_level_parts():
    pasted = "<h1>Livers</h1><h2>What?</h2><p>A.</p><h3>More</h3><p>B.</p><h2>Why?</h2><p>C.</p>"

    assert parted(pasted) == [("What?", "<p>A.</p><h3>More</h3><p>B.</p>"), ("Why?", "<p>C.</p>")]


def test_lower_headings_stay_within_their_section():
    assert parted("<h2>A</h2><h4>B &amp; C</h4><p>D.</p><h2>E</h2><p>F.</p>") == [
        ("A", "<h3>B &amp; C</h3><p>D.</p>"),
        ("E", "<p>F.</p>"),
    ]


def test_aspects_are_guessed_from_headings():
    pasted = "".join(
        f"<h2>{heading}</h2><p>x.</p>"
        for heading in ("What is it?", "What symptoms?", "Diagnosis", "Life expectancy", "Surgery", "What causes it?")
    )

    aspects = [section.aspect for section in whole_text.split(pasted)]

    assert aspects == ["overview", "symptoms", "diagnosis", "prognosis", "treatment", "causes"]


# Headings that are not


def test_short_lines_before_text_are_headings_where_none_is_marked():
    pasted = "<p>Livers</p><p>What are they?</p><p>An organ.</p><p>- Fever</p><p>Treatment of livers</p><p>None.</p>"

    assert parted(pasted) == [
        ("What are they?", "<p>An organ.</p><p>- Fever</p>"),
        ("Treatment of livers", "<p>None.</p>"),
    ]


def test_short_lines_in_a_row_are_not_lost():
    """A list of single words without any mark."""
    lines = ["Symptoms", "These are common:", "Fever", "Night sweats", "Weight loss", "See a doctor."]

    sections = parted("".join(f"<p>{line}</p>" for line in lines))

    assert words(sections) == " ".join(lines).split()


@pytest.mark.skipif(not SAMPLE.exists(), reason="the page's text lies beside the project, not in it")
def test_text_of_a_real_page_without_marks():
    lines = [line.strip() for line in SAMPLE.read_text(encoding="utf-8").splitlines() if line.strip()]

    sections = parted("".join(f"<p>{escaped(line)}</p>" for line in lines))

    assert [heading for heading, _body in sections][-8:] == [
        "What are liver metastases and how do they develop?",
        "What symptoms are caused by liver metastases?",
        "How do physicians diagnose liver metastases?",
        "Cure of liver metastases – only by complete removal of the tumor",
        "Therapeutic concepts for inoperable liver metastases",
        "Radiation of liver metastases",
        "Life expectancy - survival with liver metastases",
        "Which physicians and clinics specialize in liver metastases?",
    ]
    # All but the title, which is the article's own.
    assert words(sections) == ["Overview", *" ".join(lines[1:]).split()]


# No word is lost


@settings(deadline=None, max_examples=300)
@given(PIECES)
def test_no_word_is_lost(pieces):
    sections = parted(html(pieces))

    kept = words(sections)
    wanted = " ".join(text for _tag, text in pieces).split()
    if kept[:1] == ["Overview"]:
        kept = kept[1:]
    # The first line may be a title, which is left out when another heading follows at once.
    title = pieces[0][1].split() if pieces else []
    assert kept in (wanted, wanted[len(title) :])
    if kept != wanted:
        assert len(pieces) == 1 or pieces[1][0] in whole_text.HEADINGS or pieces[0][0] == "p"


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60))
def test_anything_can_be_pasted(pasted):
    assert all(section.heading and len(section.heading) <= 250 for section in whole_text.split(pasted))


def test_long_heading_is_text():
    long = "word " * 60

    assert words(parted(f"<h2>{long}</h2><p>A.</p>"))[-301:] == ["Overview", *long.split(), "A."][-301:]


def test_bare_text_keeps_its_words_together():
    assert parted("Salt &amp; pepper.") == [("Overview", "<p>Salt &amp; pepper.</p>")]


def test_empty_text_has_no_sections():
    assert parted("<p> </p>") == []


# The page in the admin

PASTED = "<h2>New?</h2><p onclick='x()'>New words.</p><script>alert(1)</script>"


def paste_url(revision: Revision) -> str:
    return page_url(Revision, "whole_text", revision.pk)


@pytest.mark.django_db
def test_pasted_sections_come_after_those_there_are(admin_client):
    draft = make_draft()

    response = admin_client.post(paste_url(draft), {"text": PASTED})

    assert (response["Location"], told(response)) == (change_url(draft), ["1 sections were added."])
    assert list(draft.sections.values_list("heading", "body")) == [
        ("What is it?", "<p>A text.</p>"),
        ("New?", "<p>New words.</p>"),
    ]
    assert Revision.objects.get().version == draft.version + 1


@pytest.mark.django_db
def test_paste_page_refuses_with_a_message(admin_client):
    draft = make_draft()

    empty = admin_client.post(paste_url(draft), {"text": ""})
    blank = admin_client.post(paste_url(draft), {"text": "<p> </p><h2>Only a heading</h2>"})

    assert "This field is required." in read(empty).text
    assert draft.sections.filter(heading="What is it?").count() == 1
    assert blank.status_code in (200, 302)


@pytest.mark.django_db
def test_paste_page_is_for_writers_of_drafts(admin_client, client):
    draft, frozen = make_draft(), make_in_review(make_condition("Gout"))
    reader = signed_in("view_revision", "review_revision", "publish_revision")

    assert reader.post(paste_url(draft), {"text": PASTED}).status_code == 403
    assert admin_client.post(paste_url(frozen), {"text": PASTED}).status_code == 403
    assert admin_client.post(page_url(Revision, "whole_text", 999), {"text": PASTED}).status_code == 404
    assert client.get(paste_url(draft))["Location"].startswith("/admin/login/")
    assert (draft.sections.count(), frozen.sections.count()) == (1, 1)
