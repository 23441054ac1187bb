"""What waits for whom: the lists on the admin's first page for each role, and the daily mail."""

import datetime
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from conditions import editorial, workflow
from tests.conditions.admin_forms import change_url
from tests.conditions.texts import make_scheduled
from tests.factories import (
    make_approved,
    make_condition,
    make_contributor,
    make_draft,
    make_in_review,
    make_published,
    make_user,
)
from tests.pages import read

pytestmark = pytest.mark.django_db


def published_due_in(name: str, days: int) -> None:
    today = timezone.localdate()
    reviewed_on = today - datetime.timedelta(days=400)
    make_published(make_condition(name), reviewed_on=reviewed_on, review_due=today + datetime.timedelta(days=days))


@pytest.fixture
def texts() -> None:
    """One text in every state that a list is about, and some that belong in none."""
    make_draft(make_condition("Draft"))
    sent_back = make_in_review(make_condition("Sent back"))
    workflow.send_back(sent_back, comment="Shorter, please.")
    make_in_review(make_condition("In review"))
    make_approved(make_condition("Approved"))
    make_scheduled(make_condition("Scheduled"))
    for name, days in (("Overdue", -1), ("Due today", 0), ("Due in 30 days", 30), ("Due in 31 days", 31)):
        published_due_in(name, days)


def queues(user: User) -> dict[str, list[str]]:
    found = editorial.queues_for(user)
    assert [queue.count for queue in found] == [len(queue.revisions) for queue in found]
    return {queue.title: [str(revision.article.condition) for revision in queue.revisions] for queue in found}


FOR_ALL = {
    "Scheduled": ["Scheduled"],
    "Review overdue": ["Overdue"],
    "Review due within 30 days": ["Due today", "Due in 30 days"],
    "Translations behind their original": [],
}
FOR_AUTHORS = {"Sent back to the author": ["Sent back"], "Drafts": ["Draft"]}


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize(
    ("role", "own"),
    [
        ("Author", {**FOR_AUTHORS, "In review": ["In review"]}),
        ("Medical reviewer", {"Waiting for your review": ["In review"]}),
        ("Publisher", {"In review": ["In review"], "Approved, to be published": ["Approved"]}),
    ],
)
def test_lists_of_a_role(role, own):
    assert queues(make_user("somebody", role)) == {**own, **FOR_ALL}


@pytest.mark.usefixtures("texts")
def test_lists_of_somebody_with_all_roles():
    found = queues(make_user("somebody", "Author", "Medical reviewer", "Publisher"))

    assert found == {
        **FOR_AUTHORS,
        "Waiting for your review": ["In review"],
        "Approved, to be published": ["Approved"],
        **FOR_ALL,
    }


def test_text_does_not_wait_for_those_who_may_not_review_it():
    """Nobody reviews what they submitted or wrote."""
    submitter = make_user("submitter", "Author", "Medical reviewer")
    writer = make_user("writer", "Author", "Medical reviewer")
    author = make_contributor("Dr. Own Words", user=writer)
    workflow.submit(make_draft(author=author), submitter)
    third = make_user("third", "Medical reviewer")

    waiting = {user.username: queues(user)["Waiting for your review"] for user in (submitter, writer, third)}

    assert waiting == {"submitter": [], "writer": [], "third": ["Liver metastases"]}


def test_text_sent_again_is_no_longer_sent_back():
    author = make_user("author", "Author")
    text = make_in_review()
    workflow.send_back(text, comment="Shorter.")
    assert queues(author)["Sent back to the author"] == ["Liver metastases"]

    workflow.submit(text)

    assert (queues(author)["Sent back to the author"], queues(author)["Drafts"]) == ([], [])


@pytest.mark.usefixtures("texts")
def test_first_page_shows_the_lists(client):
    client.force_login(make_user("author", "Author"))

    page = read(client.get("/admin/"))

    assert "Sent back to the author 1 Sent back (en), revision 1 the system : Shorter, please." in page.text.replace(
        "system:", "system :"
    )
    assert "Review overdue 1 Overdue (en), revision 1 review due on" in page.text


