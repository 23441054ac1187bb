"""A session that ends, or a token that changes, while somebody writes: what was sent comes back, to be sent again."""

from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conditions.models import Condition, Picture, Revision
from tests import factories
from tests.conditions.admin_forms import change_url, filled
from tests.pages import read

pytestmark = pytest.mark.django_db
ORIGIN = "http://testserver"
SAID = "Your session ended while you were writing."
SIGNED_IN = "You have signed in again since this form was opened."
PASSWORD = "long-enough-password"


class Fields(HTMLParser):
    """The fields that a browser would send from a page of kept fields, in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.fields: list[tuple[str, str]] = []
        self.is_open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "textarea":
            self.fields.append((attributes["name"], ""))
            self.is_open = True
        elif tag == "input" and attributes.get("name") == "csrfmiddlewaretoken":
            self.fields.append((attributes["name"], attributes["value"]))

    def handle_endtag(self, tag: str) -> None:
        self.is_open = self.is_open and tag != "textarea"

    def handle_data(self, data: str) -> None:
        if self.is_open:
            name, value = self.fields[-1]
            self.fields[-1] = (name, value + data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def sent(self) -> dict[str, list[str]]:
        """Field → values; the line break after the opening tag is not part of the text."""
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            text = unescape(value)
            found.setdefault(name, []).append(text if name == "csrfmiddlewaretoken" else text.removeprefix("\n"))
        return found


@pytest.fixture
def account() -> User:
    return User.objects.create_superuser("anna", password=PASSWORD)


@pytest.fixture
def browser(account: User) -> Client:
    """A browser that is signed in, and a server that checks its tokens."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(account)
    return client


def token(browser: Client, url: str = "/admin/login/") -> str:
    """The token of this page's form, as the browser has it while the page is open."""
    return Fields(browser.get(url).content.decode()).sent()["csrfmiddlewaretoken"][0]


def open_form(browser: Client, draft: Revision, **changes: Any) -> dict[str, Any]:
    page = browser.get(change_url(draft))
    form_token = Fields(page.content.decode()).sent()["csrfmiddlewaretoken"][0]
    return {**filled(page), "csrfmiddlewaretoken": form_token, **changes}


def end_session(browser: Client) -> None:
    del browser.cookies["sessionid"]


def sign_in(browser: Client) -> None:
    data = {"username": "anna", "password": PASSWORD, "csrfmiddlewaretoken": token(browser)}
    answer = browser.post("/admin/login/", data)
    assert answer.status_code == 302


ODD = "\n leading line, <b>&amp; </textarea><script>alert(1)</script> \" ' ö\n"


def test_form_sent_after_the_session_ended_is_handed_back_and_saved_after_signing_in(browser: Client) -> None:
    draft = factories.make_draft()
    data = open_form(browser, draft, title="My words", teaser=ODD, _preview="Save and preview")
    end_session(browser)

    answer = browser.post(change_url(draft), data)

    assert (answer.status_code, SAID in read(answer).text) == (403, True)
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    held = Fields(answer.content.decode()).sent()
    expected = {name: [str(value)] for name, value in data.items() if name != "csrfmiddlewaretoken"}
    assert {name: values for name, values in held.items() if name != "csrfmiddlewaretoken"} == expected
    assert f'action="{change_url(draft)}"' in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert Revision.objects.get().title == draft.title

    sign_in(browser)
    # The page that holds the text was open all the time: its token is the old one.
    answer = browser.post(change_url(draft), held, headers={"origin": ORIGIN})
    assert (answer.status_code, SIGNED_IN in read(answer).text) == (403, True)
    again = Fields(answer.content.decode()).sent()
    answer = browser.post(change_url(draft), again, headers={"origin": ORIGIN})

    assert answer["Location"] == reverse("admin:conditions_revision_preview", args=(draft.pk,))
    draft.refresh_from_db()
    assert (draft.title, draft.teaser) == ("My words", ODD.strip())


def test_repeated_fields_and_the_query_are_held(browser: Client) -> None:
    form_token = token(browser, reverse("admin:conditions_condition_add"))
    end_session(browser)
    url = reverse("admin:conditions_condition_add") + "?_popup=1&name=x"

    answer = browser.post(url, {"specialties": ["1", "2"], "csrfmiddlewaretoken": form_token})

    assert Fields(answer.content.decode()).sent()["specialties"] == ["1", "2"]
    assert f'action="{url.replace("&", "&amp;")}"' in answer.content.decode()


def test_session_of_a_deleted_account_is_no_session(browser: Client, account: User) -> None:
    draft = factories.make_draft()
    data = open_form(browser, draft, title="My words")
    account.delete()

    answer = browser.post(change_url(draft), data)

    assert Fields(answer.content.decode()).sent()["title"] == ["My words"]


