"""“Was this helpful?”: what is stored, what is refused, and that nothing about the reader is kept."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from conditions import helpful, workflow
from conditions.helpful import Limit
from conditions.models import HelpfulVote, Revision
from tests.conditions.admin_forms import change_url, signed_in
from tests.factories import make_condition, make_draft, make_published
from tests.pages import read

pytestmark = pytest.mark.django_db

URL = "/en/conditions/gout/helpful/"
THANKS = "/en/conditions/gout/thank-you/"


@pytest.fixture
def revision() -> Revision:
    return make_published(make_condition("Gout"))


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helpful, "limit", Limit(most=100, seconds=60))


@pytest.fixture
def browser() -> Client:
    """One that insists on tokens where they are asked for, and says where its forms come from."""
    return Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "same-origin"})


def send(browser: Client, revision: Revision, **data: Any) -> Any:
    return browser.post(URL, {"revision": revision.pk, "answer": "yes", **data})


def stored() -> list[tuple[Any, ...]]:
    return list(HelpfulVote.objects.order_by("pk").values_list("revision", "is_helpful", "comment"))


@pytest.mark.parametrize(("answer", "is_helpful"), [("yes", True), ("no", False)])
def test_answer_is_stored_and_thanked_for(browser, revision, answer, is_helpful):
    response = send(browser, revision, answer=answer, comment="  More on food,\r\nplease. ")

    assert (response.status_code, response["Location"]) == (302, THANKS)
    assert stored() == [(revision.pk, is_helpful, "More on food,\nplease.")]
    assert HelpfulVote.objects.get().day == timezone.localdate()
    assert response.cookies == {}
    assert "Thank you" in read(browser.get(THANKS)).text


def test_nothing_about_the_reader_can_be_stored():
    fields = {field.name for field in HelpfulVote._meta.get_fields()}

    assert fields == {"id", "revision", "is_helpful", "comment", "day"}


@pytest.mark.parametrize(
    ("headers", "is_believed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://testserver"}, True),
        ({"Origin": "http://testserver:81"}, False),
        ({"Origin": "http://evil.example", "Referer": "http://testserver/"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://["}, False),
        ({"Referer": "http://testserver/en/conditions/gout/"}, True),
        ({"Referer": "http://evil.example/testserver"}, False),
        ({}, False),
    ],
)
def test_form_must_come_from_this_site(revision, headers, is_believed):
    assert helpful.is_same_origin(RequestFactory(headers=headers).post(URL)) is is_believed

    response = send(Client(headers=headers), revision, comment="hello")

    assert (response.status_code, len(stored())) == ((302, 1) if is_believed else (403, 0))
    assert "hello" not in response.content.decode()


def test_refused_forgery_is_explained(revision):
    page = read(send(Client(), revision))

    assert "Your browser did not say that the form came from our page." in page.text
    assert page.all("textarea") == []


def test_answer_of_a_program_is_thanked_for_and_forgotten(browser, revision):
    response = send(browser, revision, website="http://buy.example")

    assert (response.status_code, response["Location"], stored()) == (302, THANKS, [])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"answer": ""}, "Choose Yes or No."),
        ({"answer": "perhaps"}, "Select a valid choice. perhaps is not one of the available choices."),
        ({"comment": "é" * 301}, "Ensure this value has at most 300 characters (it has 301)."),
        ({"comment": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_bad_answer_comes_back_with_what_was_written(browser, revision, data, message):
    response = send(browser, revision, **{"comment": "My words.", **data})

    page = read(response)
    assert (response.status_code, stored()) == (400, [])
    assert message in page.text
    assert data.get("comment", "My words.") in response.content.decode()
    assert {"type": "hidden", "name": "revision", "value": str(revision.pk)} in page.all("input")


def test_comment_as_long_as_the_form_allows(browser, revision):
    comment = "a\n" * 150

    send(browser, revision, comment=f"{comment[:-1].replace(chr(10), chr(13) + chr(10))}b")

    assert stored() == [(revision.pk, True, f"{comment[:-1]}b")]


@pytest.mark.parametrize("pk", ["", "0", "-1", "x", "9" * 30, "4711"])
def test_answer_about_no_text(browser, revision, pk):
    response = browser.post(URL, {"revision": pk, "answer": "yes"})

    assert (response.status_code, stored()) == (404, [])


def test_answer_about_a_text_that_is_not_public(browser):
    draft = make_draft(make_condition("Gout"))
    elsewhere = make_published(make_condition("Asthma"))

    assert [send(browser, text).status_code for text in (draft, elsewhere)] == [404, 404]
    assert stored() == []


def test_answer_about_a_condition_that_is_not_public(browser):
    revision = make_published(make_condition("Gout"))
    condition = revision.article.condition
    condition.is_published = False
    condition.save()

    assert (send(browser, revision).status_code, browser.get(THANKS).status_code, stored()) == (404, 404, [])


def test_answer_about_a_text_replaced_while_it_was_read(browser, revision):
    workflow.archive(revision)

    send(browser, revision)

    assert stored() == [(revision.pk, True, "")]


def test_too_many_answers_are_asked_to_wait(browser, revision, monkeypatch):
    monkeypatch.setattr(helpful, "limit", Limit(most=1, seconds=60))

    answers = [send(browser, revision, comment="My words.") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 429]
    page = read(answers[1])
    assert "Please send it again in a minute." in page.text
    assert "My words." in page.text
    assert len(stored()) == 1


def test_limit_forgets_what_is_past():
    times = [0.0, 1.0, 2.0, 9.9, 10.0, 10.5, 11.0]
    limit = Limit(most=2, seconds=10, clock=iter(times).__next__)

    taken = [limit.take() for _ in times]

    assert taken == [True, True, False, False, True, False, True]


def test_address_of_the_form_leads_back_to_the_article(client, revision):
    assert client.get(URL)["Location"] == "/en/conditions/gout/"
    assert client.put(URL).status_code == 405
    assert client.post(THANKS).status_code == 405


def test_form_is_on_the_page_of_a_published_text_alone(client, admin_client, revision):
    draft = workflow.open_draft(revision.article)

    public = read(client.get("/en/conditions/gout/"))
    preview = read(admin_client.get(f"/admin/conditions/revision/{draft.pk}/preview/"))

    assert {"type": "hidden", "name": "revision", "value": str(revision.pk)} in public.all("input")
    assert [form["action"] for form in public.with_class("helpful")] == [URL]
    assert preview.with_class("helpful") == []


# What editors see


def test_editors_see_the_answers(revision):
    for is_helpful, comment in ((True, ""), (True, "Fine."), (False, "<b>Why?</b>")):
        HelpfulVote.objects.create(revision=revision, is_helpful=is_helpful, comment=comment)
    other = make_published(make_condition("Asthma"))
    HelpfulVote.objects.create(revision=other, is_helpful=True, comment="Elsewhere.")

    answers = helpful.answers(revision.article)
    page = read(signed_in("view_article").get(change_url(revision.article)))

    assert answers["counts"] == [(1, 2, 1)]
    assert [vote.comment for vote in answers["comments"]] == ["<b>Why?</b>", "Fine."]
    assert "Was it helpful? Answers of readers Revision Yes No 1 2 1" in page.text
    assert ("<b>Why?</b>" in page.text, "Elsewhere." in page.text) == (True, False)


def test_editors_see_that_nobody_has_answered(revision):
    page = read(signed_in("view_article").get(change_url(revision.article)))

    assert "No reader has said yet whether this was helpful." in page.text
