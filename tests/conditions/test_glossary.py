"""The glossary: what it finds in a text, what it leaves alone, its constraints and its page."""

import re
from html.parser import HTMLParser

import pytest
from django.core.exceptions import ValidationError
from django.utils.safestring import mark_safe
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from conditions import glossary as words
from conditions.glossary import Explainer, Glossary
from conditions.html import sanitise
from conditions.models import GlossaryTerm
from tests.conditions.database import refused
from tests.conditions.test_html import ATTACKS
from tests.factories import make_condition
from tests.pages import Page, read

LINK = re.compile(r'<a class="explained" href="#glossary-([\w-]+)" id="word-\1">(.*?)</a>', re.DOTALL)


def entry(term: str, *also: str, slug: str = "", **values: str) -> GlossaryTerm:
    return GlossaryTerm(term=term, also=list(also), slug=slug or term.lower(), explanation=f"What {term} is.", **values)


ENTRIES = [
    entry("CT", "CT scan", "computed tomography"),
    entry("PET"),
    entry("radiotherapy"),
    entry("stereotactic radiotherapy", slug="sbrt"),
    entry("biopsy", "biopsies"),
    entry("Gallengang", "Gallengänge", slug="bile-duct"),
]


def found(text: str) -> list[tuple[str, str]]:
    """(words of the text, slug) for each find."""
    return [(text[start:end], entry.slug) for start, end, entry in Glossary(ENTRIES).find(text)]


def marked(html: str, entries: list[GlossaryTerm] | None = None) -> str:
    """The text with links written short: [words|slug]."""
    result = Explainer(Glossary(entries or ENTRIES)).mark(mark_safe(html))  # noqa: S308
    return LINK.sub(r"[\2|\1]", result)


# Finding words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A biopsy.", [("biopsy", "biopsy")]),
        ("Biopsies and BIOPSY", [("Biopsies", "biopsy"), ("BIOPSY", "biopsy")]),
        ("autobiopsy biopsyx biopsy_1 biopsy2", []),
        ("(biopsy), “biopsy” biopsy’s biopsy-based", [("biopsy", "biopsy")] * 4),
        ("A CT scan, a CT, a ct", [("CT scan", "ct"), ("CT", "ct")]),
        ("My pet had a PET", [("PET", "pet")]),
        ("computed\n  tomography", [("computed\n  tomography", "ct")]),
        ("computed\xa0tomography", [("computed\xa0tomography", "ct")]),
        ("computed tomographyx", []),
        ("Stereotactic radiotherapy", [("Stereotactic radiotherapy", "sbrt")]),
        ("stereotactic, radiotherapy", [("radiotherapy", "radiotherapy")]),
        ("die GALLENGÄNGE", [("GALLENGÄNGE", "bile-duct")]),
        ("", []),
    ],
)
def test_words_are_found(text, expected):
    assert found(text) == expected


def test_word_that_begins_with_no_letter_is_never_found():
    assert list(Glossary([entry("(CEA)")]).find("(CEA)")) == []


# Linking them


def test_first_occurrence_in_an_article_is_linked():
    explainer = Explainer(Glossary(ENTRIES))

    texts = [mark_safe("<p>A biopsy, a biopsy.</p>"), mark_safe("<p>A PET, a biopsy.</p>")]
    first, second = map(explainer.mark, texts)

    assert first == '<p>A <a class="explained" href="#glossary-biopsy" id="word-biopsy">biopsy</a>, a biopsy.</p>'
    assert second == '<p>A <a class="explained" href="#glossary-pet" id="word-pet">PET</a>, a biopsy.</p>'
    assert [word.slug for word in explainer.words] == ["biopsy", "pet"]


def test_part_of_a_longer_word_that_was_explained_before_is_left_alone():
    html = "<p>stereotactic radiotherapy, stereotactic radiotherapy, radiotherapy</p>"

    assert (
        marked(html)
        == "<p>[stereotactic radiotherapy|sbrt], stereotactic radiotherapy, [radiotherapy|radiotherapy]</p>"
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h3>A biopsy</h3><p>A biopsy</p>", "<h3>A biopsy</h3><p>A [biopsy|biopsy]</p>"),
        ('<a href="/biopsy/">a <em>biopsy</em></a> biopsy', '<a href="/biopsy/">a <em>biopsy</em></a> [biopsy|biopsy]'),
        ("<ul><li><strong>biopsy</strong></li></ul>", "<ul><li><strong>[biopsy|biopsy]</strong></li></ul>"),
        ("CT<br>PET", "[CT|ct]<br>[PET|pet]"),
        ("bi<em>opsy</em>", "bi<em>opsy</em>"),
        ("a &lt;b&gt; biopsy &amp; &amp;lt;", "a &lt;b&gt; [biopsy|biopsy] &amp; &amp;lt;"),
        ("<h3>&lt;img src=x&gt; biopsy</h3>", "<h3>&lt;img src=x&gt; biopsy</h3>"),
        ("", ""),
    ],
)
def test_only_prose_is_linked(html, expected):
    assert marked(html) == expected


