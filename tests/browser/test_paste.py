"""Pasting into a section from Word and from web pages: structure arrives, everything else stays behind."""

import pytest
from playwright.sync_api import Page, expect

from conditions.models import Condition, Section
from tests import factories
from tests.browser.conftest import OpenPage
from tests.browser.editorial import (
    at_draft,
    editors,
    make_people,
    paste_into,
    press,
)

# Committed, so that the server sees it; everything is deleted after each test.
pytestmark = pytest.mark.django_db(transaction=True)


def word_item(level: int, marker: str, text: str, place: str = "Middle") -> str:
    """A list item as Word writes it: a paragraph, its bullet as text that browsers are told to ignore."""
    return (
        f"<p class=MsoListParagraphCxSp{place} style='margin-left:{level * 36.0}pt;mso-add-space:auto;"
        f"text-indent:-18.0pt;mso-list:l0 level{level} lfo1'><![if !supportLists]><span lang=EN-GB "
        "style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>"
        f"{marker}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>"
        f"<span lang=EN-GB>{text}<o:p></o:p></span></p>\n"
    )


WORD = f"""<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<link rel=File-List href="file:///C:/Users/Ada/AppData/Local/Temp/msohtmlclip1/01/clip_filelist.xml">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<style><!-- p.MsoNormal {{mso-style-parent:""; margin:0cm; font-family:"Calibri",sans-serif;}} --></style></head>
<body lang=EN-GB link="#0563C1" style='tab-interval:36.0pt;word-wrap:break-word'>
<!--StartFragment-->
<h1 class=MsoHeading1 style='mso-list:none'><span lang=EN-GB>How it is treated<o:p></o:p></span></h1>
<p class=MsoNormal style='margin-bottom:8.0pt'><span lang=EN-GB style='font-size:12.0pt;color:red'>Three ways are
<b style='mso-bidi-font-weight:normal'>open</b>, says <a href="https://example.org/guideline"
style="color:#0563C1">the guideline</a>:<o:p></o:p></span></p>
{word_item(1, "·", "Surgery", "First")}{word_item(2, "o", "open")}{word_item(2, "o", "through a keyhole")}
{word_item(1, "·", "Ablation", "Last")}
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<h2 class=MsoHeading2><span lang=EN-GB>Before the operation<o:p></o:p></span></h2>
{word_item(1, "1.", "Blood test", "First")}{word_item(1, "2.", "Scan", "Last")}
<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;border:none'>
<tr style='mso-yfti-irow:0;mso-yfti-firstrow:yes'><td width=200 valign=top style='width:150pt;padding:0cm 5.4pt'>
<p class=MsoNormal><b><span lang=EN-GB>Way<o:p></o:p></span></b></p></td>
<td width=200 style='width:150pt'><p class=MsoNormal><span lang=EN-GB>Days in hospital<o:p></o:p></span></p></td></tr>
<tr style='mso-yfti-irow:1'><td width=200><p class=MsoNormal>Surgery<o:p></o:p></p></td>
<td width=200><p class=MsoNormal>8<o:p></o:p></p></td></tr></table>
<!--EndFragment--></body></html>"""
FROM_WORD = (
    "<h3>How it is treated</h3>"
    '<p>Three ways are <strong>open</strong>, says <a href="https://example.org/guideline">the guideline</a>:</p>'
    "<ul><li><p>Surgery</p><ul><li><p>open</p></li><li><p>through a keyhole</p></li></ul></li>"
    "<li><p>Ablation</p></li></ul>"
    "<h3>Before the operation</h3>"
    "<ol><li><p>Blood test</p></li><li><p>Scan</p></li></ol>"
    '<table><tbody><tr><th scope="col"><p><strong>Way</strong></p></th>'
    '<th scope="col"><p>Days in hospital</p></th></tr>'
    "<tr><td><p>Surgery</p></td><td><p>8</p></td></tr></tbody></table>"
)
WEB = """<meta charset='utf-8'><div class="content" id="main" data-track="7" style="font-family: Arial; color: #333">
<style>h1 { color: red }</style><script>document.title = 'taken over'</script>
<h1 class="title" style="font-size: 40px">Fatigue</h1>
<p onclick="document.title = 'taken over'">Many feel <span style="font-weight: 700">very tired</span> and
<span style="font-style: italic">weak</span>, see <a href="javascript:alert(1)">this</a> or
<a href="/en/conditions/" target="_blank" rel="opener" class="link">the conditions</a>.</p>
<h2>What helps</h2><img src="/static/img/mark.svg" alt="" onerror="document.title = 'taken over'">
<ul class="list"><li>Rest<ul><li>at night</li><li>after meals</li></ul></li><li><p>Walks</p></li></ul>
<h4></h4><h5>In short</h5><b style="font-weight: normal"><p>Ask for help.</p></b>
<iframe src="/en/"></iframe><form action="/admin/logout/" method="post"><button>Go on</button></form></div>"""
FROM_WEB = (
    "<h3>Fatigue</h3>"
    "<p>Many feel <strong>very tired</strong> and <em>weak</em>, see this or "
    '<a href="/en/conditions/">the conditions</a>.</p>'
    "<h3>What helps</h3>"
    "<ul><li><p>Rest</p><ul><li><p>at night</p></li><li><p>after meals</p></li></ul></li><li><p>Walks</p></li></ul>"
    "<h3>In short</h3><p>Ask for help.</p>"
)
WHOLE = f"""<h1 class=MsoTitle style='margin:0'>About hernias</h1><p>A gap in the abdominal wall.</p>
<h2 class=MsoHeading2>What helps?</h2><p>An operation.</p><h3>Afterwards</h3>
{word_item(1, "·", "Rest", "First")}{word_item(1, "·", "Walks", "Last")}
<h2>Who treats it?</h2><p>Surgeons.</p>"""
TEXT = "Take with you:\n- your papers\n• a list of medicines\n\nDo not drive yourself.\n"
FROM_TEXT = (
    "<p>Take with you:</p><ul><li><p>your papers</p></li><li><p>a list of medicines</p></li></ul>"
    "<p>Do not drive yourself.</p>"
)