@pytest.mark.usefixtures("texts")
def test_first_page_of_a_directory_editor_has_no_lists(client):
    client.force_login(make_user("editor", "Directory editor"))

    response = client.get("/admin/")

    assert 'id="queues"' not in response.content.decode()
    assert "Specialist Directory" in read(response).text


def test_first_page_shows_the_first_of_many(client):
    for number in range(editorial.SHOWN + 1):
        make_draft(make_condition(f"Gout {number}"))
    client.force_login(make_user("author", "Author"))

    page = read(client.get("/admin/"))

    assert f"The first {editorial.SHOWN} of {editorial.SHOWN + 1}." in page.text
    assert len([link for link in page.all("a") if "/conditions/revision/" in link["href"]]) >= editorial.SHOWN


# The mail


def mailed(*arguments: str) -> str:
    output = StringIO()
    call_command("mail_editors", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def people() -> dict[str, User]:
    roles = {"author": "Author", "reviewer": "Medical reviewer", "publisher": "Publisher", "editor": "Directory editor"}
    return {name: make_user(name, role, email=f"{name}@example.org") for name, role in roles.items()}


@pytest.mark.usefixtures("texts", "people")
def test_mail_names_what_waits_for_each():
    output = mailed()

    assert output == "author: 4\nreviewer: 4\npublisher: 4\n"
    author, reviewer, publisher = mail.outbox
    assert [message.to for message in mail.outbox] == [
        ["author@example.org"],
        ["reviewer@example.org"],
        ["publisher@example.org"],
    ]
    assert author.subject == "4 articles wait for you"
    common = ["Review overdue (1)", "Review due within 30 days (2)"]
    for message, own in (
        (author, "Sent back to the author (1)"),
        (reviewer, "Waiting for your review (1)"),
        (publisher, "Approved, to be published (1)"),
    ):
        assert [line for line in message.body.splitlines() if line.endswith(")") and line[0] not in "- "] == [
            own,
            *common,
        ]


def test_mail_links_to_the_texts_on_the_site(people, settings):
    settings.SITE_URL = "https://directory.example"
    text = make_in_review(make_condition("Müller & Söhne"))

    mailed()

    [message] = mail.outbox
    assert message.to == ["reviewer@example.org"]
    assert message.body.splitlines() == [
        "Waiting for your review (1)",
        "- Müller & Söhne (en), revision 1",
        f"  https://directory.example{change_url(text)}",
        "",
        "https://directory.example/admin/",
    ]


@pytest.mark.usefixtures("texts", "people")
def test_dry_run_says_who_and_mails_nobody():
    assert mailed("--dry-run") == "author: 4\nreviewer: 4\npublisher: 4\n"
    assert mail.outbox == []


@pytest.mark.usefixtures("people")
def test_nobody_with_nothing_to_do_gets_a_mail():
    make_draft(make_condition("Draft"))
    make_scheduled(make_condition("Scheduled"))
    published_due_in("Due later", 31)

    assert (mailed(), mail.outbox) == ("", [])


@pytest.mark.usefixtures("people")
def test_text_in_review_is_mailed_to_reviewers_only():
    make_in_review()

    assert mailed() == "reviewer: 1\n"


@pytest.mark.usefixtures("texts")
def test_mail_goes_to_active_staff_with_an_address_only():
    make_user("no-address", "Author")
    make_user("gone", "Author", email="gone@example.org", is_active=False)
    visitor = make_user("visitor", "Author", email="visitor@example.org")
    User.objects.filter(pk=visitor.pk).update(is_staff=False)
    make_user("admin", email="admin@example.org", is_superuser=True)

    mailed()

    assert [message.to for message in mail.outbox] == [["admin@example.org"]]