def test_what_an_editor_writes_as_a_word_is_no_markup():
    result = marked("<p>R&amp;D &lt;b&gt;</p>", [entry("R&D", slug="research")])

    assert result == "<p>[R&amp;D|research] &lt;b&gt;</p>"


class Outline(HTMLParser):
    """The text of a page, and its elements but for links to explanations."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.elements, self.links, self.depth = "", [], 0, 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if ("class", "explained") in attrs:
            assert self.depth == 0
            self.links += 1
        else:
            self.elements.append((tag, attrs))
        self.depth += tag in ("a", "h3")

    def handle_endtag(self, tag):
        self.depth -= tag in ("a", "h3")

    def handle_data(self, data):
        self.text += data


TAGS = ["<p>", "</p>", "<h3>", "</h3>", "<a href=\"/CT/?a=1&b='PET'\">", "</a>", "<em>", "<br>", "<table><tr><td>"]
WORDS = ["CT", " biopsy ", "computed ", "tomography", "&lt;", "&amp;", "&nbsp;", "<", ">", "&", "'", '"', "ß", "İ"]
PIECES = st.sampled_from([*ATTACKS, *TAGS, *WORDS])
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=30).map("".join)


@given(TEXTS)
def test_linking_changes_neither_text_nor_elements(text):
    cleaned = sanitise(text)

    result = Explainer(Glossary(ENTRIES)).mark(mark_safe(cleaned))  # noqa: S308

    before, after = Outline(cleaned), Outline(result)
    assert (after.text, after.elements) == (before.text, before.elements)
    # The same by the reader of HTML that cleans what editors write.
    assert sanitise(LINK.sub(r"\2", result)) == cleaned
    assert after.links == len(LINK.findall(result))


# Rows


@pytest.mark.django_db
def test_slug_and_word_are_there_once_in_each_language():
    entry("Biopsy").save()

    with refused("glossary_slug_once"):
        entry("Other", slug="biopsy").save()
    with refused("glossary_term_once"):
        entry("BIOPSY", slug="other").save()
    entry("Biopsy", language="de").save()
    assert GlossaryTerm.objects.count() == 2


@pytest.mark.parametrize("text", ["(CEA)", "CEA)", " CEA", "-"])
@pytest.mark.django_db
def test_forms_that_could_never_be_found_are_refused(text):
    for term in (entry(text, slug="cea"), entry("x", text, slug="cea")):
        with pytest.raises(ValidationError) as refusal:
            term.full_clean()
        assert refusal.value.messages[-1].endswith("must begin and end with a letter or digit.")


@pytest.mark.django_db
def test_glossary_is_that_of_the_language():
    GlossaryTerm.objects.bulk_create([entry("Biopsy"), entry("Biopsie", language="de")])

    slugs = {}
    for language in ("en", "de"):
        with override(language):
            slugs[language] = [word.slug for word in words.glossary().entries]

    assert slugs == {"en": ["biopsy"], "de": ["biopsie"]}


# The page


@pytest.mark.django_db
def test_page_lists_words_from_a_to_z(client):
    GlossaryTerm.objects.bulk_create(
        [
            entry("Zoster"),
            entry("Ärger", "Unmut", slug="aerger"),
            entry("5-FU"),
            entry("anus"),
            entry("Galle", language="de"),
        ]
    )

    page = read(client.get("/en/glossary/"))

    assert (
        "# A Z # 5-FU What 5-FU is. A anus What anus is. Ärger What Ärger is. Also: Unmut Z Zoster What Zoster is."
    ) in page.text
    assert "Galle" not in page.text
    assert [attributes["id"] for attributes in page.with_class("words__entry")] == [
        "glossary-5-fu",
        "glossary-anus",
        "glossary-aerger",
        "glossary-zoster",
    ]


@pytest.mark.django_db
def test_page_without_words_says_so(client):
    assert "No words are explained here yet." in read(client.get("/en/glossary/")).text


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.django_db
def test_number_of_queries_does_not_grow(client, django_assert_num_queries, count):
    GlossaryTerm.objects.bulk_create(entry(f"Word{number}") for number in range(count))
    make_condition()

    # The content version, and the words.
    with django_assert_num_queries(2):
        page = Page(client.get("/en/glossary/").content.decode())

    assert len(page.with_class("words__entry")) == count


@pytest.mark.django_db
def test_page_is_only_read(client):
    assert client.post("/en/glossary/").status_code == 405