@pytest.fixture
def condition() -> Condition:
    """A public condition whose article has one open draft."""
    make_people()
    return factories.make_draft(factories.make_condition("Liver metastases")).article.condition


def saved_after_pasting(page: Page, html: str = "", text: str = "") -> str:
    """The body of the section as it is stored, without the blanks between elements."""
    editor = editors(page).first
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    paste_into(editor, html, text)
    press(page, "Save draft")
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    return " ".join(Section.objects.get().body.split())


@pytest.mark.parametrize(
    ("html", "text", "stored"),
    [(WORD, "How it is treated", FROM_WORD), (WEB, "Fatigue", FROM_WEB), ("", TEXT, FROM_TEXT)],
    ids=["word", "web page", "plain text"],
)
def test_pasting_keeps_structure_and_nothing_else(
    open_page: OpenPage, condition: Condition, html: str, text: str, stored: str
) -> None:
    page = at_draft(open_page, "author", condition)

    assert saved_after_pasting(page, html, text) == stored

    assert page.title() != "taken over"


def test_what_is_copied_in_an_editor_of_ours_is_pasted_unchanged(open_page: OpenPage, condition: Condition) -> None:
    page = at_draft(open_page, "author", condition)
    copied = '<p data-pm-slice="0 0 []">One <strong>strong</strong> word</p>'

    assert saved_after_pasting(page, copied, "One strong word") == "<p>One <strong>strong</strong> word</p>"


def test_whole_text_is_parted_at_its_headings_and_not_below(open_page: OpenPage, condition: Condition) -> None:
    page = at_draft(open_page, "author", condition)
    page.get_by_role("link", name="Paste a whole text").click()

    paste_into(editors(page), WHOLE)
    press(page, "Add the sections")

    expect(page.locator(".messagelist")).to_have_text("3 sections were added.")
    added = Section.objects.order_by("ordering").values_list("heading", "body")[1:]
    assert [(heading, " ".join(body.split())) for heading, body in added] == [
        ("About hernias", "<p>A gap in the abdominal wall.</p>"),
        ("What helps?", "<p>An operation.</p><h3>Afterwards</h3><ul><li><p>Rest</p></li><li><p>Walks</p></li></ul>"),
        ("Who treats it?", "<p>Surgeons.</p>"),
    ]