def test_file_is_not_held_but_said_so(browser: Client) -> None:
    url = reverse("admin:conditions_picture_add")
    form_token = token(browser, url)
    end_session(browser)
    upload = SimpleUploadedFile("liver.png", b"the bytes of a file", "image/png")

    with_file = browser.post(url, {"alt": "A liver", "upload": upload, "csrfmiddlewaretoken": form_token})
    without = browser.post(url, {"alt": "A liver", "csrfmiddlewaretoken": form_token})

    said = "Files cannot be held: choose the file again after signing in."
    assert (said in read(with_file).text, said in read(without).text) == (True, False)
    assert Fields(with_file.content.decode()).sent()["alt"] == ["A liver"]
    assert "the bytes of a file" not in with_file.content.decode()
    assert Picture.objects.count() == 0


# Tokens


def test_token_of_before_the_last_sign_in_is_replaced(browser: Client) -> None:
    draft = factories.make_draft()
    data = open_form(browser, draft, title="My words")
    end_session(browser)
    sign_in(browser)

    answer = browser.post(change_url(draft), data, headers={"origin": ORIGIN})

    held = Fields(answer.content.decode()).sent()
    assert (answer.status_code, SIGNED_IN in read(answer).text, held["title"]) == (403, True, ["My words"])
    assert Revision.objects.get().title == draft.title
    assert held["csrfmiddlewaretoken"] != [data["csrfmiddlewaretoken"]]
    assert browser.post(change_url(draft), held, headers={"origin": ORIGIN}).status_code == 302
    assert Revision.objects.get().title == "My words"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "https://testserver", "http://testserver.evil"])
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_forged_form_is_refused_and_not_echoed(browser: Client, origin: str, is_signed_in: bool) -> None:
    condition = factories.make_condition("Gout")
    if not is_signed_in:
        end_session(browser)
    headers = {"origin": origin} if origin else {}

    answer = browser.post(change_url(condition), {"name": "Forged words"}, headers=headers)

    assert (answer.status_code, "Forged words" in answer.content.decode()) == (403, False)
    assert "This form is no longer valid" in read(answer).text
    assert Condition.objects.get().name == "Gout"


def test_forged_form_with_somebody_elses_token_is_refused_and_not_echoed(browser: Client) -> None:
    condition = factories.make_condition("Gout")
    stranger = Client(enforce_csrf_checks=True)
    data = {"name": "Forged words", "csrfmiddlewaretoken": token(stranger)}

    answer = browser.post(change_url(condition), data, headers={"origin": "https://evil.example"})

    assert (answer.status_code, "Forged words" in answer.content.decode()) == (403, False)


def test_public_pages_hold_nothing(browser: Client) -> None:
    answer = browser.post("/en/", {"words": "My words"}, headers={"origin": ORIGIN})

    assert (answer.status_code, "My words" in answer.content.decode()) == (403, False)


# Signing in and out


def test_sign_in_works_as_ever(account: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser)

    assert browser.get("/admin/").context["user"] == account


def test_wrong_password_is_told_and_not_echoed(account: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    data = {"username": "anna", "password": "wrong-words", "csrfmiddlewaretoken": token(browser)}

    answer = browser.post("/admin/login/", data)

    assert "Please enter the correct username and password for a staff account." in read(answer).text
    assert "wrong-words" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/password_change/", "/admin/auth/user/add/"])
def test_password_is_never_echoed(account: User, path: str) -> None:
    """The page was open in two windows: the token is an old one, or the session has ended."""
    browser = Client(enforce_csrf_checks=True)
    data = {"username": "anna", "password": PASSWORD, "old_password": PASSWORD, "new_password1": PASSWORD}
    good = {**data, "csrfmiddlewaretoken": token(browser)}

    answers = [browser.post(path, sent, headers={"origin": ORIGIN}) for sent in (data, good)]

    assert [PASSWORD in answer.content.decode() for answer in answers] == [False, False]
    assert answers[0].status_code == 403


def test_sign_out_works_as_ever_and_twice(browser: Client) -> None:
    form_token = token(browser, "/admin/")

    first = browser.post("/admin/logout/", {"csrfmiddlewaretoken": form_token})
    second = browser.post("/admin/logout/", {"csrfmiddlewaretoken": form_token})

    assert "Logged out" in read(first).text
    assert "sessionid" not in browser.cookies or not browser.cookies["sessionid"].value
    assert (second.status_code, SAID in read(second).text) == (302, False)


def test_looking_without_a_session_leads_to_the_sign_in(client: Client) -> None:
    url = change_url(factories.make_draft())

    assert client.get(url)["Location"] == f"/admin/login/?next={url}"
