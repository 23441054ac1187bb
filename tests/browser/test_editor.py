"""An author's writing in the admin: the rich text editor, and what happens when a save comes too late."""

import pytest
from playwright.sync_api import expect

from conditions import kept, workflow
from conditions.models import Condition, KeptText, Revision
from tests import factories
from tests.browser.conftest import Complaints, OpenPage
from tests.browser.editorial import (
    add_section,
    at_draft,
    editors,
    give_password,
    make_people,
    press,
    signed_in,
    take_step,
    words,
    write_in,
)

# Committed, so that the server sees it; everything is deleted after each test.
pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/admin/conditions/condition/add/",
    "/admin/conditions/picture/add/",
    "/admin/conditions/linkcheck/",
    "/admin/specialists/physician/add/",
    "/admin/specialists/clinic/add/",
    "/admin/specialists/clinic/",
]


@pytest.fixture
def condition() -> Condition:
    """A public condition with a published article."""
    make_people()
    return factories.make_published(factories.make_condition("Liver metastases")).article.condition


def draft_of(condition: Condition) -> Revision:
    return Revision.objects.open().get(article__condition=condition)


def bodies(revision: Revision) -> list[str]:
    return list(revision.sections.values_list("body", flat=True))


def test_saved_draft_holds_what_was_typed_and_readers_do_not_see_it(open_page: OpenPage, condition: Condition) -> None:
    page = at_draft(open_page, "author", condition)

    write_in(editors(page).first, "Typed in the browser. ")
    add_section(page, "What helps?", "An operation, sometimes.")
    press(page, "Save draft")
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")

    assert editors(page).all_inner_texts() == ["Typed in the browser. A text.", "An operation, sometimes."]
    assert bodies(draft_of(condition)) == ["<p>Typed in the browser. A text.</p>", "<p>An operation, sometimes.</p>"]
    public = open_page(condition.get_absolute_url(), scripts=False)
    assert "A text." in public.inner_text("article.article")
    assert "Typed in the browser." not in public.content()


def test_preview_shows_the_draft_beneath_a_banner(open_page: OpenPage, condition: Condition) -> None:
    page = at_draft(open_page, "author", condition)

    write_in(editors(page).first, "Seen before others. ")
    press(page, "Save and preview")

    banner = page.get_by_role("complementary", name="Preview")
    assert words(banner) == (
        "Preview. This is revision 2 (Draft), as the page would look with it. Visitors do not see it. Back to the text"
    )
    assert page.locator(".article__section .prose").all_inner_texts() == ["Seen before others. A text."]


def test_mistake_in_the_form_keeps_what_was_typed(open_page: OpenPage, condition: Condition) -> None:
    page = at_draft(open_page, "author", condition)

    write_in(editors(page).first, "Nothing is lost. ")
    page.locator("#id_title").evaluate("field => { field.required = false; field.value = '' }")
    press(page, "Save draft")

    expect(page.locator(".errornote")).to_be_visible()
    expect(page.locator(".field-title .errorlist")).to_have_text("This field is required.")
    assert editors(page).all_inner_texts() == ["Nothing is lost. A text."]
    assert bodies(draft_of(condition)) == ["<p>A text.</p>"]


def test_editors_have_names_that_say_what_is_written_in_them(open_page: OpenPage, condition: Condition) -> None:
    page = at_draft(open_page, "author", condition)

    names = [editor.get_attribute("aria-label") for editor in editors(page).all()]
    add_section(page, "What helps?", "An operation.")
    press(page, "Save draft")
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")

    assert names == ["Text: What is it?"]
    expect(page.get_by_role("textbox", name="Text: What is it?", exact=True)).to_have_text("A text.")
    expect(page.get_by_role("textbox", name="Text: What helps?", exact=True)).to_have_text("An operation.")


