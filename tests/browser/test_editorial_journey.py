"""A text's whole way in Chromium: pasted by an author, sent back and approved by a reviewer, published, read."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from conditions.models import Condition, Revision, Transition
from tests import factories
from tests.browser.conftest import OpenPage
from tests.browser.editorial import (
    add_row,
    article_of,
    confirm_step,
    editors,
    make_people,
    open_draft,
    paste_into,
    press,
    sign_in,
    take_step,
    words,
)

# Committed, so that the server sees it; everything is deleted after each test.
pytestmark = pytest.mark.django_db(transaction=True)
HEADINGS = [
    "Treatment of gallbladder polyps – what helps and what can wait",
    "What are gallbladder polyps and how do they develop?",
    "What symptoms are caused by gallbladder polyps?",
    "How do physicians diagnose gallbladder polyps?",
    "Removal of the gallbladder – the only cure",
    "Concepts for inoperable patients",
    "Radiation of gallbladder tumours",
    "Outlook - living without a gallbladder",
    "Which physicians and clinics treat gallbladder polyps?",
]
PASTED = f"""{HEADINGS[0]}
Gallbladder polyps are small growths of the inner wall of the gallbladder. Most of them are harmless.
{HEADINGS[1]}
Most polyps are deposits of cholesterol. They differ from gallstones: a stone moves, a polyp does not.
A polyp that grows is watched more closely, because some kinds can turn into cancer.
{HEADINGS[2]}
Most people notice nothing. Large polyps may cause:
- Pain below the right ribs
- Nausea after a meal
- Fever & jaundice, which is rare
Such symptoms also have other causes.
{HEADINGS[3]}
An ultrasound examination shows polyps from about 3 mm. It tells apart:
– round deposits on a thin stalk
– broad growths of more than 10 mm
{HEADINGS[4]}
Polyps of more than 10 mm are removed together with the gallbladder. Smaller ones are looked at again.
{HEADINGS[5]}
Somebody too ill for an operation is examined again every six months.
{HEADINGS[6]}
Radiation is not used against polyps.
{HEADINGS[7]}
Bile then flows straight into the bowel. Nearly everybody can eat what they like.
{HEADINGS[8]}
Visceral surgeons treat gallbladder polyps together with gastroenterologists.
"""
LISTS = [
    ["Pain below the right ribs", "Nausea after a meal", "Fever & jaundice, which is rare"],
    ["round deposits on a thin stalk", "broad growths of more than 10 mm"],
]
REAL_TEXT = Path(__file__).resolve().parents[3] / "shared" / "data" / "liver-metastases-page.txt"
REAL_HEADINGS = [
    "Treatment of liver metastases – Chances of cure and life expectancy",
    "What are liver metastases and how do they develop?",
    "What symptoms are caused by liver metastases?",
    "How do physicians diagnose liver metastases?",
    "Cure of liver metastases – only by complete removal of the tumor",
    "Therapeutic concepts for inoperable liver metastases",
    "Radiation of liver metastases",
    "Life expectancy - survival with liver metastases",
    "Which physicians and clinics specialize in liver metastases?",
]
SOURCE_URL = "https://example.org/guideline"
COMMENT = "Please say how often the ultrasound is repeated."


def paste_whole(page: Page, text: str) -> None:
    page.get_by_role("link", name="Paste a whole text").click()
    paste_into(editors(page), text=text)
    press(page, "Add the sections")


def fill_the_rest(page: Page, author: str) -> None:
    """What a text needs besides its sections: a summary, an author, a source."""
    page.locator("#id_teaser").fill("What they are, when they are removed, and who does it.")
    page.locator(".field-author .select2-selection").click()
    page.locator(".select2-search__field").fill(author)
    page.locator(".select2-results__option", has_text=author).click()
    row = add_row(page, "Source")
    page.locator(f"{row}-citation").fill("A guideline on gallbladder polyps")
    page.locator(f"{row}-url").fill(SOURCE_URL)
    page.locator(f"{row}-year").fill("2022")


def queue(page: Page, title: str) -> Locator:
    page.goto("/admin/")
    return page.get_by_role("region", name=title)


def lists_in(article: Locator) -> list[list[str]]:
    return [each.locator("li").all_inner_texts() for each in article.locator(".article__section .prose > ul").all()]


def test_pasted_article_is_reviewed_corrected_and_published(open_page: OpenPage) -> None:
    make_people()
    factories.make_contributor("Dr. Ada Writer")
    condition = factories.make_condition("Gallbladder polyps")
    author, reviewer, publisher = (sign_in(open_page, name) for name in ("author", "reviewer", "publisher"))

    open_draft(author, condition)
    paste_whole(author, PASTED)
    expect(author.locator(".messagelist")).to_have_text("9 sections were added.")
    assert [author.locator(f"#id_sections-{row}-heading").input_value() for row in range(9)] == HEADINGS
    fill_the_rest(author, "Dr. Ada Writer")
    press(author, "Save and send to review")
    confirm_step(author, "Send to review")

    queue(reviewer, "Waiting for your review").get_by_role("link", name="Gallbladder polyps (en), revision 1").click()
    assert editors(reviewer).count() == 0
    take_step(reviewer, "Send back", comment=COMMENT)

    sent_back = queue(author, "Sent back to the author")
    assert words(sent_back.locator("li")) == f"Gallbladder polyps (en), revision 1 Rosa Prüfstein: {COMMENT}"
    sent_back.get_by_role("link").click()
    expect(author.locator(".revision-state")).to_contain_text(f"Send back (Rosa Prüfstein): {COMMENT}")
    expect(author.locator("#id_sources-0-url")).to_have_value(SOURCE_URL)
    expect(author.locator("#id_sources-0-url")).to_be_visible()
    editors(author).nth(3).locator("li").last.click()
    author.keyboard.press("End")
    author.keyboard.press("Enter")
    author.keyboard.press("Enter")
    author.keyboard.type("It is repeated after six months.")
    press(author, "Save and send to review")
    confirm_step(author, "Send to review", comment="Said so.")

    queue(reviewer, "Waiting for your review").get_by_role("link").click()
    take_step(reviewer, "Approve")
    assert article_of(open_page, condition).count() == 0
    queue(publisher, "Approved, to be published").get_by_role("link").click()
    take_step(publisher, "Publish")

    article = article_of(open_page, condition)
    assert article.locator(".article__heading").all_inner_texts() == HEADINGS
    assert lists_in(article) == LISTS
    assert article.locator(".article__section").nth(3).locator(".prose > p").all_inner_texts() == [
        "An ultrasound examination shows polyps from about 3 mm. It tells apart:",
        "It is repeated after six months.",
    ]
    assert "Medically reviewed by Rosa Prüfstein" in words(article)
    assert article.locator(".sources__list a").get_attribute("href") == SOURCE_URL
    steps = Transition.objects.order_by("pk").values_list("action", "actor_name", "comment")
    assert list(steps) == [
        ("edit", "Arvid Schreibmann", ""),
        ("submit", "Arvid Schreibmann", ""),
        ("send-back", "Rosa Prüfstein", COMMENT),
        ("submit", "Arvid Schreibmann", "Said so."),
        ("approve", "Rosa Prüfstein", ""),
        ("publish", "Paula Freigabe", ""),
    ]


@pytest.mark.skipif(not REAL_TEXT.exists(), reason="the text is not part of the project")
def test_real_article_keeps_every_heading_and_list(open_page: OpenPage) -> None:
    make_people()
    factories.make_contributor("Dr. Ada Writer")
    condition = factories.make_condition("Liver metastases")
    author, reviewer, publisher = (sign_in(open_page, name) for name in ("author", "reviewer", "publisher"))

    open_draft(author, condition)
    paste_whole(author, REAL_TEXT.read_text(encoding="utf-8"))
    # What stood on the page above the article: "21 Specialists found".
    expect(author.locator("#id_sections-0-heading")).to_have_value("Overview")
    author.locator("#id_sections-0-DELETE").check()
    fill_the_rest(author, "Dr. Ada Writer")
    press(author, "Save and send to review")
    confirm_step(author, "Send to review")
    address = f"/admin/conditions/revision/{Revision.objects.get().pk}/change/"
    for person, step in ((reviewer, "Approve"), (publisher, "Publish")):
        person.goto(address)
        take_step(person, step)

    article = article_of(open_page, condition)
    assert article.locator(".article__heading").all_inner_texts() == REAL_HEADINGS
    assert lists_in(article) == [["Fever", "Night sweats", "Unintentional weight loss"]]
    written = REAL_TEXT.read_text(encoding="utf-8").partition(REAL_HEADINGS[0])[2]
    lost = [line for line in written.splitlines() if line.strip("- ") not in article.inner_text()]
    assert lost == []


def test_incomplete_text_is_not_sent_and_says_what_is_missing(open_page: OpenPage) -> None:
    make_people()
    condition: Condition = factories.make_condition("Gallbladder polyps")
    author = sign_in(open_page, "author")
    open_draft(author, condition)

    author.locator("#id_teaser").fill("A summary.")
    press(author, "Save and send to review")

    expect(author.locator(".workflow__missing li")).to_have_text(
        ["an author", "at least one source", "at least one section"]
    )
    assert author.get_by_role("button", name="Send to review").count() == 0
    assert Revision.objects.get().status == "draft"
