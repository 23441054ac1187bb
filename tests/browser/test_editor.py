"""An editor's working day in the admin: sign in, find the article, write in the rich text editor, publish."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from conditions.models import Condition
from directory.sample.users import ensure_editors
from tests import factories
from tests.browser.conftest import Complaints, OpenPage

# Committed, so that the server sees it; everything is deleted after each test.
pytestmark = pytest.mark.django_db(transaction=True)
NAME, PASSWORD = "emil", "a-long-word-for-emil"
PASTED = '<p style="color: red" onclick="alert(1)">Pasted<img src="/x.png"></p><script>alert(1)</script>'
PASTE = """(editor, html) => {
    const data = new DataTransfer();
    data.setData('text/html', html);
    editor.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def condition() -> Condition:
    """A public condition with a published article."""
    editor = User.objects.create_user(NAME, password=PASSWORD, is_staff=True)
    editor.groups.add(ensure_editors())
    return factories.make_published(factories.make_condition("Liver metastases")).article.condition


def sign_in(open_page: OpenPage) -> Page:
    page = open_page("/admin/login/?next=/admin/")
    page.get_by_label("Username").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Editing")).to_be_visible()
    return page


def open_draft(page: Page) -> None:
    """From the start page of the admin over the condition to the draft of its article."""
    page.get_by_role("link", name="Conditions", exact=True).first.click()
    page.locator("#searchbar").fill("liver metastases")
    page.keyboard.press("Enter")
    page.locator("th.field-name").get_by_role("link", name="Liver metastases").click()
    page.locator(".field-article_links").get_by_role("link", name="English").click()
    page.get_by_role("button", name=re.compile("Edit in a new draft|Continue the open draft")).click()
    expect(page.locator(".revision-state")).to_contain_text("Draft")


def editors(page: Page) -> Locator:
    """The rich text editors on show; the hidden row for new sections holds one more."""
    return page.locator(".ProseMirror:visible")


def write_in(editor: Locator, text: str) -> None:
    editor.click()
    editor.page.keyboard.press("Control+Home")
    editor.page.keyboard.type(text)


def add_section(page: Page, heading: str, text: str) -> None:
    before = editors(page).count()
    page.get_by_text("Add another Section", exact=True).click()
    expect(editors(page)).to_have_count(before + 1)
    page.locator(f"#id_sections-{before}-heading").fill(heading)
    write_in(editors(page).nth(before), text)


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).last.click()


def article_of(open_page: OpenPage, condition: Condition) -> str:
    """The words of the public article, as a visitor reads them."""
    page = open_page(condition.get_absolute_url(), scripts=False)
    return " ".join(page.locator("article.article").inner_text().split())


def test_editor_publishes_a_changed_article(open_page: OpenPage, condition: Condition) -> None:
    page = sign_in(open_page)
    open_draft(page)
    expect(editors(page)).to_have_count(1)

    write_in(editors(page).first, "Typed in the browser. ")
    add_section(page, "What helps?", "An operation, sometimes.")
    press(page, "Save and publish")

    expect(page.locator(".messagelist")).to_have_text(re.compile("Revision 2 is published."))
    shown = article_of(open_page, condition)
    assert "What is it? Typed in the browser. A text." in shown
    assert "What helps? An operation, sometimes." in shown
    assert shown.index("Typed in the browser.") < shown.index("An operation, sometimes.")


def test_readers_see_a_draft_only_when_it_is_published(open_page: OpenPage, condition: Condition) -> None:
    page = sign_in(open_page)
    open_draft(page)

    write_in(editors(page).first, "Not yet for readers. ")
    press(page, "Save draft")
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    kept = editors(page).first.inner_text()
    while_draft = article_of(open_page, condition)
    press(page, "Save and publish")
    expect(page.locator(".messagelist")).to_contain_text("Revision 2 is published.")

    assert kept == "Not yet for readers. A text."
    assert "Not yet for readers." not in while_draft
    assert "Not yet for readers. A text." in article_of(open_page, condition)


def test_missing_reviewer_is_refused_and_the_text_kept(open_page: OpenPage, condition: Condition) -> None:
    page = sign_in(open_page)
    open_draft(page)

    write_in(editors(page).first, "A long day's work. ")
    page.locator(".field-reviewer .select2-selection__clear").click()
    page.keyboard.press("Escape")
    add_section(page, "More", "Also worth keeping.")
    press(page, "Save and publish")

    messages = page.locator(".messagelist li")
    expect(messages).to_have_text(["The draft is saved, but not published.", "Missing: a medical reviewer."])
    assert editors(page).all_inner_texts() == ["A long day's work. A text.", "Also worth keeping."]
    assert page.locator("#id_sections-1-heading").input_value() == "More"
    assert "A long day's work." not in article_of(open_page, condition)


def test_mistake_in_the_form_keeps_what_was_typed(open_page: OpenPage, condition: Condition) -> None:
    page = sign_in(open_page)
    open_draft(page)

    write_in(editors(page).first, "Nothing is lost. ")
    page.locator("#id_title").evaluate("field => { field.required = false; field.value = '' }")
    press(page, "Save and publish")

    expect(page.locator(".errornote")).to_be_visible()
    expect(page.locator(".field-title .errorlist")).to_have_text("This field is required.")
    assert editors(page).first.inner_text() == "Nothing is lost. A text."
    assert "Nothing is lost." not in article_of(open_page, condition)


def test_formatting_reaches_the_reader_and_pasted_code_does_not(
    open_page: OpenPage, complaints: Complaints, condition: Condition
) -> None:
    page = sign_in(open_page)
    open_draft(page)

    write_in(editors(page).first, "")
    page.keyboard.press("Control+b")
    page.keyboard.type("Strong words")
    page.keyboard.press("Control+b")
    editors(page).first.evaluate(PASTE, PASTED)
    press(page, "Save and publish")
    expect(page.locator(".messagelist")).to_contain_text("Revision 2 is published.")

    # What the policy refused while the editor took the text apart is what it is for.
    assert {complaint.split(" violates ")[0] for complaint in complaints.found} == {
        "console: Applying inline style",
        "console: Executing inline event handler",
    }
    complaints.found.clear()
    section = open_page(condition.get_absolute_url()).locator(".article__section").first
    assert section.locator("strong").first.inner_text() == "Strong words"
    assert "Pasted" in section.inner_text()
    assert section.locator("img, script, [style], [onclick]").count() == 0


def test_withdrawn_article_leaves_the_page_of_the_condition(open_page: OpenPage, condition: Condition) -> None:
    page = sign_in(open_page)
    page.goto(f"/admin/conditions/article/{condition.articles.get().pk}/change/")

    page.get_by_role("button", name="Take it off the site").click()

    expect(page.locator(".messagelist")).to_contain_text("The article is no longer public.")
    visitor = open_page(condition.get_absolute_url(), scripts=False)
    assert visitor.locator("article.article").count() == 0
    assert "We are still writing the patient information" in visitor.locator("main").inner_text()


@pytest.mark.parametrize(
    "address",
    [
        "/admin/conditions/condition/add/",
        "/admin/conditions/picture/add/",
        "/admin/specialists/physician/add/",
        "/admin/specialists/clinic/add/",
        "/admin/specialists/clinic/",
    ],
)
def test_other_pages_of_the_admin_raise_no_complaint(
    open_page: OpenPage, complaints: Complaints, condition: Condition, address: str
) -> None:
    page = sign_in(open_page)

    response = page.goto(address)
    page.wait_for_load_state("networkidle")

    assert response is not None
    assert response.status == 200
    assert complaints.found == []