def test_save_that_comes_too_late_is_kept_beside_the_other(open_page: OpenPage, condition: Condition) -> None:
    first = at_draft(open_page, "author", condition)
    second = at_draft(open_page, "admin", condition)

    write_in(editors(first).first, "Arvid was here. ")
    press(first, "Save draft")
    expect(first.locator(".messagelist")).to_contain_text("changed successfully")
    write_in(editors(second).first, "Anna was here. ")
    add_section(second, "What helps?", "An operation.")
    press(second, "Save draft")

    expect(second.get_by_role("heading", name="Your text is kept")).to_be_visible()
    expect(second.locator(".messagelist")).to_have_text(
        "Not saved: the draft has changed since you opened it. Your text is kept here."
    )
    changed = second.locator(".comparison__section--changed")
    assert words(changed.locator("ins")) == "Anna"
    assert words(changed.locator("del")) == "Arvid"
    assert words(second.locator(".comparison__section--added .comparison__block")) == "An operation."
    assert second.locator(".kept-body").all_inner_texts() == ["Anna was here. A text.", "An operation."]
    assert bodies(draft_of(condition)) == ["<p>Arvid was here. A text.</p>"]


def test_kept_text_replaces_the_draft_and_what_it_replaces_is_kept(open_page: OpenPage, condition: Condition) -> None:
    page = at_draft(open_page, "author", condition)
    workflow.write_draft(draft_of(condition), {"teaser": "By somebody else."}, [], [])
    write_in(editors(page).first, "Mine. ")
    press(page, "Save draft")

    page.get_by_role("button", name="Replace the draft with the kept text").click()

    expect(page.locator(".messagelist")).to_have_text(
        "The draft now has your text. What it replaced is kept on the article's page."
    )
    assert editors(page).all_inner_texts() == ["Mine. A text."]
    assert kept.read(KeptText.objects.get()).values["teaser"] == "By somebody else."


def test_draft_submitted_meanwhile_is_not_written_over(open_page: OpenPage, condition: Condition) -> None:
    page = at_draft(open_page, "author", condition)
    workflow.submit(draft_of(condition))

    write_in(editors(page).first, "Too late. ")
    press(page, "Save draft")

    expect(page.get_by_role("heading", name="Your text is kept")).to_be_visible()
    assert page.locator(".kept-body").all_inner_texts() == ["Too late. A text."]
    assert page.get_by_role("button", name="Replace the draft with the kept text").count() == 0
    assert bodies(draft_of(condition)) == ["<p>A text.</p>"]


def test_session_that_ended_while_writing_loses_nothing(
    open_page: OpenPage, complaints: Complaints, condition: Condition
) -> None:
    page = at_draft(open_page, "author", condition)
    complaints.faults.add(page.url)  # answers 403

    write_in(editors(page).first, "A long day's work. ")
    page.context.clear_cookies(name="sessionid")
    press(page, "Save draft")
    expect(page.get_by_role("heading", name="Not saved yet, and nothing is lost")).to_be_visible()
    assert page.locator("textarea[name='sections-0-body']").input_value() == "<p>A long day's work. A text.</p>"
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again in a new tab").click()
    give_password(opened.value, "author")
    expect(opened.value.get_by_role("heading", name="Editing")).to_be_visible()
    press(page, "Send again")
    # Signing in changed the token that guards the form: it comes back once more with the new one.
    expect(page.locator("#content")).to_contain_text("You have signed in again since this form was opened.")
    press(page, "Send again")

    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    assert bodies(draft_of(condition)) == ["<p>A long day's work. A text.</p>"]


def test_article_taken_off_the_site_leaves_the_page_of_the_condition(open_page: OpenPage, condition: Condition) -> None:
    live = condition.articles.get().live_id
    page = signed_in(open_page, "publisher", f"/admin/conditions/revision/{live}/change/")

    take_step(page, "Take off the site")

    visitor = open_page(condition.get_absolute_url(), scripts=False)
    assert visitor.locator("article.article").count() == 0
    assert "We are still writing the patient information" in visitor.locator("main").inner_text()


def test_other_pages_of_the_admin_raise_no_complaint(open_page: OpenPage, complaints: Complaints) -> None:
    make_people()
    found = {}

    for address in PAGES:
        page = signed_in(open_page, "admin", address)
        page.wait_for_load_state("networkidle")
        found[address] = list(complaints.found)

    assert found == {address: [] for address in PAGES}
