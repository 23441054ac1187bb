"""What the tests of the editors' work share: people with roles, signing in, the rich text editors, pasting."""

import re
from importlib import import_module

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from conditions.models import Condition
from directory.sample.users import PEOPLE
from tests import factories
from tests.browser.conftest import OpenPage

ROLES = import_module("conditions.migrations.0005_roles").ROLES
PASTE = """(editor, [html, text]) => {
    const data = new DataTransfer();
    if (html) data.setData('text/html', html);
    data.setData('text/plain', text);
    editor.focus();
    editor.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def make_people() -> None:
    """The sample accounts; the password of each is its name. Tests that commit empty the groups of the migration."""
    for role, granted in ROLES.items():
        group, _created = Group.objects.get_or_create(name=role)
        for app, codenames in granted.items():
            group.permissions.add(*Permission.objects.filter(content_type__app_label=app, codename__in=codenames))
    for name, (given_name, family_name, role) in PEOPLE.items():
        roles = [role] if role else []
        factories.make_user(name, *roles, first_name=given_name, last_name=family_name, is_superuser=not roles)


def sign_in(open_page: OpenPage, name: str) -> Page:
    """A browser of their own for ``name``, on the first page of the admin."""
    page = open_page("/admin/login/?next=/admin/")
    give_password(page, name)
    expect(page.get_by_role("heading", name="Editing")).to_be_visible()
    return page


def give_password(page: Page, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(name)
    page.get_by_role("button", name="Log in").click()


def signed_in(open_page: OpenPage, name: str, address: str) -> Page:
    """The page at ``address`` for somebody who signed in before."""
    client = Client()
    client.force_login(get_user_model().objects.get(username=name))
    return open_page(address, session=client.cookies["sessionid"].value)


def at_draft(open_page: OpenPage, name: str, condition: Condition) -> Page:
    """The draft of the published article, opened straight from the article's page."""
    article = condition.articles.get()
    page = signed_in(open_page, name, reverse("admin:conditions_article_change", args=[article.pk]))
    start_writing(page)
    return page


def open_draft(page: Page, condition: Condition) -> None:
    """From the first page of the admin over the condition to the draft of its article."""
    page.goto("/admin/")
    page.get_by_role("link", name="Conditions", exact=True).first.click()
    page.locator("#searchbar").fill(condition.name)
    page.keyboard.press("Enter")
    page.locator("th.field-name").get_by_role("link", name=condition.name).click()
    if condition.articles.exists():
        page.locator(".field-article_links").get_by_role("link", name="English").click()
        start_writing(page)
    else:
        page.get_by_role("link", name="Write an article").click()
        press(page, "Save")
        expect_draft(page)


def start_writing(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Edit in a new draft|Open the text in work|Write a draft")).click()
    expect_draft(page)


def expect_draft(page: Page) -> None:
    expect(page.locator(".revision-state__status")).to_have_text("Draft")


def editors(page: Page) -> Locator:
    """The rich text editors on show; the hidden row for new sections holds one more."""
    return page.locator(".ProseMirror:visible")


CARET_SETTLES = 150  # milliseconds


def write_in(editor: Locator, text: str) -> None:
    """Typed at the very beginning. The editor learns of a new place of the caret only a moment later."""
    editor.click()
    editor.page.wait_for_timeout(CARET_SETTLES)
    editor.page.keyboard.press("Control+Home")
    editor.page.wait_for_timeout(CARET_SETTLES)
    editor.page.keyboard.type(text)


def paste_into(editor: Locator, html: str = "", text: str = "") -> None:
    editor.evaluate(PASTE, [html, text])


def add_row(page: Page, kind: str) -> str:
    """Another section or source; the prefix of its fields' ids."""
    prefix = f"id_{kind.lower()}s"
    total = page.locator(f"#{prefix}-TOTAL_FORMS")
    before = total.input_value()
    page.get_by_text(f"Add another {kind}", exact=True).click()
    expect(total).to_have_value(str(int(before) + 1))
    return f"#{prefix}-{before}"


def add_section(page: Page, heading: str, text: str) -> None:
    row = add_row(page, "Section")
    page.locator(f"{row}-heading").fill(heading)
    write_in(editors(page).last, text)


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).last.click()


def take_step(page: Page, label: str, **answers: str) -> None:
    """A step of the workflow on its own page: what it asks for, by the name of the field, then the button."""
    page.locator(".revision-state").get_by_role("link", name=label, exact=True).click()
    confirm_step(page, label, **answers)


def confirm_step(page: Page, label: str, **answers: str) -> None:
    for name, answer in answers.items():
        page.locator(f"#id_{name}").fill(answer)
    press(page, label)
    expect(page.locator(".messagelist")).to_contain_text(f": {label}.")


def article_of(open_page: OpenPage, condition: Condition) -> Locator:
    """The public article, as a visitor without scripts gets it."""
    return open_page(condition.get_absolute_url(), scripts=False).locator("article.article")


def words(place: Locator) -> str:
    return " ".join(place.inner_text().split())
