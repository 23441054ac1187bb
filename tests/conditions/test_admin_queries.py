"""Admin: lists and pages whose queries do not grow with what they show."""

import datetime
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from conditions import workflow
from conditions.models import (
    Article,
    Condition,
    Contributor,
    LinkCheck,
    Picture,
    Revision,
    Section,
    Source,
    Specialty,
    Treatment,
)
from tests.conditions.admin_forms import change_url, page_url
from tests.factories import (
    make_approved,
    make_condition,
    make_contributor,
    make_draft,
    make_in_review,
    make_published,
    make_specialty,
    make_treatment,
    take_live,
)
from tests.pages import read

pytestmark = pytest.mark.django_db
LONG_AGO, YESTERDAY = (timezone.localdate() - datetime.timedelta(days=days) for days in (400, 1))


def many_texts(count: int) -> None:
    for number in range(count):
        published = make_published(make_condition(f"Gout {number}"))
        workflow.open_draft(published.article)


def many_pictures(count: int) -> None:
    for number in range(count):
        Picture.objects.create(alt=f"Picture {number}", width=640, height=480, widths=[640])


def many_conditions(count: int) -> None:
    for number in range(count):
        make_published(make_condition(f"Gout {number}"))


def many_links(count: int) -> None:
    for number in range(count):
        LinkCheck.objects.create(url=f"https://example.org/{number}")


def many_contributors(count: int) -> None:
    for number in range(count):
        make_contributor(f"Dr. {number}", user=User.objects.create_user(f"user{number}"))


LISTS: dict[type, tuple[Callable[[int], object], int]] = {
    Specialty: (lambda count: [make_specialty(f"Surgery {number}") for number in range(count)], 5),
    Treatment: (lambda count: [make_treatment(f"Rest {number}") for number in range(count)], 6),
    Condition: (many_conditions, 7),
    Contributor: (many_contributors, 5),
    Article: (many_texts, 6),
    Revision: (many_texts, 5),
    Picture: (many_pictures, 5),
    LinkCheck: (many_links, 5),
}


@pytest.fixture
def known_content_types(db) -> None:
    """Django reads them once in a process: in whichever test comes first."""
    ContentType.objects.get_for_models(*LISTS)


@pytest.mark.usefixtures("known_content_types")
@pytest.mark.parametrize("count", [1, 3, 30])
@pytest.mark.parametrize("model", LISTS)
def test_number_of_queries_of_a_list_does_not_grow(admin_client, django_assert_num_queries, model, count):
    make, queries = LISTS[model]
    make(count)

    with django_assert_num_queries(queries):
        response = admin_client.get(page_url(model, "changelist"))

    assert len(response.context["cl"].result_list) == model.objects.count() >= count


@pytest.mark.usefixtures("known_content_types")
@pytest.mark.parametrize("count", [1, 3, 30])
def test_number_of_queries_of_a_draft_does_not_grow(admin_client, django_assert_num_queries, count):
    draft = make_draft()
    picture = Picture.objects.create(alt="A liver", width=640, height=480, widths=[640])
    sections = [Section(heading=f"Why {number}?", picture=picture) for number in range(count)]
    workflow.write_draft(draft, {}, sections, [(Source(citation=f"Book {number}"), number) for number in range(count)])

    with django_assert_num_queries(10):
        response = admin_client.get(change_url(draft))

    assert f'name="sections-{count - 1}-heading"' in response.content.decode()


@pytest.mark.usefixtures("known_content_types")
@pytest.mark.parametrize("count", [1, 3, 30])
def test_number_of_queries_of_an_article_does_not_grow(admin_client, django_assert_num_queries, count):
    article = make_published().article
    for _number in range(count - 1):
        take_live(workflow.open_draft(article))

    with django_assert_num_queries(11):
        response = admin_client.get(change_url(article))

    assert len(response.context["revisions"]) == count


@pytest.mark.usefixtures("known_content_types")
@pytest.mark.parametrize("count", [1, 3, 30])
def test_number_of_queries_of_a_condition_does_not_grow(admin_client, django_assert_num_queries, count):
    condition = make_condition("Asthma")
    condition.specialties.set([make_specialty(f"Surgery {number}") for number in range(count)])
    condition.treatments.set([make_treatment(f"Rest {number}") for number in range(count)])
    condition.related.set([make_condition(f"Gout {number}") for number in range(count)])

    with django_assert_num_queries(12):
        response = admin_client.get(change_url(condition))

    assert f"Gout {count - 1}" in read(response).text


@pytest.mark.usefixtures("known_content_types")
@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_of_the_first_page_does_not_grow(admin_client, django_assert_num_queries, count):
    for number in range(count):
        make_draft(make_condition(f"Draft {number}"))
        make_in_review(make_condition(f"Review {number}"))
        make_approved(make_condition(f"Approved {number}"))
        make_published(make_condition(f"Live {number}"), reviewed_on=LONG_AGO, review_due=YESTERDAY)

    with django_assert_num_queries(19):
        response = admin_client.get("/admin/")

    page = read(response)
    assert len([link for link in page.all("a") if "/revision/" in link["href"] and "/change/" in link["href"]]) == (
        4 * count
    )


@pytest.mark.usefixtures("known_content_types")
@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_of_a_comparison_does_not_grow(admin_client, django_assert_num_queries, count):
    draft = make_draft()
    for _twice in range(2):
        sections = [Section(heading=f"Why {number}?", body="<p>So.</p>") for number in range(count)]
        sources = [(Source(citation=f"Book {number}"), number) for number in range(count)]
        workflow.write_draft(draft, {}, sections, sources)
        take_live(draft)
        draft = workflow.open_draft(draft.article)

    with django_assert_num_queries(9):
        response = admin_client.get(page_url(Article, "compare", draft.article_id), {"old": "1", "new": "2"})

    assert len(response.context["comparison"].sections) == count
